"""What would each government choose?"""

from detente.games.arena import Arena, Policies
from detente.games.best_reply import BestReply, Player, best_replies, best_reply
from detente.games.coalitions import (
    Coalition,
    CoalitionGame,
    coalition_game,
    coalition_player,
)
from detente.games.cooperation import (
    Agreement,
    Threat,
    bargain,
    efficient,
    equal_gain,
    frontier,
    kalai_smorodinsky,
    nash_product,
    split,
    threat_point,
    utilitarian,
)
from detente.games.enforcement import (
    Enforcement,
    critical_discount_factors,
    enforce,
    free_trade,
    most_cooperative,
)
from detente.games.from_case import Deals, GameResults, PayoffMap, War, payoff_map
from detente.games.industrial_policy import IndustrialRace, ScaleArena, industrial_policy_race
from detente.games.objectives import (
    GovernmentWelfare,
    MixedObjective,
    Objective,
    OutcomeObjective,
)
from detente.games.revealed_weights import RevealedWeights, revealed_weights
from detente.games.strategies import Strategy, StrategySpace
from detente.games.trade_war import Round, TradeWar, staircase, trade_war

__all__ = [
    "Agreement",
    "Arena",
    "BestReply",
    "Coalition",
    "CoalitionGame",
    "Deals",
    "Enforcement",
    "GameResults",
    "GovernmentWelfare",
    "IndustrialRace",
    "MixedObjective",
    "Objective",
    "OutcomeObjective",
    "PayoffMap",
    "Player",
    "Policies",
    "RevealedWeights",
    "Round",
    "ScaleArena",
    "Strategy",
    "StrategySpace",
    "Threat",
    "TradeWar",
    "War",
    "bargain",
    "best_replies",
    "best_reply",
    "coalition_game",
    "coalition_player",
    "critical_discount_factors",
    "efficient",
    "enforce",
    "equal_gain",
    "free_trade",
    "frontier",
    "industrial_policy_race",
    "kalai_smorodinsky",
    "most_cooperative",
    "nash_product",
    "payoff_map",
    "revealed_weights",
    "split",
    "staircase",
    "threat_point",
    "trade_war",
    "utilitarian",
]
