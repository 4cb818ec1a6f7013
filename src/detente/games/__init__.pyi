from .arena import Arena as Arena
from .best_reply import BestReply as BestReply, Player as Player, best_reply as best_reply
from .coalitions import (
    Coalition as Coalition,
    CoalitionGame as CoalitionGame,
    coalition_game as coalition_game,
)
from .cooperation import (
    Agreement as Agreement,
    Threat as Threat,
    bargain as bargain,
    efficient as efficient,
    equal_gain as equal_gain,
    frontier as frontier,
    kalai_smorodinsky as kalai_smorodinsky,
    nash_product as nash_product,
    split as split,
    threat_point as threat_point,
    utilitarian as utilitarian,
)
from .enforcement import (
    Enforcement as Enforcement,
    critical_discount_factors as critical_discount_factors,
    enforce as enforce,
    most_cooperative as most_cooperative,
)
from .game import Game as Game, Government as Government, Strategy as Strategy
from .industrial_policy import (
    IndustrialRace as IndustrialRace,
    industrial_policy_race as industrial_policy_race,
)
from .objectives import GovernmentWelfare as GovernmentWelfare, Objective as Objective
from .payoff_map import PayoffMap as PayoffMap, payoff_map as payoff_map
from .play import Deals as Deals, War as War, deals as deals, war as war
from .policies import Policies as Policies
from .revealed_weights import (
    RevealedWeights as RevealedWeights,
    revealed_weights as revealed_weights,
)
from .strategies import StrategySpace as StrategySpace
from .trade_war import (
    Round as Round,
    TradeWar as TradeWar,
    staircase as staircase,
    trade_war as trade_war,
)
