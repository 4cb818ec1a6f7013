"""Which prices and quantities clear every market?"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from detente.equilibrium.conditions import solve_compiled
from detente.equilibrium.one_shock import solve_shock
from detente.equilibrium.rebase import balanced_baseline
from detente.equilibrium.result import Equilibrium
from detente.equilibrium.specification import Specification, specification_or_default
from detente.errors import InputError, UnknownNameError, check_kind
from detente.measures import Instrument, Shock
from detente.scenario import Scenario, compile_scenario
from detente.world.model import World, check_is_consistent

__all__ = ["METHODS", "solve"]

#: "anderson" iterates where that contracts; "continuation" follows the path of the shock.
METHODS = ("auto", "anderson", "continuation")


def solve(
    world: World,
    what: Any = None,
    *,
    specification: Specification | None = None,
    tolerance: float = 1e-10,
    method: str = "auto",
    start: Equilibrium | None = None,
    on_failure: str = "raise",
    steps: int | None = None,
    neighbour: World | None = None,
) -> Equilibrium:
    r"""The equilibrium of a world after a change.

    Parameters
    ----------
    world
        The baseline.
    what
        A :class:`~detente.measures.Shock`, a scenario compiled for this world, a
        scenario, a sequence of measures, or None for no change.
    specification
        Closure, labour market, technology, numeraire; defaults are the world's closure, mobile
        labour, Cobb-Douglas.
    tolerance
        Largest relative gap that any block of equations may show.
    method
        "anderson" (without economies of scale), "continuation" (the path of the shock, by
        Newton's method), or "auto".
    start
        A neighbouring equilibrium of the same world and specification to start from.
    steps
        Least number of steps along the path, where it is followed; the answer does not depend
        on it.
    neighbour
        A world with like baseline (a parameter draw's parent) that lends its preconditioner.
    on_failure
        "raise", or "return" to be handed what was found, whose certificate says how bad it is.
        Where the path of the shock ends early there is nothing to hand over.

    Returns
    -------
    The equilibrium with its certificate. With economies of scale it is the one joined to the
    baseline along the path of the shock.

    Raises
    ------
    ConvergenceError
        The tolerance was missed; the worst block, economy and sector are named.
    InfeasibleError
        A needed good has no source left.

    References
    ----------
    Dekle, Eaton and Kortum (2008); Caliendo and Parro (2015).

    Examples
    --------
    >>> from detente.world.model import World
    >>> from detente.measures.shock import Shock
    >>> world = World.from_arrays(
    ...     ["HOM", "FOR"], ["goods"],
    ...     sales=[[[80.0], [20.0]], [[20.0], [180.0]]], trade_elasticity=4.0)
    >>> found = solve(world, Shock.of(world, tariff=[[[0.0], [0.25]], [[0.0], [0.0]]]))
    >>> print((100 * (found.welfare_hat - 1)).round(2))
    [ 1.07 -0.95]
    """
    check_kind(world, World, "solve: world", "load_world(NAME)")
    specification = specification_or_default(specification)
    specification.check_fits(world)
    if method not in METHODS:
        raise UnknownNameError("method", method, METHODS, where="solve")
    if on_failure not in ("raise", "return"):
        raise UnknownNameError("reaction", on_failure, ("raise", "return"), where="solve")
    if not 0 < tolerance < 1e-2:
        raise InputError(f"solve: a tolerance of {tolerance:g} makes no sense; use about 1e-10.")
    check_is_consistent(world)
    compiled = None if what is None or isinstance(what, Shock) else compiled_of(world, what)
    baseline = world
    if specification.closure_of(world) == "balanced":
        baseline = balanced_baseline(world, specification)

    def solve_one(shock: Shock, near: Equilibrium | None, labels: dict[str, Any]) -> Equilibrium:
        return solve_shock(
            baseline,
            shock,
            specification,
            tolerance=tolerance,
            method=method,
            start=near,
            on_failure=on_failure,
            steps=steps,
            neighbour=neighbour,
            **labels,
        )

    if compiled is None:
        return solve_one(what if isinstance(what, Shock) else Shock.none(world), start, {})
    return solve_compiled(compiled, solve_one, start)


def compiled_of(world: World, what: Any, where: str = "solve") -> Any:
    """A scenario or measures compiled on a world; what is compiled is taken as it is."""
    if hasattr(what, "shock") and hasattr(what, "free_rates"):
        if what.world.economies != world.economies or what.world.sectors != world.sectors:
            raise InputError(
                f'{where}: the scenario was compiled for world "{what.world.name}", whose '
                f'economies or sectors differ from those of "{world.name}". Compile it again.'
            )
        return what
    several = isinstance(what, Sequence) and all(isinstance(m, Instrument) for m in what)
    if not (several or isinstance(what, (Instrument, Scenario))):
        raise InputError(
            f"{where}: cannot price {type(what).__name__} {str(what)[:40]!r}. Give a Shock, a "
            "scenario, a compiled scenario, a measure, or a list of measures."
        )
    return compile_scenario(world, what)
