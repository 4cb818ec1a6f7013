"""Which prices and quantities clear every market?"""

from detente.equilibrium.adjoint import gradient
from detente.equilibrium.batch import Batch, solve_batch
from detente.equilibrium.certificate import Certificate, Gap
from detente.equilibrium.multiplicity import jacobian_signs, other_equilibria
from detente.equilibrium.rebase import rebase
from detente.equilibrium.result import Equilibrium, SolverState
from detente.equilibrium.solve import solve
from detente.equilibrium.specification import Specification

__all__ = [
    "Batch",
    "Certificate",
    "Equilibrium",
    "Gap",
    "SolverState",
    "Specification",
    "gradient",
    "jacobian_signs",
    "other_equilibria",
    "rebase",
    "solve",
    "solve_batch",
]
