"""Which measure does what?"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import combinations
from math import factorial
from typing import TYPE_CHECKING

import numpy as np

from detente.arrays import FloatArray, Labelled
from detente.equilibrium import Equilibrium, Specification, solve
from detente.errors import InputError, UnknownNameError
from detente.outcomes.state import baseline_state, state_of
from detente.outcomes.welfare import equivalent_variation, welfare_hat
from detente.progress import SILENT, Listener
from detente.world.model import World

if TYPE_CHECKING:
    from detente.scenario import CompiledScenario

__all__ = ["EXACT_UP_TO", "Attribution", "attribution", "shapley_values"]

#: Up to so many measures every subset is solved: 2^12 = 4,096 equilibria.
EXACT_UP_TO = 12
#: Orders of the measures that are sampled beyond that (each with its reverse).
SAMPLED_ORDERS = 50

Value = Callable[[frozenset[str]], FloatArray]


@dataclass(frozen=True, eq=False)
class Attribution:
    """What each measure contributes to the change of welfare; contributions sum to the total.

    Attributes
    ----------
    names
        Measures, or groups of measures.
    welfare_pct, equivalent_variation
        Contributions, [measure, economy], in percentage points of welfare and in currency.
    welfare_error, equivalent_variation_error
        Standard errors of sampling; zero if exact.
    total_welfare_pct, total_equivalent_variation
        What all measures do together, [economy].
    exact
        Whether every subset was solved.
    solved
        How many equilibria it took.
    """

    world: World
    names: tuple[str, ...]
    welfare_pct: FloatArray
    welfare_error: FloatArray
    equivalent_variation: FloatArray
    equivalent_variation_error: FloatArray
    total_welfare_pct: FloatArray
    total_equivalent_variation: FloatArray
    exact: bool
    solved: int

    def quantities(self) -> dict[str, Labelled]:
        """Labelled arrays, `attribution:<name>` in pp and `attribution_value:<name>`."""
        out: dict[str, Labelled] = {}
        for k, name in enumerate(self.names):
            for stem, array, unit in (
                ("attribution", self.welfare_pct, "pp"),
                ("attribution_value", self.equivalent_variation, self.world.currency),
            ):
                key = f"{stem}:{name}"
                out[key] = Labelled(array[k], ("economy",), unit, key)
            if not self.exact:
                key = f"attribution_error:{name}"
                out[key] = Labelled(self.welfare_error[k], ("economy",), "pp", key)
        return out


def shapley_values(
    names: Sequence[str],
    value: Value,
    *,
    exact: bool,
    orders: int = SAMPLED_ORDERS,
    seed: int = 0,
) -> tuple[FloatArray, FloatArray]:
    r"""Shapley values of `names` and their standard errors, [name, ...].

    .. math:: \phi_k = \sum_{S \not\ni k} \frac{|S|!\,(m-|S|-1)!}{m!}
              \left[v(S \cup k) - v(S)\right]

    Sampled, it is the mean over random orders, each followed by its reverse, of what k adds
    when it joins; every order sums to the total, so the mean does too.

    Parameters
    ----------
    names
        The players.
    value
        What a subset achieves. Called once for each subset that is met.

    References
    ----------
    Shapley (1953); Castro, Gómez and Tejada (2009, *Computers & Operations Research*).

    Examples
    --------
    >>> worth = {"": 0.0, "a": 1.0, "b": 2.0, "ab": 5.0}
    >>> phi, _ = shapley_values("ab", lambda s: np.array([worth["".join(sorted(s))]]), exact=True)
    >>> phi[:, 0].tolist()
    [2.0, 3.0]
    """
    known: dict[frozenset[str], FloatArray] = {}

    def v(subset: frozenset[str]) -> FloatArray:
        if subset not in known:
            known[subset] = np.asarray(value(subset), dtype=float)
        return known[subset]

    m, shape = len(names), v(frozenset()).shape
    if exact:
        phi = np.zeros((m, *shape))
        for k, name in enumerate(names):
            others = [other for other in names if other != name]
            for size in range(m):
                weight = factorial(size) * factorial(m - size - 1) / factorial(m)
                for chosen in combinations(others, size):
                    without = frozenset(chosen)
                    phi[k] += weight * (v(without | {name}) - v(without))
        return phi, np.zeros_like(phi)
    rng = np.random.default_rng(seed)
    samples = np.zeros((orders, m, *shape))
    for sample in samples:
        order = rng.permutation(m)
        for one in (order, order[::-1]):
            joined: frozenset[str] = frozenset()
            for k in one:
                before, joined = v(joined), joined | {names[k]}
                sample[k] += 0.5 * (v(joined) - before)
    error = (
        samples.std(axis=0, ddof=1) / np.sqrt(orders)
        if orders > 1
        else np.full_like(samples[0], np.nan)
    )
    return samples.mean(axis=0), error


def attribution(
    world: World,
    compiled: CompiledScenario,
    *,
    specification: Specification | None = None,
    groups: Mapping[str, Iterable[str]] | None = None,
    exact_up_to: int = EXACT_UP_TO,
    orders: int = SAMPLED_ORDERS,
    seed: int = 0,
    solver: Callable[..., Equilibrium] = solve,
    listener: Listener = SILENT,
) -> Attribution:
    """Shapley attribution of welfare to the measures of a scenario.

    Measures interact: a tariff hurts less where another has already shut the trade. The Shapley
    value averages what a measure adds over all orders in which the measures could have come, so
    that contributions sum to the whole and equal measures get equal shares. Rules that answer
    other measures (a mirror duty) are players like any other: without what they answer they do
    nothing.

    Parameters
    ----------
    world, compiled
        What is solved; the subsets are `compiled.without(...)`.
    groups
        Name: measures that come and go together. Measures in no group stand alone.
    exact_up_to
        With more players than this, orders are sampled and standard errors given.
    orders, seed
        How many random orders (each with its reverse), and the seed.
    solver
        Called as solver(world, compiled, specification=...).
    listener
        Told how many subsets are solved, of how many at most.

    Raises
    ------
    UnknownNameError
        A group names a measure that the scenario does not have.
    """
    present = [m for k, m in enumerate(compiled.measure_ids) if k not in compiled.removed]
    players = _players(present, groups)
    options = {} if specification is None else {"specification": specification}
    everything = [m for members in players.values() for m in members]
    solved = 0

    def value(subset: frozenset[str]) -> FloatArray:
        nonlocal solved
        kept = {m for name in subset for m in players[name]}
        absent = [m for m in everything if m not in kept]
        equilibrium = solver(world, compiled.without(absent) if absent else compiled, **options)
        solved += 1
        listener.count("which measure does what", min(solved, most), most)
        after = state_of(equilibrium)
        before = baseline_state(
            equilibrium.world,
            equilibrium.specification.scale,
            equilibrium.specification.labour_supply_elasticity,
        )
        gain = 100 * (welfare_hat(before, after) - 1)
        return np.stack([gain, equivalent_variation(before, after)])

    names = tuple(players)
    exact = len(names) <= exact_up_to
    if not names:
        raise InputError("attribution: the scenario has no measure.")
    most = 2 ** len(names) if exact else 2 * orders * (len(names) - 1) + 2
    memo: dict[frozenset[str], FloatArray] = {}

    def remembered(subset: frozenset[str]) -> FloatArray:
        if subset not in memo:
            memo[subset] = value(subset)
        return memo[subset]

    phi, error = shapley_values(names, remembered, exact=exact, orders=orders, seed=seed)
    total = remembered(frozenset(names)) - remembered(frozenset())
    return Attribution(
        world=world,
        names=names,
        welfare_pct=phi[:, 0],
        welfare_error=error[:, 0],
        equivalent_variation=phi[:, 1],
        equivalent_variation_error=error[:, 1],
        total_welfare_pct=total[0],
        total_equivalent_variation=total[1],
        exact=exact,
        solved=solved,
    )


def _players(
    measures: Sequence[str], groups: Mapping[str, Iterable[str]] | None
) -> dict[str, tuple[str, ...]]:
    """Groups as given, then every measure that is in none."""
    players = {name: tuple(members) for name, members in (groups or {}).items()}
    taken: set[str] = set()
    for name, members in players.items():
        for member in members:
            if member not in measures:
                raise UnknownNameError("measure", member, measures, where=f'group "{name}"')
            if member in taken:
                raise InputError(f'attribution: measure "{member}" is in two groups.')
            taken.add(member)
    players.update({m: (m,) for m in measures if m not in taken})
    return players
