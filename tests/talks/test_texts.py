"""Does a text cover what it says, and is what can be signed under it found rightly?"""

from __future__ import annotations

import copy
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.talks.small_meeting import SIDES, ground, judged, raw, table

from detente.errors import InputError
from detente.talks.bands import draw_judgements
from detente.talks.ground import Ground
from detente.talks.outcome import look_ahead
from detente.talks.play import play
from detente.talks.section import TalksSection
from detente.talks.table_round import OUTCOMES, joint_share, kind_of
from detente.talks.texts import favourites_by_text, text_chances

#: Chains of sums and products; nothing but rounding.
EXACT = 1e-12

GROUND = ground()


@settings(deadline=None, max_examples=60)
@given(st.integers(1, 5), st.integers(0, 12), st.floats(0.05, 1.0), st.integers(0, 10_000))
def test_favourites_are_those_found_by_trying_every_text(
    issues: int, packages: int, coverage: float, seed: int
) -> None:
    rng = np.random.default_rng(seed)
    moved = rng.random((packages, issues)) < 0.5
    moved[~moved.any(axis=1), 0] = True
    net = rng.normal(size=(packages, 2)).round(1)  # rounded, so that ties occur
    wanted: dict[tuple[int, int], float] = {}
    for covered in product((False, True), repeat=issues):
        fits = [p for p in range(packages) if not (moved[p] & ~np.array(covered)).any()]
        if not fits:
            continue
        chance = float(np.prod([coverage if c else 1 - coverage for c in covered]))
        if chance == 0:
            continue
        first = max(fits, key=lambda p: (net[p, 0], net[p, 1], -p))
        second = max(fits, key=lambda p: (net[p, 1], net[p, 0], -p))
        wanted[first, second] = wanted.get((first, second), 0.0) + chance
    total = sum(wanted.values())
    found = {pair: chance for chance, pair in favourites_by_text(moved, net, coverage)}
    assert set(found) == set(wanted)
    for pair, chance in found.items():
        assert chance == pytest.approx(wanted[pair] / total, abs=EXACT)


def test_a_text_that_covers_everything_leaves_one_pair_of_demands() -> None:
    values = GROUND.central() | {"text_coverage": 1.0}
    now = look_ahead(GROUND, values).now
    assert len(now.texts) == 1
    assert now.texts[0].demands == now.demands
    assert set(now.signed) <= set(now.demands or ())


def test_a_coverage_of_nothing_is_refused() -> None:
    with pytest.raises(InputError, match=r"\(0, 1\]"):
        text_chances(3, 0.0)


@settings(deadline=None, max_examples=40)
@given(st.integers(0, 10_000))
def test_a_signed_package_moves_only_what_some_text_covers(seed: int) -> None:
    values = draw_judgements(GROUND.judgements(), 1, seed)[0]
    now = look_ahead(GROUND, values).now
    assert sum(t.chance for t in now.texts) == pytest.approx(1.0 if now.texts else 0.0, abs=EXACT)
    assert set(now.signed) <= set(now.signable.tolist())
    assert {p for t in now.texts for p in t.demands} <= set(now.signable.tolist())


def test_both_kinds_of_deal_have_a_chance() -> None:
    """Small texts make partial deals, large ones breakthroughs."""
    chances = []
    for coverage in (0.1, 0.5, 1.0):
        now = look_ahead(GROUND, GROUND.central() | {"text_coverage": coverage}).now
        chances.append(now.outcome["breakthrough"] / now.deal)
    assert 0 < chances[0] < chances[1] < chances[2]
    now = look_ahead(GROUND, GROUND.central()).now
    share = joint_share(now.stand, now.gain)
    for package in now.signed:
        small = share[package] < 0.5 or len(GROUND.agenda.moved(package)) < 3
        assert (kind_of(now.stand, package, share) == "partial deal") == small


def changed(**changes: object) -> Ground:
    content = copy.deepcopy(raw())
    content.update(changes)
    talks = TalksSection.model_validate(content)
    return Ground.of(talks, table(talks))


def test_a_round_on_some_issues_settles_no_others() -> None:
    rounds = copy.deepcopy(raw()["round"])
    rounds[0]["issues"] = ["three", "four"]
    here = changed(round=rounds)
    coming = look_ahead(here, here.central()).rounds[1]
    assert len(coming.signable)
    for package in coming.signable:
        assert set(here.agenda.moved(int(package))) <= {2, 3}
    # the rounds around it keep the whole agenda
    assert any(
        set(here.agenda.moved(int(p))) - {2, 3}
        for p in look_ahead(here, here.central()).rounds[2].signable
    )


def test_nobody_falls_short_of_what_a_round_could_not_settle() -> None:
    content = copy.deepcopy(raw())
    content["issue"][1]["level"][1]["meets"] = {SIDES[0]: 0.4}
    content["round"][0]["issues"] = ["three", "four"]
    talks = TalksSection.model_validate(content)
    here = Ground.of(talks, table(talks))
    assert here.reach(SIDES[0], ("two", "three")) == 0.4
    assert here.reach(SIDES[0], ("three", "four")) == 0.0
    now, coming, after = look_ahead(here, here.central()).rounds
    audience = [r.stand.terms[0].terms[:, 4].min() for r in (now, coming, after)]
    assert audience[0] == audience[2] < 0
    assert audience[1] == 0


def test_settling_to_go_on_talking_is_no_deal() -> None:
    issues = copy.deepcopy(raw()["issue"])
    issues[3]["talk_only"] = True
    here = changed(issue=issues)
    plain = look_ahead(GROUND, GROUND.central()).now
    now = look_ahead(here, here.central()).now
    alone = here.agenda.number({"four": "done"})
    assert alone in plain.zone.members
    assert alone in now.zone.members
    assert alone not in now.signed
    assert any(3 in here.agenda.moved(p) for p in now.signed)


@settings(deadline=None, max_examples=25)
@given(st.integers(0, 10_000))
def test_worths_by_type_average_to_the_worth_of_what_happens(seed: int) -> None:
    """Sum over both types of P(type)·V(type), each term counted at the type's own worth."""
    values = draw_judgements(GROUND.judgements(), 1, seed)[0]
    # with nobody unwilling, the value of a willing side is the plain expectation
    sure = values | {f"party.{s}.unwilling": 0.0 for s in SIDES}
    result = look_ahead(GROUND, sure).rounds[-1]
    d = result.stand.disagreement[0]
    failure = [result.stand.of_party("failure_cost", k) for k in (0, 1)]
    fight = result.stand.fought["all threats carried out"]
    for k in (0, 1):
        p = result.both_ratify
        net = p * result.gain[:, k] - (1 - p) * failure[k]
        expected = sum(c * (net[x] + d[k]) for x, c in result.signed.items())
        expected += result.outcome["keep talking"] * result.talk[k]
        expected += result.outcome["no result"] * d[k]
        expected += result.outcome["breakdown"] * fight[k]
        assert result.value[k] == pytest.approx(expected, abs=1e-4)  # doubt of 1e-6 remains


def test_plays_end_as_often_as_the_odds_say() -> None:
    """All five endings of one round over many seeds, each within four standard errors."""
    here = changed(
        round=[], text_coverage=judged(0.5), threat=[{**raw()["threat"][0], "prior": judged(0.6)}]
    )
    horizon = look_ahead(here, here.central())
    count = 1500
    ends = [play(here, seed, horizon) for seed in range(count)]
    for name in OUTCOMES:
        p = horizon.outcome[name]
        found = sum(e.ending == name for e in ends) / count
        assert abs(found - p) <= 4 * np.sqrt(p * (1 - p) / count), (name, found, p)
    signed = {here.agenda.changes(p) for p in horizon.now.signed}
    assert {e.package for e in ends if e.package} <= signed
