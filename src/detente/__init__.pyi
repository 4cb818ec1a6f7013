__version__: str

from .case import CaseFile as CaseFile, load_case as load_case
from .equilibrium import (
    Equilibrium as Equilibrium,
    Specification as Specification,
    gradient as gradient,
    rebase as rebase,
    solve as solve,
    solve_batch as solve_batch,
)
from .errors import DetenteError as DetenteError
from .games import bargain as bargain, best_reply as best_reply, trade_war as trade_war
from .measures import (
    ExportTax as ExportTax,
    ImportBan as ImportBan,
    ProductionSubsidy as ProductionSubsidy,
    Quota as Quota,
    Shock as Shock,
    Tariff as Tariff,
)
from .outcomes import Outcomes as Outcomes, outcomes_of as outcomes_of
from .run import run_case as run_case
from .scenario import Scenario as Scenario, compile_scenario as compile_scenario
from .talks import run_talks as run_talks
from .uncertainty import Ensemble as Ensemble, ensemble as ensemble
from .world import (
    World as World,
    check_accounts as check_accounts,
    list_worlds as list_worlds,
    load_world as load_world,
)
