"""Who gains, who loses, and why?"""

from detente.outcomes.attribution import Attribution, attribution
from detente.outcomes.decomposition import (
    Split,
    first_order_split,
    income_and_price_split,
    symmetric_split,
)
from detente.outcomes.labelled import COLUMNS, Labelled, long_table
from detente.outcomes.state import State, baseline_state, state_of
from detente.outcomes.table import Outcomes, outcomes

__all__ = [
    "COLUMNS",
    "Attribution",
    "Labelled",
    "Outcomes",
    "Split",
    "State",
    "attribution",
    "baseline_state",
    "first_order_split",
    "income_and_price_split",
    "long_table",
    "outcomes",
    "state_of",
    "symmetric_split",
]
