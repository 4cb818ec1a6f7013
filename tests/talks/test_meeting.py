"""Do the parts of a meeting obey what is true of every meeting?"""

from __future__ import annotations

import copy
import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.talks.small_meeting import SIDES, ground, raw, section, table

from detente import World
from detente.talks.bands import draw_judgements, measures_of_outcome
from detente.talks.bargaining import nash
from detente.talks.ground import Ground, stand_at
from detente.talks.meeting import worth_of_war
from detente.talks.outcome import (
    look_ahead,
    no_escalation,
    value_of_information,
    worth_meeting,
)
from detente.talks.play import play
from detente.talks.section import TalksSection
from detente.talks.table_round import OUTCOMES, choice_probabilities, one_side
from detente.talks.third_parties import joins_measure
from detente.talks.timing import value_of_talking
from detente.talks.worth import expected_gain
from detente.talks.zopa import (
    deviation_gains,
    enforcement_room,
    linkage_value,
    separate_enforcement,
    zone_of_agreement,
)

#: Chains of sums and exponentials; nothing but rounding.
EXACT = 1e-12

GROUND = ground()
some_draws = st.integers(0, 10_000)


def drawn(seed: int) -> dict[str, float]:
    """One draw of all judgements, the record's included."""
    return draw_judgements(GROUND.judgements(), 1, seed)[0]


@settings(deadline=None, max_examples=40)
@given(some_draws)
def test_probabilities_are_probabilities(seed: int) -> None:
    values = drawn(seed)
    horizon = look_ahead(GROUND, values)
    for result in horizon.rounds:
        chances = [result.outcome[o] for o in OUTCOMES]
        assert sum(chances) == pytest.approx(1.0, abs=EXACT)
        assert min(chances) >= -EXACT
        assert sum(result.signed.values()) == pytest.approx(result.deal, abs=EXACT)
    assert 0 <= no_escalation(horizon.outcome, values) <= 1


@settings(deadline=None, max_examples=40)
@given(some_draws)
def test_no_signed_deal_leaves_a_side_worse_off_or_fails_a_filter(seed: int) -> None:
    values = drawn(seed)
    for result in look_ahead(GROUND, values).rounds:
        stand = result.stand
        for package in result.signed:
            assert (stand.worth[0, package] > stand.disagreement[0]).all()
            assert (stand.ratified[package] >= 0.5).all()
            assert (stand.room[package] >= 0).all()
            assert package in result.zone.members
            gained = expected_gain(
                result.both_ratify[[package]],
                stand.worth[0][[package]],
                stand.disagreement[0],
                [stand.of_party("failure_cost", k) for k in (0, 1)],
            )[0]
            # signing beats talking on, for both
            assert (gained + stand.disagreement[0] > np.asarray(result.talk)).all()


def test_something_is_signed_at_the_central_judgements() -> None:
    """Otherwise the test above would hold of nothing."""
    assert look_ahead(GROUND, GROUND.central()).now.signed


def swapped() -> Ground:
    """The same meeting with the parties listed the other way round."""
    content = copy.deepcopy(raw())
    content["party"] = content["party"][::-1]
    talks = TalksSection.model_validate(content)
    return Ground.of(talks, table(talks))


@settings(deadline=None, max_examples=20)
@given(some_draws)
def test_permuting_the_parties_permutes_the_results(seed: int) -> None:
    values, other = drawn(seed), swapped()
    here, there = look_ahead(GROUND, values), look_ahead(other, values)
    for name in OUTCOMES:
        assert here.outcome[name] == pytest.approx(there.outcome[name], abs=1e-9)
    assert here.now.value == pytest.approx(there.now.value[::-1], abs=1e-9)
    first, second = worth_meeting(here)
    assert {w.party: w.total for w in worth_meeting(there)} == pytest.approx(
        {first.party: first.total, second.party: second.total}, abs=1e-9
    )


@settings(deadline=None, max_examples=40)
@given(some_draws, st.sampled_from(SIDES), st.floats(0.0, 0.5))
def test_a_wider_win_set_never_shrinks_the_zone(seed: int, side: str, by: float) -> None:
    """Nor does it lower the best Nash product."""
    values = drawn(seed)
    name = f"party.{side}.threshold"
    narrow = stand_at(GROUND, values)
    wide = stand_at(GROUND, values | {name: values[name] - by})
    zones = [
        zone_of_agreement(GROUND.agenda, s.worth[0] - s.disagreement[0], s.ratified, s.room)
        for s in (narrow, wide)
    ]
    assert set(zones[0].members) <= set(zones[1].members)
    if not zones[0].is_empty:
        d = narrow.disagreement[0]
        products = []
        for stand, zone in zip((narrow, wide), zones, strict=True):
            at = nash(stand.worth[0][zone.members], d).worth
            products.append(float(np.prod(np.asarray(at) - d)))
        assert products[1] >= products[0] - EXACT


@settings(deadline=None, max_examples=30)
@given(some_draws, st.floats(0.1, 20.0), st.floats(-5.0, 5.0))
def test_scaling_one_sides_worth_keeps_the_nash_package(
    seed: int, scale: float, shift: float
) -> None:
    stand = stand_at(GROUND, drawn(seed))
    u, d = stand.worth[0].copy(), stand.disagreement[0].copy()
    gain = np.prod(u - d, axis=1)
    if not ((u > d).all(axis=1)).any():
        return
    before = nash(u, d).packages[0]
    u[:, 1], d[1] = scale * u[:, 1] + shift, scale * d[1] + shift
    assert gain[nash(u, d).packages[0]] == pytest.approx(gain[before], rel=1e-9)


@settings(deadline=None, max_examples=30)
@given(some_draws, st.floats(0.05, 0.9))
def test_patience_eases_enforcing(seed: int, discount: float) -> None:
    """More patience never makes a package harder to hold that is better than war."""
    stand = stand_at(GROUND, drawn(seed))
    u = stand.worth[0, :, 0]
    war = float(u.min()) - 0.1
    performed = GROUND.sides[0].performed
    less = enforcement_room(GROUND.agenda, u, war, discount, performed)
    more = enforcement_room(GROUND.agenda, u, war, discount + 0.05, performed)
    assert (more >= less).all()


def test_patience_hardens_bargaining() -> None:
    """The impatient side gets less: Nash power moves against it (Fearon 1998)."""
    shares = []
    for r in (0.2, 0.5, 1.0, 3.0):
        values = GROUND.central() | {f"party.{SIDES[0]}.impatience": r}
        stand = stand_at(GROUND, values)
        at = np.flatnonzero((stand.worth[0] > stand.disagreement[0]).all(axis=1))
        power = 0.25 / (r + 0.25)
        shares.append(nash(stand.worth[0][at], stand.disagreement[0], power).worth[0])
    assert all(np.diff(shares) <= 0)
    assert shares[-1] < shares[0]


def test_the_best_deviation_is_found_by_counting() -> None:
    stand = stand_at(GROUND, GROUND.central())
    u = stand.worth[0, :, 0]
    performed = GROUND.sides[0].performed
    levels = GROUND.agenda.levels
    free = [k for k in range(len(GROUND.agenda)) if k not in performed]
    for package in range(GROUND.agenda.size):
        same = (levels[:, free] == levels[package, free]).all(axis=1)
        gain = deviation_gains(GROUND.agenda, u, performed)[package]
        assert gain == pytest.approx(u[same].max() - u[package], abs=EXACT)


def test_linking_issues_enforces_more_than_each_alone() -> None:
    """A package with slack on one issue carries a tempting one (Bernheim and Whinston 1990)."""
    stand = stand_at(GROUND, GROUND.central())
    counts = []
    for k in (0, 1):
        u = stand.worth[0, :, k]
        performed = GROUND.sides[k].performed
        alone = separate_enforcement(GROUND.agenda, u, 0.8, performed)
        pooled = enforcement_room(GROUND.agenda, u, 0.0, 0.8, performed) >= 0
        counts.append((int(alone.sum()), int(pooled.sum())))
    assert all(pooled > alone for alone, pooled in counts)


def test_linkage_is_worth_something_where_issues_pay_different_sides() -> None:
    stand = stand_at(GROUND, GROUND.central())
    zone = look_ahead(GROUND, GROUND.central()).now.zone
    added, composed = linkage_value(
        GROUND.agenda, stand.worth[0], stand.disagreement[0], 0.5, zone.members
    )
    assert sum(added) > 0
    # "one" pays only B and "two" only A: neither is settled alone
    levels = GROUND.agenda.levels[composed]
    assert levels[0] == 0
    assert levels[1] == 0


def test_an_empty_zone_names_the_filter_and_the_nearest_package() -> None:
    values = GROUND.central() | {f"party.{SIDES[1]}.threshold": 50.0}
    result = look_ahead(GROUND, values).now
    assert result.zone.is_empty
    text = result.zone.explain(GROUND.agenda, SIDES)
    assert "BBB gets it home" in text
    assert "nearest" in text
    assert result.deal == 0
    assert result.outcome["keep talking"] > 0


def test_the_same_seed_gives_the_same_talks() -> None:
    logs = {seed: play(GROUND, seed) for seed in range(12)}
    for seed, one in logs.items():
        assert play(GROUND, seed) == one
    assert len({one.log for one in logs.values()}) > 1
    assert {one.ending for one in logs.values()} <= set(OUTCOMES)


def test_plays_end_as_often_as_the_model_says() -> None:
    """Frequencies of first rounds over many seeds, within four standard errors."""
    horizon = look_ahead(GROUND, GROUND.central())
    count = 400
    signed = sum(
        "Signed" in line for s in range(count) for line in play(GROUND, s, horizon).log[:9]
    )
    p = horizon.now.deal
    assert abs(signed / count - p) < 4 * np.sqrt(p * (1 - p) / count)


@settings(deadline=None, max_examples=40)
@given(
    st.floats(0.05, 0.95),
    st.lists(st.floats(0.01, 1.0), min_size=2, max_size=6),
    st.floats(-1, 1),
    st.floats(-1, 1),
)
def test_information_is_never_worth_less_than_nothing(
    prior: float, weights: list[float], good: float, bad: float
) -> None:
    w = np.asarray(weights) / sum(weights)
    told = value_of_information(prior, w, w[::-1].copy(), 0.0, np.array([good, bad, 0.0]))
    assert told >= 0
    blind = value_of_information(prior, w, w, 0.0, np.array([good, bad, 0.0]))
    assert blind == pytest.approx(0.0, abs=EXACT)


def test_at_equal_worths_the_choice_is_the_fitted_reduced_form() -> None:
    for tone in (-5.0, 0.0, 4.0):
        p = choice_probabilities(np.array([1.0, 1.0, -np.inf]), 2.1, 3.0, tone, -0.8)
        assert p[0] == pytest.approx(1 / (1 + np.exp(-2.1 * (1 + tone / 10))))
    assert one_side(0.0) == pytest.approx(np.log((1 - np.sqrt(0.5)) / np.sqrt(0.5)))


def test_an_election_that_threatens_lowers_the_worth_of_talking_on() -> None:
    name = f"round.after.hazard.{SIDES[0]}"
    worth = [
        look_ahead(GROUND, GROUND.central() | {name: h}).rounds[1].talk[1] for h in (0.0, 0.5, 1.0)
    ]
    assert worth[0] > worth[1] > worth[2]
    assert value_of_talking(0, 1, 0, 1, 1, 0) == 0


def test_an_ally_follows_its_own_welfare_and_salience() -> None:
    assert not joins_measure(-0.3, 0.2)
    assert joins_measure(-0.3, 0.31)


def test_harsher_words_never_make_willingness_likelier_without_amplification() -> None:
    content = copy.deepcopy(raw())
    chances = []
    for score in (-8.0, -4.0, 0.0, 4.0):
        content["statement"][0]["score"] = score
        talks = TalksSection.model_validate(content)
        here = Ground.of(talks, table(talks))
        values = here.central() | {f"party.{SIDES[1]}.amplification": 0.0}
        chances.append(stand_at(here, values).unwilling[1])
    assert all(np.diff(chances) < 0)


def test_measures_are_named_once_for_all_draws() -> None:
    values = GROUND.central()
    names = list(measures_of_outcome(look_ahead(GROUND, values), values))
    assert len(names) == len(set(names))
    assert set(OUTCOMES) <= set(names)


def test_a_worse_war_makes_no_deal_worse_and_deals_easier_to_hold() -> None:
    rooms, values = [], []
    for loss in (-0.1, -0.5, -2.0):
        here = dataclasses.replace(GROUND, war=(loss, loss))
        stand = stand_at(here, here.central())
        rooms.append(stand.room)
        values.append(stand.disagreement[0, 1])
    assert values[0] > values[1] > values[2]
    assert (rooms[2] > rooms[1]).all()
    assert (rooms[1] > rooms[0]).all()


def test_the_trade_war_stands_behind_a_refusal() -> None:
    """From free trade a tariff war costs both together, whoever comes out ahead."""
    flows = np.array([[[80.0, 60.0], [30.0, 5.0]], [[25.0, 5.0], [90.0, 80.0]]])
    world = World.from_arrays(
        list(SIDES), ["goods", "services"], sales=flows, trade_elasticity=[4.0, 2.0]
    )
    first, second = worth_of_war(section(labour="mobile"), world, None)
    assert first * world.income[0] + second * world.income[1] < 0
    assert min(first, second) < 0
