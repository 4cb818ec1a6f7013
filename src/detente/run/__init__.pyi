from .engine import Overrides as Overrides
from .game import open_game as open_game
from .meeting import PACKAGES as PACKAGES, meet as meet
from .results import Results as Results
from .run import Run as Run, run_case as run_case
