"""Where does each side stand on every package, at given judgements and on a given day?"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from detente.arrays import FloatArray
from detente.talks.agenda import Agenda
from detente.talks.calibrated import record_judgements
from detente.talks.odds import Belief, belief_about
from detente.talks.price_table import PriceTable, Request, request_of
from detente.talks.ratification import ratification_probability, support
from detente.talks.section import Judgement, TalksSection
from detente.talks.threats import crisis_signalling, disagreement_value
from detente.talks.worth import (
    Worth,
    audience_term,
    constituency_term,
    discount_factor,
    economy_term,
    relative_gains_term,
    salience_term,
)
from detente.talks.zopa import enforcement_room

__all__ = ["Ground", "Side", "Stand", "hurt", "request_for", "stand_at"]


#: Years between a breach and its answer: the period of the discount factor in enforcement.
PERIOD = 1.0
WAR = "all threats carried out"


def request_for(talks: TalksSection, more: Sequence[str] = ()) -> Request:
    """The rows that a meeting needs: its packages, and threats carried out.

    Parameters
    ----------
    more
        Measures in force beside the case's background, whatever is signed.
    """
    extra: dict[str, tuple[str, ...]] = {}
    for threat in talks.threats:
        extra[f"threat {threat.id}"] = (*threat.measures, *threat.answers)
    for party in talks.parties:
        for key in ("by", "against"):
            mine = [
                t for t in talks.threats if getattr(t, key) == party.id and not t.successor_only
            ]
            extra[f"{key} {party.id}"] = tuple(m for t in mine for m in (*t.measures, *t.answers))
    now = [t for t in talks.threats if not t.successor_only] or list(talks.threats)
    extra[WAR] = tuple(m for t in now for m in (*t.measures, *t.answers))
    by_id = {t.id: (*t.measures, *t.answers) for t in talks.threats}
    for third in talks.third_parties:
        extra[f"third {third.id}"] = (*by_id.get(third.alongside or "", ()), *third.measures)
    return request_of(Agenda(talks.issues), (*talks.background, *more), extra)


@dataclass(frozen=True, eq=False)
class Side:
    """What does not hang on judgements: one side's prices, values and demands.

    Attributes
    ----------
    gain
        Real income over the status quo in percent, [row].
    groups
        Real earnings of each constituency in percent, [row, constituency].
    value
        v_ij(x_j) less its value in force, [package, issue].
    met
        Share of the public demand that each package meets, [package].
    """

    party: str
    gain: FloatArray
    groups: FloatArray
    value: FloatArray
    met: FloatArray
    performed: tuple[int, ...]
    votes: FloatArray


@dataclass(frozen=True, eq=False)
class Ground:
    """A meeting with its packages priced.

    Attributes
    ----------
    valid
        False for packages without an equilibrium.
    war
        Worth of the trade war of the policy game, where that is the threat; else None.
    """

    talks: TalksSection
    agenda: Agenda
    table: PriceTable
    sides: tuple[Side, Side]
    valid: NDArray[np.bool]
    war: tuple[float, float] | None = None

    @classmethod
    def of(
        cls, talks: TalksSection, table: PriceTable, war: tuple[float, float] | None = None
    ) -> Ground:
        """Lay out the ground: prices mapped on packages, issues on numbers."""
        agenda = Agenda(talks.issues)
        sides = []
        for party in talks.parties:
            groups = [c for c in talks.constituencies if c.party == party.id]
            earned = [
                economy_term(
                    table.sector_gain(party.members, c.sectors)
                    if c.sectors
                    else table.gain(talks.income, party.members)
                )
                for c in groups
            ]
            value, met = np.zeros((agenda.size, len(agenda))), np.zeros(agenda.size)
            for k, issue in enumerate(talks.issues):
                by_level = np.array([x.value.get(party.id, 0.0) for x in issue.levels])
                by_level -= by_level[agenda.standing[k]]
                meets = np.array([x.meets.get(party.id, 0.0) for x in issue.levels])
                value[:, k] = by_level[agenda.levels[:, k]]
                met += meets[agenda.levels[:, k]]
            sides.append(
                Side(
                    party=party.id,
                    gain=economy_term(table.gain(talks.income, party.members)),
                    groups=np.column_stack(earned),
                    value=value,
                    met=np.clip(met, 0.0, 1.0),
                    performed=agenda.performed_by(party.id),
                    votes=np.array([c.vote for c in groups]),
                )
            )
        valid = table.solved[table.request.row_of]
        return cls(talks, agenda, table, (sides[0], sides[1]), valid, war)

    def reach(self, party: str, issues: Sequence[str]) -> float:
        """Most of a side's public demand that settling some issues could meet, 0 to 1."""
        best = [
            max(level.meets.get(party, 0.0) for level in issue.levels)
            for issue in self.talks.issues
            if issue.id in issues
        ]
        return float(np.clip(sum(best), 0.0, 1.0))

    def central(self) -> dict[str, float]:
        """Every judgement at its central value."""
        return {name: j.value for name, j in self.judgements().items()}

    def judgements(self) -> dict[str, Judgement]:
        """Judgements of the case, and the six numbers from the record."""
        return {**self.talks.judgements(), **record_judgements()}


@dataclass(frozen=True, eq=False)
class Stand:
    """Both sides on one day: worth, support, disagreement and beliefs.

    Attributes
    ----------
    terms
        Terms of worth by side.
    worth
        u_i(x | T) by type of the side itself, [type, package, side].
    support, threshold, ratified
        Q_i(x), q_i and P_i(x), [package, side].
    failure
        f_i, cost of a signed deal that fails at home.
    disagreement
        d_i by type, [type, side].
    room
        Room of self-enforcement of willing sides, [package, side].
    fought
        Worth of a situation that is no package, by its name and side.
    """

    ground: Ground
    values: Mapping[str, float]
    years: float
    beliefs: tuple[Belief, Belief]
    terms: tuple[Worth, Worth]
    worth: FloatArray
    support: FloatArray
    threshold: FloatArray
    ratified: FloatArray
    failure: tuple[float, float]
    disagreement: FloatArray
    room: FloatArray
    discount: tuple[float, float]
    fought: Mapping[str, tuple[float, float]]
    carried_out: tuple[float, float]

    @property
    def unwilling(self) -> tuple[float, float]:
        """b_i, the belief that each side is unwilling."""
        return self.beliefs[0].posterior, self.beliefs[1].posterior

    @property
    def opening_tone(self) -> tuple[float, float]:
        """Tone of each side at the opening; neutral at rounds to come."""
        if self.years > 0:
            return 0.0, 0.0
        return self.beliefs[0].opening_tone, self.beliefs[1].opening_tone

    def of_party(self, name: str, party: int) -> float:
        """A judgement about one side."""
        return self.values[f"party.{self.ground.sides[party].party}.{name}"]


def stand_at(
    ground: Ground,
    values: Mapping[str, float],
    years: float = 0.0,
    beliefs: tuple[Belief, Belief] | None = None,
    issues: Sequence[str] = (),
) -> Stand:
    """Where both sides stand.

    Parameters
    ----------
    values
        Judgements by name, see :meth:`TalksSection.judgements`.
    years
        Time since the meeting; thresholds drift and time may be on an unwilling side's side.
    beliefs
        Carried over; computed from the statements when left out, closing words aside.
    issues
        What the round can settle, where that is not the whole agenda. What is asked of a side is
        asked in proportion: of the public demand, what the round could meet, and so of the cost
        of a deal that fails at home; of the hurdle at home, the share that the most the round
        could bring home is of the most that the whole agenda could. What it does not settle it
        does not bind: a breach is one in its issues.
    """
    talks, table = ground.talks, ground.table
    row_of = table.request.row_of
    if beliefs is None:
        first, second = (belief_about(talks, p, values, False) for p in talks.parties)
        beliefs = (first, second)
    terms: list[Worth] = []
    size = ground.agenda.size
    supported, threshold = np.empty((size, 2)), np.empty(2)
    spread, failure = np.empty(2), np.empty(2)
    weights: list[FloatArray] = []
    moves = np.ones(size, dtype=bool)
    moves[ground.agenda.status_quo] = False
    for k, (side, party) in enumerate(zip(ground.sides, talks.parties, strict=True)):
        prefix = f"party.{party.id}."
        groups = [c for c in talks.constituencies if c.party == party.id]
        omega = np.array([values[f"constituency.{c.id}.weight"] for c in groups])
        weights.append(omega)
        salience = _by_issue(talks, values, "salience", party.id)
        at_home = _by_issue(talks, values, "at_home", party.id)
        other = ground.sides[1 - k]
        demand = asked = values[prefix + "demand"]
        if issues:
            demand = min(asked, ground.reach(party.id, issues))
        failure[k] = values[prefix + "failure_cost"] * (demand / asked if asked > 0 else 1.0)
        audience = audience_term(values[prefix + "audience_cost"], demand, side.met)
        terms.append(
            Worth(
                np.column_stack(
                    [
                        side.gain[row_of],
                        constituency_term(omega, side.groups[row_of]),
                        salience_term(salience, side.value),
                        relative_gains_term(
                            values[prefix + "relative_gains"], 1 + other.gain[row_of] / 100
                        ),
                        audience * moves,
                    ]
                )
            )
        )
        toughness = -beliefs[k].public_tone / 10
        supported[:, k] = (
            support(side.groups[row_of], side.votes, salience_term(at_home, side.value))
            + values[prefix + "rally"] * toughness
        )
        threshold[k] = values[prefix + "threshold"] + values[prefix + "threshold_drift"] * years
        if issues:
            threshold[k] *= _share_brought_home(ground, supported[:, k], issues)
        spread[k] = values[prefix + "spread"]
    ratified = np.column_stack(
        [ratification_probability(supported[:, k], threshold[k], spread[k]) for k in (0, 1)]
    )
    worth = np.stack([np.column_stack([t.of(u) for t in terms]) for u in (False, True)])
    levels = _levels_of(talks)
    fought = {}
    for name, row in table.request.extra.items():
        package = ground.agenda.number(levels.get(name, {}))
        fought[name] = tuple(
            float(
                side.gain[row]
                + side.groups[row] @ weights[k]
                + _by_issue(talks, values, "salience", side.party) @ side.value[package]
            )
            for k, side in enumerate(ground.sides)
        )
    if ground.war is not None:
        fought[WAR] = ground.war
        for k, side in enumerate(ground.sides):
            name = f"against {side.party}"
            fought[name] = tuple(ground.war[m] if m == k else fought[name][m] for m in (0, 1))
    disagreement, carried = np.empty((2, 2)), []
    discount = []
    room = np.empty((size, 2))
    for k, party in enumerate(talks.parties):
        prefix = f"party.{party.id}."
        real = tuple(
            crisis_signalling(
                values[f"threat.{t.id}.prior"],
                values[f"threat.{t.id}.war_cost"],
                values[f"threat.{t.id}.audience_cost"],
            ).posterior
            for t in talks.threats
            if t.against == party.id and not t.successor_only
        )
        carried.append(1 - float(np.prod([1 - e for e in real])))
        hit = hurt(fought[f"against {party.id}"][k])
        willing = disagreement_value(0.0, hit, real)
        # an unwilling side's status quo improves by its drift a year; discounted at r the
        # average over the future from today is drift·(t + 1/r)
        rising = values[prefix + "drift"] * (years + 1 / values[prefix + "impatience"])
        disagreement[:, k] = willing, willing + rising
        discount.append(
            discount_factor(values[prefix + "impatience"], PERIOD, values[prefix + "turnover"])
        )
        room[:, k] = enforcement_room(
            ground.agenda,
            worth[0, :, k],
            hurt(fought[WAR][k]),
            discount[k],
            tuple(
                j for j in ground.sides[k].performed if not issues or talks.issues[j].id in issues
            ),
        )
    return Stand(
        ground=ground,
        values=values,
        years=years,
        beliefs=beliefs,
        terms=(terms[0], terms[1]),
        worth=worth,
        support=supported,
        threshold=threshold,
        ratified=ratified,
        failure=(float(failure[0]), float(failure[1])),
        disagreement=disagreement,
        room=room,
        discount=(discount[0], discount[1]),
        fought=fought,  # type: ignore[arg-type]
        carried_out=(carried[0], carried[1]),
    )


def hurt(worth: float) -> float:
    r"""What a threat carried out does to its target, :math:`\min(u_i, u_i(x^0))`, with u(x⁰) = 0.

    A side that values what it would answer with above the price of the threat could take that
    step unprovoked: it is no fruit of the threat, and no reward for a breach.

    Examples
    --------
    >>> hurt(-0.2), hurt(0.05)
    (-0.2, 0.0)
    """
    return min(worth, 0.0)


def _share_brought_home(ground: Ground, supported: FloatArray, issues: Sequence[str]) -> float:
    """Most support that packages on some issues find, over the most that any package finds."""
    within = ground.agenda.within(issues) & ground.valid
    most = float(supported[ground.valid].max())
    if most <= 0:
        return 1.0
    return float(np.clip(supported[within].max() / most, 0.0, 1.0))


def _levels_of(talks: TalksSection) -> dict[str, dict[str, str]]:
    """Levels that issues take when threats are carried out, by situation."""
    out: dict[str, dict[str, str]] = {f"threat {t.id}": dict(t.levels) for t in talks.threats}
    for party in talks.parties:
        for key in ("by", "against"):
            mine = [
                t for t in talks.threats if getattr(t, key) == party.id and not t.successor_only
            ]
            out[f"{key} {party.id}"] = {k: v for t in mine for k, v in t.levels.items()}
    for third in talks.third_parties:
        out[f"third {third.id}"] = out.get(f"threat {third.alongside}", {})
    now = [t for t in talks.threats if not t.successor_only] or list(talks.threats)
    out[WAR] = {k: v for t in now for k, v in t.levels.items()}
    return out


def _by_issue(
    talks: TalksSection, values: Mapping[str, float], which: str, party: str
) -> FloatArray:
    """Salience of each issue to a side, or to its ratifiers (the side's own where not stated)."""
    out = np.zeros(len(talks.issues))
    for k, issue in enumerate(talks.issues):
        name = f"issue.{issue.id}.{which}.{party}"
        if name not in values and which == "at_home":
            name = f"issue.{issue.id}.salience.{party}"
        out[k] = values.get(name, 0.0)
    return out
