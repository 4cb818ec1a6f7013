"""What has a run found, in one value that every renderer reads?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from detente.quantities import COLUMNS
from detente.wording import PRINCIPALS, Note, short_name

if TYPE_CHECKING:
    import pandas as pd

    from detente.games.play import Deals, War
    from detente.measures import Instrument
    from detente.talks import TalksResults

LOW, MID, HIGH = 0.05, 0.5, 0.95
#: Everyone but the principals, in the names of sums over economies.
THIRD = "third countries"


#: The model choices of the headline itself, among those of `choices`.
AS_REPORTED = "as reported"


@dataclass(frozen=True)
class PackageFacts:
    """One package of measures; compared with another one, "world", or "" for the case's own."""

    id: str
    title: str
    measures: tuple[str, ...] = ()
    note: str = ""
    compared_with: str = ""


@dataclass(frozen=True)
class NotShown:
    """Something that a run could not show.

    Attributes
    ----------
    kind
        What was tried: "package", "measure", "attribution", "attribution to a comparison",
        "choice", "game", "ranges", or "end" where the run was stopped before it.
    name
        Which of its kind.
    reason
        Message of the error that came instead.
    """

    kind: str
    name: str = ""
    reason: str = ""


@dataclass(frozen=True)
class NotPriced:
    """Something the case knows about and the model cannot price."""

    title: str
    why: str
    source: str = ""


@dataclass(frozen=True)
class ModelFacts:
    """The assumptions behind every number."""

    world: str
    year: int | None = None
    economies: int = 0
    sectors: int = 0
    closure: str = ""
    labour: str = "mobile"
    market_structure: str = "competitive"
    scale: bool = False
    elasticity_set: str = ""
    numeraire: str = ""
    currency: str = "USD million"

    @property
    def horizon(self) -> str:
        """Long or short run, which is a matter of the labour regime."""
        return {"mobile": "long run", "specific": "short run", "roy": "medium run"}.get(
            self.labour, "long run"
        )


@dataclass(frozen=True)
class Draws:
    """How the ranges came about.

    Attributes
    ----------
    failures
        Number of a draw and why it found no equilibrium.
    studies
        References for the spread of trade elasticities; empty where they follow the set in use.
    common_variance
        Share of their variance that all sectors have in common.
    """

    asked: int = 0
    finished: int = 0
    failed: int = 0
    seed: int | None = None
    interrupted: bool = False
    failures: tuple[tuple[int, str], ...] = ()
    parameters: tuple[str, ...] = ()
    studies: tuple[str, ...] = ()
    common_variance: float = 0.0


@dataclass(frozen=True)
class Results:
    """Everything a run has found. Tables are long, with :data:`COLUMNS`.

    Attributes
    ----------
    headline
        The headline package: central values (quantile blank) and quantiles where drawn.
    packages
        Central values of every package; `scenario` is its id.
    alone
        Central values of each measure of the case taken alone; `scenario` is its id.
    choices
        The headline under other model choices; `scenario` says which: ``closure=balanced``.
    drivers
        The headline with one parameter at a time at its low and high draw (quantile 0.05 and
        0.95); `scenario` is the parameter in words.
    same_sign
        Share of finished draws whose sign is that of the central value: metric, economy, value.
    tariff_path
        Average tariffs by date, where the world ships them: importer, exporter, date, value.
    sources, repairs, bases
        What the descriptor of the world says: where its data are from, what was repaired, how
        they are to be read.
    elasticity_titles
        Titles of the world's elasticity sets.
    problems
        What could not be shown, and why.
    war, deals
        What the [game] section of the case comes to; None where it has none.
    talks
        What was found about the case's meeting; None where it has none.
    """

    case: str
    title: str
    question: str
    background: str
    headline_id: str
    headline_title: str
    compared_with: str
    date: str
    model: ModelFacts
    headline: pd.DataFrame
    packages: pd.DataFrame | None = None
    alone: pd.DataFrame | None = None
    choices: pd.DataFrame | None = None
    drivers: pd.DataFrame | None = None
    same_sign: pd.DataFrame | None = None
    tariff_path: pd.DataFrame | None = None
    measures: tuple[Instrument, ...] = ()
    all_measures: tuple[Instrument, ...] = ()
    package_facts: tuple[PackageFacts, ...] = ()
    not_priced: tuple[NotPriced, ...] = ()
    notes: tuple[Note, ...] = ()
    draws: Draws = field(default_factory=Draws)
    economy_names: Mapping[str, str] = field(default_factory=dict)
    sector_names: Mapping[str, str] = field(default_factory=dict)
    groups: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    employment: Mapping[str, float] = field(default_factory=dict)
    employment_basis: str = ""
    sources: tuple[Mapping[str, Any], ...] = ()
    repairs: tuple[Mapping[str, Any], ...] = ()
    bases: Mapping[str, str] = field(default_factory=dict)
    elasticity_titles: Mapping[str, str] = field(default_factory=dict)
    provenance: Mapping[str, Any] = field(default_factory=dict)
    problems: tuple[NotShown, ...] = ()
    war: War | None = None
    deals: Deals | None = None
    talks: TalksResults | None = None

    # ---- reading the tables --------------------------------------------------------------

    def economy(self, code: str) -> str:
        """Short display name of an economy."""
        return short_name(self.economy_names.get(code, code))

    def sector(self, code: str) -> str:
        """Display name of a sector."""
        return short_name(self.sector_names.get(code, code))

    def measure_title(self, measure: str) -> str:
        """Title of a measure; its id where it has none."""
        known = (*self.measures, *self.all_measures)
        return next((m.title or m.id for m in known if m.id == measure), measure)

    def package_title(self, package: str) -> str:
        """Title of a package; its id where it has none."""
        return next((p.title or p.id for p in self.package_facts if p.id == package), package)

    @property
    def principals(self) -> tuple[str, ...]:
        """The two economies in the foreground.

        USA and CHN where the headline's measures involve both or name nobody else; otherwise the
        acting economy and the partner with most money at stake; else the two hit hardest.
        """
        rows = rows_of(self.headline, "welfare_pct")
        present = list(rows["economy"])
        chosen = self._parties(present)
        if len(chosen) < 2:
            chosen = [code for code in PRINCIPALS if code in present]
        if len(chosen) < 2:
            order = rows.assign(size=rows["value"].abs()).sort_values("size", ascending=False)
            chosen += [code for code in order["economy"] if code not in chosen]
        return tuple(chosen[:2])

    def _parties(self, present: Sequence[str]) -> list[str]:
        """Who acts and on whom, one economy each; empty where USA and CHN say it as well."""
        acting = [e for m in self.measures for e in self._members(m.by, present)]
        meant = [e for m in self.measures for e in self._members(m.partners, present)]
        if not acting or set(PRINCIPALS) <= {*acting, *meant} or {*acting, *meant} <= {*PRINCIPALS}:
            return []
        money = rows_of(self.headline, "equivalent_variation", sector="")
        stake = dict(zip(money["economy"], money["value"].abs(), strict=True))
        first = max(acting, key=lambda e: stake.get(e, 0.0))
        others = [e for e in meant if e not in acting] or [e for e in present if e not in acting]
        return [first, max(others, key=lambda e: stake.get(e, 0.0))] if others else []

    def _members(self, names: Sequence[str], present: Sequence[str]) -> list[str]:
        """Economies behind names; "all" and "all others" are everyone."""
        out: list[str] = []
        for name in names:
            members = present if name in ("all", "all others") else self.groups.get(name, (name,))
            out += [code for code in members if code in present]
        return out

    @property
    def acting_groups(self) -> tuple[str, ...]:
        """Groups in whose name a principal acts, such as the EU27 where it is Germany."""
        named = {name for m in self.measures for name in m.by if name in self.groups}
        return tuple(sorted(g for g in named if set(self.groups[g]) & set(self.principals[:1])))

    @property
    def involved(self) -> frozenset[str]:
        """The principals and the groups that act with them: everyone else is a third country."""
        members = (code for g in self.acting_groups for code in self.groups[g])
        return frozenset((*self.principals, *members))

    @property
    def has_ranges(self) -> bool:
        """True when the headline carries quantiles."""
        return bool(self.headline["quantile"].notna().any())


def rows_of(
    table: pd.DataFrame, metric: str | Sequence[str], quantile: float | None = None, **at: str
) -> pd.DataFrame:
    """Rows of one metric: central values, or those of one quantile; further columns fixed.

    Totals over importers, exporters or sectors are the rows where that column is blank, so a
    fixed column given as "" keeps only those.
    """
    wanted = [metric] if isinstance(metric, str) else list(metric)
    mask = table["metric"].isin(wanted)
    if quantile is None:
        mask &= table["quantile"].isna()
    else:
        mask &= (table["quantile"] - quantile).abs() < 1e-9
    for column, code in at.items():
        mask &= table[column].fillna("") == code
    return table[mask]


def value_of(
    table: pd.DataFrame | None, metric: str, quantile: float | None = None, **at: str
) -> float | None:
    """One number of a long table; None where there is none or it is missing.

    Columns that are not named must be blank, so a total is never mistaken for a part.
    """
    if table is None:
        return None
    fixed = dict.fromkeys(("importer", "exporter", "economy", "sector"), "") | at
    found = rows_of(table, metric, quantile, **fixed)["value"].dropna()
    return float(found.iloc[0]) if len(found) else None


def unit_of(table: pd.DataFrame, metric: str, default: str = "") -> str:
    """The unit that a metric is stated in."""
    found = table.loc[table["metric"] == metric, "unit"]
    return str(found.iloc[0]) if len(found) else default


def normal(table: pd.DataFrame) -> pd.DataFrame:
    """The table with blanks as "" in label columns and NaN in numbers, columns in order."""
    import pandas as pd

    out = table.reindex(columns=list(COLUMNS)).copy()
    for column in ("importer", "exporter", "economy", "sector", "date", "unit", "scenario"):
        text = out[column].astype(object)
        out[column] = text.where(text.notna(), "").astype(str)
    out["compared_with"] = out["compared_with"].astype(object).fillna("").astype(str)
    out["quantile"] = pd.to_numeric(out["quantile"], errors="coerce")
    out["value"] = pd.to_numeric(out["value"], errors="coerce")
    return out
