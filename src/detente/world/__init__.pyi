from .accounts import (
    CLOSURES as CLOSURES,
    Accounts as Accounts,
    check_accounts as check_accounts,
)
from .aggregate import aggregate as aggregate
from .cleaning import Repair as Repair
from .elasticities import (
    ElasticityStudies as ElasticityStudies,
    elasticity_studies as elasticity_studies,
    with_elasticities as with_elasticities,
)
from .model import World as World, check_is_consistent as check_is_consistent
from .shipped import (
    WorldLabels as WorldLabels,
    list_worlds as list_worlds,
    load_world as load_world,
    shipped_descriptor as shipped_descriptor,
    world_labels as world_labels,
)
from .storage import save_world as save_world
from .tables import world_from_tables as world_from_tables
