"""Which of the named variants of the model is to be solved?"""

from __future__ import annotations

from dataclasses import dataclass

from detente.errors import InputError, UnknownNameError, check_kind
from detente.world.accounts import CLOSURES
from detente.world.model import World

__all__ = ["LABOUR_REGIMES", "NUMERAIRES", "Specification", "specification_or_default"]

#: How workers move between sectors.
LABOUR_REGIMES = ("mobile", "specific", "roy")
#: Largest elasticity of labour supply or between inputs: it multiplies the rounding of prices.
MOST_ELASTIC = 100.0
#: An elasticity between inputs this near to one is one: the nest divides by what is missing.
NEARLY_ONE = 1e-4
#: What nominal values are measured in. An economy's code stands for its wage.
NUMERAIRES = ("world value added", "world labour income")


@dataclass(frozen=True)
class Specification:
    r"""Closure, labour market, technology and numeraire, by name.

    Attributes
    ----------
    closure
        External account: "balanced", "fixed-transfer", "proportional", "given",
        "trade-balance"; None takes the world's own.
    labour
        "mobile" across sectors; "specific" to its sector (the short run); "roy", in between,
        after Galle, Rodríguez-Clare and Yi (2023).
    roy_elasticity
        :math:`\zeta > 1`, for labour="roy" only: towards 1 workers stay, towards infinity
        they move freely.
    labour_supply_elasticity
        :math:`0 \le \varepsilon \le 100`: labour supplied is
        :math:`(\hat w/\hat P)^{\varepsilon}`.
    input_elasticity
        :math:`\eta`, elasticity of substitution among labour and inputs; 1 is Cobb-Douglas,
        below 1 the short run in which inputs complement each other; at most 100.
    scale
        False switches external scale economies off (:math:`\psi = 0`).
    numeraire
        "world value added", "world labour income", or an economy's code for its (mean) wage.

    Examples
    --------
    >>> Specification(labour="specific").labour
    'specific'
    """

    closure: str | None = None
    labour: str = "mobile"
    roy_elasticity: float | None = None
    labour_supply_elasticity: float = 0.0
    input_elasticity: float = 1.0
    scale: bool = True
    numeraire: str = "world value added"

    def __post_init__(self) -> None:
        if self.closure is not None and self.closure not in CLOSURES:
            raise UnknownNameError("closure", self.closure, CLOSURES, where="Specification")
        if self.labour not in LABOUR_REGIMES:
            raise UnknownNameError("labour regime", self.labour, LABOUR_REGIMES, "Specification")
        if self.labour == "roy" and not 1 < (self.roy_elasticity or 0) < float("inf"):
            raise InputError(
                'Specification: labour="roy" needs a finite roy_elasticity above 1 (near 1 is '
                '"specific", large is "mobile").'
            )
        if self.labour != "roy" and self.roy_elasticity is not None:
            raise InputError('Specification: roy_elasticity is meant for labour="roy".')
        if not 0 <= self.labour_supply_elasticity <= MOST_ELASTIC:
            raise InputError(
                f"Specification: labour_supply_elasticity is {self.labour_supply_elasticity:g}; it "
                f"must be zero or positive, at most {MOST_ELASTIC:g} (estimates lie below 3)."
            )
        eta = self.input_elasticity
        if not 0 < eta <= MOST_ELASTIC or 0 < abs(eta - 1) < NEARLY_ONE:
            raise InputError(
                f"Specification: input_elasticity is {eta!r}; it must be positive, at most "
                f"{MOST_ELASTIC:g}, and 1 itself rather than within {NEARLY_ONE:g} of it."
            )

    def closure_of(self, world: World) -> str:
        """The closure that applies: the one named here, else the world's."""
        return self.closure or world.closure

    def check_fits(self, world: World) -> None:
        """Refuse a numeraire that is neither a known name nor an economy of the world."""
        if self.numeraire not in NUMERAIRES and self.numeraire not in world.economies:
            raise UnknownNameError(
                "numeraire",
                self.numeraire,
                (*NUMERAIRES, *world.economies),
                where="Specification",
                hint="An economy's code stands for its wage.",
            )


def specification_or_default(given: Specification | None) -> Specification:
    """The specification that was given; the default where none was.

    Raises
    ------
    InputError
        It is something else.
    """
    if given is None:
        return Specification()
    check_kind(given, Specification, "specification", 'Specification(closure="balanced")')
    return given
