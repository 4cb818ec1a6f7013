"""What deal could they sign, and how will the meeting end?"""

from detente.talks.agenda import Agenda, read_talks
from detente.talks.answers import Answer, answers
from detente.talks.bargaining import (
    BargainingPoint,
    alternating_offers,
    egalitarian,
    finite_offers,
    kalai_smorodinsky,
    nash,
    utilitarian,
)
from detente.talks.beliefs import ToneModel, posterior_from_table, posterior_unwilling
from detente.talks.clock import AttritionEquilibrium, concession_rates, reputation_clock
from detente.talks.enforcement import LinearTariffGame, critical_discount, is_self_enforcing
from detente.talks.frontier import convex_frontier, pareto_frontier
from detente.talks.ground import Ground, Stand, stand_at
from detente.talks.meeting import TalksResults, run_talks
from detente.talks.outcome import Horizon, look_ahead
from detente.talks.play import Play, play
from detente.talks.price_table import PriceTable, price_packages, request_of
from detente.talks.ratification import agenda_setter, ratification_probability, support
from detente.talks.section import Judgement, TalksSection
from detente.talks.statements import Hit, Reading, read_statement
from detente.talks.table_round import OUTCOMES, RoundResult, play_out
from detente.talks.third_parties import voting_power
from detente.talks.threats import crisis_signalling, disagreement_value
from detente.talks.timing import value_of_talking, waiting_threshold
from detente.talks.zopa import Zopa, linkage_value, zone_of_agreement

__all__ = [
    "OUTCOMES",
    "Agenda",
    "Answer",
    "AttritionEquilibrium",
    "BargainingPoint",
    "Ground",
    "Hit",
    "Horizon",
    "Judgement",
    "LinearTariffGame",
    "Play",
    "PriceTable",
    "Reading",
    "RoundResult",
    "Stand",
    "TalksResults",
    "TalksSection",
    "ToneModel",
    "Zopa",
    "agenda_setter",
    "alternating_offers",
    "answers",
    "concession_rates",
    "convex_frontier",
    "crisis_signalling",
    "critical_discount",
    "disagreement_value",
    "egalitarian",
    "finite_offers",
    "is_self_enforcing",
    "kalai_smorodinsky",
    "linkage_value",
    "look_ahead",
    "nash",
    "pareto_frontier",
    "play",
    "play_out",
    "posterior_from_table",
    "posterior_unwilling",
    "price_packages",
    "ratification_probability",
    "read_statement",
    "read_talks",
    "reputation_clock",
    "request_of",
    "run_talks",
    "stand_at",
    "support",
    "utilitarian",
    "value_of_talking",
    "voting_power",
    "waiting_threshold",
    "zone_of_agreement",
]
