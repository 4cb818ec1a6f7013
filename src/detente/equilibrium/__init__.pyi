from .adjoint import gradient as gradient
from .batch import Batch as Batch, solve_batch as solve_batch
from .certificate import Certificate as Certificate, Gap as Gap
from .multiplicity import other_equilibria as other_equilibria
from .rebase import rebase as rebase
from .result import Equilibrium as Equilibrium
from .solve import solve as solve
from .specification import LABOUR_REGIMES as LABOUR_REGIMES, Specification as Specification
