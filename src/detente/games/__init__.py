"""What would each government choose?"""

from detente.games.arena import Arena, Policies
from detente.games.best_reply import BestReply, Player, best_replies, best_reply
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
from detente.games.objectives import Objective
from detente.games.strategies import Strategy, StrategySpace
from detente.games.trade_war import Round, TradeWar, staircase, trade_war

__all__ = [
    "Agreement",
    "Arena",
    "BestReply",
    "Objective",
    "Player",
    "Policies",
    "Round",
    "Strategy",
    "StrategySpace",
    "Threat",
    "TradeWar",
    "bargain",
    "best_replies",
    "best_reply",
    "efficient",
    "equal_gain",
    "frontier",
    "kalai_smorodinsky",
    "nash_product",
    "split",
    "staircase",
    "threat_point",
    "trade_war",
    "utilitarian",
]
