"""Which tables let a reader check every number of a meeting?

Three of them: chances (`talks`, see :mod:`detente.report.tables.talks_chances`), one row for each
package (`talks_packages`), and the prices behind the packages (`talks_prices`). The first and the
last are long like every other table; packages are wide, and are written so that numbers read back
exactly as they were.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.quantities import unit
from detente.report.tables.talks_chances import WORTH, talks_table
from detente.run.results import COLUMNS
from detente.talks.frontier import convex_frontier, pareto_frontier
from detente.talks.ground import WAR
from detente.talks.table_round import OUTCOMES, joint_share, kind_of
from detente.talks.worth import TERMS, economy_term
from detente.talks.zopa import deviation_gains

if TYPE_CHECKING:
    import pandas as pd

    from detente.talks.meeting import TalksResults

__all__ = [
    "Column",
    "package_columns",
    "price_row",
    "talks_packages",
    "talks_prices",
    "talks_table",
]

#: Between several names in one cell.
AND = "; "
#: Up to so many equilibria are written with trade by pair and jobs by sector; of more, only those
#: behind the status quo, the named packages, the points and the situations are.
MOST_DETAILED = 300


# ---- packages ----------------------------------------------------------------------------


@dataclass(frozen=True, eq=False)
class Column:
    """One column of the table of packages.

    Attributes
    ----------
    name
        What comes after a colon is the issue or the side.
    type
        As in a data package: integer, number, boolean or string.
    meaning
        One sentence; unit in brackets.
    """

    name: str
    type: str
    meaning: str
    values: Any

    @property
    def field(self) -> dict[str, str]:
        """The column in the schema of a data package."""
        return {"name": self.name, "type": self.type, "description": self.meaning}


def price_row(row: int) -> str:
    """Name of one equilibrium in the table of prices.

    Examples
    --------
    >>> price_row(7)
    'p0007'
    """
    return f"p{row:04d}"


def package_columns(r: TalksResults) -> list[Column]:
    """The columns of the table of packages, one row a package in the order of their numbers."""
    ground, agenda, now = r.ground, r.ground.agenda, r.horizon.now
    stand, valid, size = now.stand, r.ground.valid, r.ground.agenda.size
    moved = agenda.moves.sum(axis=1)
    answered = {reply.package: reply.gain for reply in r.replies if reply.gain is not None}

    def number(values: ArrayLike) -> NDArray[np.float64]:
        """Missing where the package has no price."""
        out: NDArray[np.float64] = np.where(valid, np.asarray(values, dtype=float), np.nan)
        return out + 0.0  # no negative zeros

    out = [
        Column("package", "integer", "Number of the package.", np.arange(size)),
        Column(
            "price_row",
            "string",
            "The equilibrium behind the package: a scenario of talks_prices.",
            [price_row(k) for k in ground.table.request.row_of.tolist()],
        ),
    ]
    for k, issue in enumerate(agenda.issues):
        ids = np.array([x.id for x in issue.levels], dtype=object)
        words = "Level of the issue" + (
            "; alone it is an agreement to talk on." if issue.talk_only else "."
        )
        out.append(Column(f"issue:{issue.id}", "string", words, ids[agenda.levels[:, k]]))
    out += [
        Column("issues_moved", "integer", "How many issues the package changes.", moved),
        Column("priced", "boolean", "Whether an equilibrium was found.", valid),
    ]
    for k, side in enumerate(r.sides):
        terms = stand.terms[k].terms
        war = stand.fought[WAR][k]
        breach = deviation_gains(agenda, stand.worth[0, :, k], r.ground.sides[k].performed)
        tariffs = np.full(size, np.nan)
        for package, gains in answered.items():
            tariffs[package] = gains[k]
        packages: list[tuple[str, str, ArrayLike]] = [
            ("worth", f"Worth to a willing side [{WORTH}].", stand.worth[0, :, k]),
            ("worth_unwilling", f"Worth to an unwilling side [{WORTH}].", stand.worth[1, :, k]),
        ]
        for t, term in enumerate(TERMS):
            note = ", in the worth of an unwilling side only" if term == "relative gains" else ""
            text = f"Term of worth: {term}{note} [{WORTH}]."
            packages.append((term.replace(" ", "_"), text, terms[:, t]))
        packages += [
            ("gain", f"Worth to a willing side less that of no deal [{WORTH}].", now.gain[:, k]),
            ("support", f"Support at home [{WORTH}].", stand.support[:, k]),
            ("gets_home", "Chance that it gets home [share].", stand.ratified[:, k]),
            (
                "room",
                "Room of self-enforcement: what a breach would lose, less what it would gain "
                f"[{WORTH}].",
                stand.room[:, k],
            ),
            (
                "best_breach",
                "What the best breach would gain, by other levels of the issues that the side "
                f"performs [{WORTH}].",
                breach,
            ),
            (
                "best_tariffs",
                "What the best of all tariffs on the other side would add to real income, blank "
                "where it was not worked out [percent of real income under the package].",
                tariffs,
            ),
            (
                "expected_gain",
                f"Gain from signing before it is known whether both get it home [{WORTH}].",
                now.net[:, k],
            ),
        ]
        constants = [
            ("disagreement", f"Worth of no deal [{WORTH}].", stand.disagreement[0, k]),
            ("threshold", f"Support that it takes [{WORTH}].", stand.threshold[k]),
            ("spread", f"Spread of the threshold [{WORTH}].", stand.of_party("spread", k)),
            (
                "failure_cost",
                f"Cost of a signed deal that fails at home [{WORTH}].",
                stand.failure[k],
            ),
            ("talking_on", f"Worth of talking on to a willing side [{WORTH}].", now.talk[k]),
            ("impatience", "Impatience [per year].", stand.of_party("impatience", k)),
            ("discount", "Discount factor in self-enforcement [ratio].", stand.discount[k]),
            ("war", f"Worth of all threats carried out [{WORTH}].", war),
        ]
        out += [Column(f"{n}:{side}", "number", text, number(v)) for n, text, v in packages]
        out += [
            Column(f"{n}:{side}", "number", f"{text} The same in every row.", np.full(size, v))
            for n, text, v in constants
        ]
    zone, signable, frontier, lottery = (np.zeros(size, dtype=bool) for _ in range(4))
    zone[now.zone.members] = True
    signable[now.signable] = True
    at = np.flatnonzero(valid)
    frontier[at[pareto_frontier(stand.worth[0][at])]] = True
    lottery[at[convex_frontier(stand.worth[0][at])]] = True
    share = joint_share(stand, now.gain)
    kinds = [
        kind_of(stand, p, share) if valid[p] and p != agenda.status_quo else "" for p in range(size)
    ]
    signed = np.zeros(size)
    for package, chance in now.signed.items():
        signed[package] = chance
    out += [
        Column(
            "both_ratify",
            "number",
            "Chance that both get it home [share].",
            number(now.both_ratify),
        ),
        Column(
            "joint_share",
            "number",
            "Gain of both sides together over the largest among packages that leave neither "
            "worse off than no deal [share].",
            number(share),
        ),
        Column("in_zone", "boolean", "Whether it passes every filter.", zone),
        Column("signable", "boolean", "Whether both would sign it at this meeting.", signable),
        Column(
            "frontier",
            "boolean",
            "Whether no other package is as good for both willing sides and better for one; of "
            "packages of equal worth, the first.",
            frontier,
        ),
        Column(
            "frontier_of_lotteries",
            "boolean",
            "Whether no lottery over two other packages betters it.",
            lottery,
        ),
        Column("kind", "string", f"What signing it would be: {' or '.join(OUTCOMES[:2])}.", kinds),
        Column("chance_signed", "number", "Chance that this meeting ends with it [share].", signed),
        Column(
            "points",
            "string",
            f'Bargaining points and named packages that it is, between them "{AND}".',
            _points(r),
        ),
    ]
    return out


def _points(r: TalksResults) -> list[str]:
    """Names of each package: points, named packages, the status quo."""
    agenda = r.ground.agenda
    names: list[list[str]] = [[] for _ in range(agenda.size)]
    names[agenda.status_quo].append("status quo")
    for name, point in r.points.items():
        for package in point.packages:
            names[package].append(name)
    for named in r.talks.named:
        names[agenda.number(named.levels)].append(named.id)
    return [AND.join(each) for each in names]


def talks_packages(r: TalksResults) -> pd.DataFrame:
    """Every package with what it is worth and what becomes of it, one row each.

    From the columns alone a reader can find the zone of agreement, the frontier and the Nash,
    Kalai-Smorodinsky, egalitarian and utilitarian points again.
    """
    import pandas as pd

    return pd.DataFrame({c.name: c.values for c in package_columns(r)})


# ---- prices ------------------------------------------------------------------------------


def talks_prices(r: TalksResults) -> pd.DataFrame:
    """What each set of measures does to the world economy, in the long format.

    `scenario` is the `price_row` of packages, or the name of a situation that is no package; all
    is compared with what is in force. Rows of `in_force:MEASURE` say which measures a scenario
    holds. Missing where no equilibrium was found.
    """
    import pandas as pd

    table = r.ground.table
    request = table.request
    count = len(request.rows)
    rows = np.array([*range(count), *request.extra.values()], dtype=np.intp)
    names = np.array([*map(price_row, range(count)), *request.extra], dtype=object)
    base = request.base
    detailed = np.ones(len(rows), dtype=bool)
    if count > MOST_DETAILED:
        reported = {base, *(int(request.row_of[p]) for p, n in enumerate(_points(r)) if n)}
        detailed = np.array([k >= count or row in reported for k, row in enumerate(rows.tolist())])
    blocks: list[pd.DataFrame] = []

    def add(
        metric: str, values: NDArray[np.float64], at: NDArray[np.intp], **codes: Sequence[str]
    ) -> None:
        """Values [scenario, cell] of the scenarios `at`; codes of the cells."""
        cells = values.shape[1]
        block = {name: np.tile(np.array(c, dtype=object), len(at)) for name, c in codes.items()}
        block["order"] = np.repeat(at, cells)
        block["metric"] = np.full(len(at) * cells, metric, dtype=object)
        block["unit"] = np.full(len(at) * cells, unit(metric), dtype=object)
        block["value"] = values.reshape(-1)
        blocks.append(pd.DataFrame(block))

    every = np.arange(len(rows))
    for k, row in enumerate(rows.tolist()):
        held = request.rows[row]
        if held:
            blocks.append(
                pd.DataFrame(
                    {
                        "order": k,
                        "metric": [f"in_force:{m}" for m in held],
                        "unit": unit("in_force"),
                        "value": 1.0,
                    }
                )
            )
    for metric, hats, income in (
        ("welfare_pct", table.welfare_hat, "exact"),
        ("real_income_without_transfer_pct", table.earned_hat, "earned"),
    ):
        add(metric, economy_term(hats / hats[base])[rows], every, economy=table.economies)
        for party in r.talks.parties:
            if party.id not in table.economies:
                change = economy_term(table.gain(income, party.members))
                add(metric, change[rows, None], every, economy=[party.id])
    party_groups = [
        (side, group, k)
        for side in r.ground.sides
        for k, group in enumerate(c for c in r.talks.constituencies if c.party == side.party)
    ]
    for side, group, k in party_groups:
        change = side.groups[rows, k][:, None]
        add(f"constituency_income_pct:{group.id}", change, every, economy=[side.party])
    members = list(dict.fromkeys(m for p in r.talks.parties for m in p.members))
    some = np.flatnonzero(detailed)
    importers, exporters, change = _trade(table.trade, base, table.economies, members)
    add("factory_gate_trade_pct", change[rows[some]], some, importer=importers, exporter=exporters)
    here = table.positions(members)
    heads = table.workers_hat[:, here] - table.workers_hat[base, here]
    # NaN where a row has no equilibrium; heads that do not move are no news
    if table.employment is not None and np.nanmax(np.abs(heads)) > 0:
        jobs = (heads * table.employment[here]).reshape(count, -1)
        add(
            "employment_change",
            jobs[rows[some]],
            some,
            economy=[m for m in members for _ in table.sectors],
            sector=[s for _ in members for s in table.sectors],
        )
    out = pd.concat(blocks, ignore_index=True).sort_values("order", kind="stable")
    out["scenario"] = names[out["order"].to_numpy()]
    out["compared_with"] = price_row(base)
    out = out.reindex(columns=list(COLUMNS)).reset_index(drop=True)
    text = [c for c in COLUMNS if c not in ("quantile", "value")]
    out[text] = out[text].astype(object).where(out[text].notna(), "")
    return out


def _trade(
    trade: NDArray[np.float64], base: int, economies: Sequence[str], members: Sequence[str]
) -> tuple[list[str], list[str], NDArray[np.float64]]:
    """Flows in which a member takes part, and its totals with the world: percent, [row, flow]."""
    foreign = trade.copy()
    own = np.arange(len(economies))
    foreign[:, own, own] = 0.0
    importers, exporters, flows = [], [], []
    for n, importer in enumerate(economies):
        for i, exporter in enumerate(economies):
            if n != i and (importer in members or exporter in members):
                importers.append(importer)
                exporters.append(exporter)
                flows.append(foreign[:, n, i])
    for member in members:
        k = economies.index(member)
        importers += [member, ""]
        exporters += ["", member]
        flows += [foreign[:, k].sum(axis=1), foreign[:, :, k].sum(axis=1)]
    levels = np.column_stack(flows)
    before = np.where(levels[base] > 0, levels[base], np.nan)
    return importers, exporters, economy_term(levels / before)
