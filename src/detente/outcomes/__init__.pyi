from .attribution import Attribution as Attribution, attribution as attribution
from .decomposition import Split as Split
from .table import Outcomes as Outcomes, outcomes_of as outcomes_of
