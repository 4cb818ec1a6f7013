"""What has changed, for whom, against what?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING, Any

import numpy as np

from detente.arrays import FloatArray, Labelled, cell, long_table, those_named
from detente.equilibrium.result import Equilibrium
from detente.errors import UnknownNameError, check_kind
from detente.outcomes.activity import activity, employment_note
from detente.outcomes.decomposition import decomposition
from detente.outcomes.emissions import emissions
from detente.outcomes.endogenous_rates import endogenous_rates
from detente.outcomes.prices import prices
from detente.outcomes.revenue import measure_revenue, revenue
from detente.outcomes.state import State, baseline_state, check_comparable, state_of
from detente.outcomes.trade import trade
from detente.outcomes.welfare import welfare
from detente.wording import Note
from detente.world.model import World

if TYPE_CHECKING:
    import pandas as pd

    from detente.equilibrium import Certificate

__all__ = ["Outcomes", "outcomes_of"]

#: How many gainers and losers the text rendering names.
NAMED = 5


@dataclass(frozen=True, eq=False)
class Outcomes:
    """Everything that differs between two states of one world, labelled.

    Arrays are read by name, `result.welfare_pct` or `result["welfare_pct"]`; `result.at(...)`
    picks a cell by its codes; :meth:`table` gives all of it in long format.

    Attributes
    ----------
    world
        The baseline that was used.
    scenario, compared_with
        What was compared with what, in words.
    quantities
        Name: array with its axes and unit.
    settings
        Closure, labour market, numeraire, market structure, scale, elasticities.
    certificate
        How exactly the equilibrium was solved; None for the baseline itself.
    notes
        What a reader must know: measures priced at nothing, how employment was split.
    """

    world: World
    scenario: str
    compared_with: str
    quantities: Mapping[str, Labelled]
    settings: Mapping[str, str]
    certificate: Certificate | None
    notes: tuple[Note, ...] = ()
    date: str = ""

    def __getitem__(self, name: str) -> FloatArray:
        try:
            return self.quantities[name].values
        except KeyError:
            raise UnknownNameError("outcome", name, self.quantities) from None

    def __getattr__(self, name: str) -> FloatArray:
        if name.startswith("_") or name == "quantities":
            raise AttributeError(name)
        if name in self.quantities:
            return self.quantities[name].values
        raise AttributeError(f"Outcomes has no '{name}'; names: {', '.join(self.quantities)}")

    def __iter__(self) -> Iterator[str]:
        return iter(self.quantities)

    def at(self, name: str, **codes: str) -> FloatArray:
        """A cell, or a slice, by codes: ``at("trade_pct", importer="USA", exporter="CHN")``."""
        if name not in self.quantities:
            raise UnknownNameError("outcome", name, self.quantities)
        return cell(self.quantities[name], self.world, codes)

    def table(self, names: str | Iterable[str] | None = None) -> pd.DataFrame:
        """All outcomes, or the one or those named, as a long table.

        Columns: scenario, compared_with, metric, importer, exporter, economy, sector, date,
        quantile (blank: the central value), value, unit.
        """
        return long_table(
            (self.quantities[n].rows(self.world) for n in those_named(names, self.quantities)),
            scenario=self.scenario,
            compared_with=self.compared_with,
            date=self.date,
        )

    def to_dict(self) -> dict[str, Any]:
        """Plain lists and texts, ready for JSON; NaN becomes None."""
        return {
            "scenario": self.scenario,
            "compared_with": self.compared_with,
            "date": self.date,
            "world": self.world.name,
            "economies": list(self.world.economies),
            "sectors": list(self.world.sectors),
            "settings": dict(self.settings),
            "notes": [str(note) for note in self.notes],
            "quantities": {
                name: {
                    "metric": item.metric,
                    "axes": list(item.axes),
                    "unit": item.unit,
                    "values": _plain(item.values),
                }
                for name, item in self.quantities.items()
            },
        }

    def __str__(self) -> str:
        gain = self.quantities["welfare_pct"].values
        money = self.quantities["equivalent_variation"].values
        order = np.argsort(-gain, kind="stable")
        order = order[np.isfinite(gain[order])]
        few = order if len(order) <= 2 * NAMED else np.r_[order[:NAMED], order[-NAMED:]]
        width = max(len(code) for code in self.world.economies)
        title = f"{self.scenario or 'After the change'}, compared with "
        lines = [title + (self.compared_with or f"the world as it was ({self.world.name})")]
        lines.append(f"{'':{width}}  welfare, %   {self.world.currency} a year")
        for k in few:
            code = self.world.economies[k]
            lines.append(f"{code:{width}}  {gain[k]:+10.4f}   {money[k]:+14,.0f}")
        if len(few) < len(order):
            lines.append(f"({len(order) - len(few)} economies in between)")
        lines.append("; ".join(f"{k}: {v}" for k, v in self.settings.items()))
        return "\n".join([*lines, *map(str, self.notes)])


def _plain(values: FloatArray) -> Any:
    """Nested lists with None for NaN."""
    clean = np.asarray(values, dtype=object)
    clean[np.isnan(np.asarray(values, dtype=float))] = None
    return clean.tolist()


def compare(before: State, after: State) -> dict[str, Labelled]:
    """Every outcome of moving from one state to another, by name."""
    return {
        **welfare(before, after),
        **decomposition(before, after),
        **prices(before, after),
        **trade(before, after),
        **activity(before, after),
        **revenue(before, after),
        **emissions(before, after),
    }


def settings_of(equilibrium: Equilibrium) -> dict[str, str]:
    """The modelling choices behind an equilibrium, in words."""
    world, spec = equilibrium.world, equilibrium.specification
    scaled = spec.scale and bool(world.scale_elasticity.any())
    return {
        "closure": str(spec.closure or world.closure),
        "labour": str(spec.labour),
        "market structure": world.market_structure,
        "scale economies": "on" if scaled else "off",
        "numeraire": str(spec.numeraire),
        "elasticities": world.elasticity_set,
    } | ({} if world.year is None else {"base year": str(world.year)})


def outcomes_of(
    equilibrium: Equilibrium,
    compared_with: Equilibrium | None = None,
    scenario: str = "",
    compared_with_name: str = "",
) -> Outcomes:
    """What an equilibrium changes, against the baseline or against another equilibrium.

    Parameters
    ----------
    equilibrium
        From :func:`detente.solve`.
    compared_with
        Another equilibrium of the same world; None compares with the world as it was (with
        balanced trade, if the closure asks for it).
    scenario, compared_with_name
        What tables and texts call the two; the scenario's own name if left out.

    Raises
    ------
    InputError
        The two equilibria have different baselines or specifications.
    """
    check_kind(equilibrium, Equilibrium, "outcomes_of: equilibrium", "solve(world, ...)")
    after = state_of(equilibrium)
    if compared_with is None:
        before = baseline_state(
            equilibrium.world,
            equilibrium.specification.scale,
            equilibrium.specification.labour_supply_elasticity,
        )
    else:
        check_kind(compared_with, Equilibrium, "outcomes_of: compared_with", "solve(world, ...)")
        check_comparable(compared_with, equilibrium)
        before = state_of(compared_with)
    quantities = compare(before, after)
    paid = measure_revenue(equilibrium)
    for name, value in paid.items():
        key = f"measure_revenue:{name}"
        quantities[key] = Labelled(value, ("economy",), after.world.currency, key)
    quantities.update(endogenous_rates(equilibrium))
    notes: list[Note] = []
    if equilibrium.compiled is not None:
        notes.extend(equilibrium.compiled.notes)
        scenario = scenario or equilibrium.compiled.scenario.name
    if note := employment_note(after):
        notes.append(Note("employment", (note.removesuffix("."),)))
    for item in quantities.values():
        item.values.flags.writeable = False
    return Outcomes(
        world=equilibrium.world,
        scenario=scenario,
        compared_with=compared_with_name or ("" if compared_with else equilibrium.world.name),
        quantities=MappingProxyType(quantities),
        settings=MappingProxyType(settings_of(equilibrium)),
        certificate=equilibrium.certificate,
        notes=tuple(notes),
        date=_date_of(equilibrium),
    )


def _date_of(equilibrium: Equilibrium) -> str:
    """The date at which the measures were evaluated, ISO; blank if there is none."""
    compiled = equilibrium.compiled
    if compiled is None:
        return ""
    date = compiled.scenario.date
    return "" if date is None else str(date)
