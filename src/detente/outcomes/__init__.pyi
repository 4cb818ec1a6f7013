from .attribution import Attribution as Attribution, attribution as attribution
from .decomposition import (
    Split as Split,
    first_order_split as first_order_split,
    income_and_price_split as income_and_price_split,
    symmetric_split as symmetric_split,
)
from .state import State as State, baseline_state as baseline_state, state_of as state_of
from .table import Outcomes as Outcomes, outcomes_of as outcomes_of
