"""Under which conditions is the package tried? Axes checked, ranks and kinds never mixed unsaid.

Stands above `src` and `tests`, since it must be read before any module of the package is imported,
those whose examples are run included.
"""

from __future__ import annotations

import os

from jaxtyping import install_import_hook

#: Every call in these is held against the types and axes that its signature names.
CHECKED = [
    "detente.equilibrium",
    "detente.games",
    "detente.outcomes",
]

install_import_hook(CHECKED, "beartype.beartype")
# in the environment, so that JAX is imported only by tests that need it
os.environ["JAX_NUMPY_RANK_PROMOTION"] = "raise"
os.environ["JAX_NUMPY_DTYPE_PROMOTION"] = "strict"
