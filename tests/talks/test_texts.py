"""Does a text cover what it says, and is what can be signed under it found rightly?"""

from __future__ import annotations

import copy
import dataclasses
from itertools import product

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.talks.small_meeting import SIDES, ground, judged, raw, table

from detente.errors import InputError
from detente.talks.bands import draw_judgements
from detente.talks.ground import Ground, stand_at
from detente.talks.odds import belief_about
from detente.talks.outcome import look_ahead, no_escalation, worth_meeting
from detente.talks.play import play
from detente.talks.section import TalksSection
from detente.talks.table_round import OUTCOMES, joint_share, kind_of
from detente.talks.texts import favourites_by_text, text_chances
from detente.talks.zopa import linkage_value

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


def test_a_round_that_can_settle_everything_is_no_restricted_one() -> None:
    rounds = copy.deepcopy(raw()["round"])
    rounds[0]["issues"] = [i["id"] for i in raw()["issue"]]
    here, there = look_ahead(GROUND, GROUND.central()), changed(round=rounds)
    found = look_ahead(there, there.central())
    assert found.now.outcome == here.now.outcome
    assert found.rounds[1].value == here.rounds[1].value
    assert not found.rounds[1].on_part


def test_what_a_round_on_part_settles_leaves_the_rest_to_be_talked_about() -> None:
    rounds = copy.deepcopy(raw()["round"])
    rounds[0]["issues"] = ["three", "four"]
    here = changed(round=rounds)
    coming = look_ahead(here, here.central()).rounds[1]
    assert coming.on_part
    assert coming.deal > 0
    # against things as they are: the threat of no deal buys nothing there
    assert np.allclose(coming.gain, coming.stand.worth[0])
    # and whoever signs talks on: no signing side is below the worth of talking on
    both = coming.both_ratify[:, None]
    net = both * coming.gain - (1 - both) * np.asarray(coming.stand.failure)
    assert (net[coming.signable] > 0).all()
    # deals on the agenda by the last round: the round on part only passes the talks on
    horizon = look_ahead(here, here.central())
    first, part, last = horizon.rounds
    chain = (
        first.deal
        + first.outcome["keep talking"] * (part.outcome["keep talking"] + part.deal) * last.deal
    )
    assert horizon.deal_by(2) == pytest.approx(chain, abs=EXACT)


def test_what_is_asked_of_a_round_on_part_is_asked_in_proportion() -> None:
    content = copy.deepcopy(raw())
    content["party"][0]["threshold"] = judged(0.1)
    content["party"][0]["threshold_drift"] = judged(0.0)
    content["issue"][1]["level"][1]["meets"] = {SIDES[0]: 0.4}
    content["round"][0]["issues"] = ["three", "four"]
    content["round"][1]["issues"] = ["two", "four"]
    talks = TalksSection.model_validate(content)
    here = Ground.of(talks, table(talks))
    now, part, other = look_ahead(here, here.central()).rounds
    assert now.stand.failure[0] == here.central()[f"party.{SIDES[0]}.failure_cost"]
    assert part.stand.failure[0] == 0  # nothing that was demanded can be met there
    assert other.stand.failure[0] == now.stand.failure[0]  # all of it can
    most = now.stand.support[:, 0].max()
    levels = here.agenda.levels
    of_part = part.stand.support[(levels[:, 0] == 0) & (levels[:, 1] == 0), 0].max()
    assert part.stand.threshold[0] == pytest.approx(0.1 * of_part / most, abs=EXACT)
    # what the round does not settle cannot be broken there
    assert (part.stand.room[:, 0] >= now.stand.room[:, 0] - 1).all()
    assert not np.array_equal(part.stand.room, now.stand.room)


def test_a_threat_that_its_target_would_welcome_counts_as_none() -> None:
    threat = {**raw()["threat"][0], "levels": {"three": "all", "four": "done"}}
    here = changed(threat=[threat])
    stand = look_ahead(here, here.central()).now.stand
    assert stand.fought[f"against {SIDES[1]}"][1] > 0
    assert stand.disagreement[0, 1] == 0
    plain = look_ahead(GROUND, GROUND.central()).now.stand
    assert plain.disagreement[0, 1] < 0


def test_closing_words_count_for_the_readings_alone() -> None:
    content = copy.deepcopy(raw())
    last = {**content["statement"][0], "id": "last", "score": 6.0}
    open_words = {**content, "statement": [*content["statement"], last]}
    closing = {**content, "statement": [*content["statement"], {**last, "closing": True}]}
    found = []
    for each in (content, open_words, closing):
        talks = TalksSection.model_validate(each)
        here = Ground.of(talks, table(talks))
        horizon = look_ahead(here, here.central())
        full = belief_about(talks, talks.parties[1], here.central()).posterior
        found.append((horizon.now.outcome["keep talking"], full))
    assert found[0][0] == found[2][0] != found[1][0]
    assert found[1][1] == found[2][1] != found[0][1]


def test_waiting_alone_gains_an_unwilling_side_nothing() -> None:
    """With no deal, no cost and no change of government, V_talk of a drifting side is its d."""
    content = copy.deepcopy(raw())
    for party in content["party"]:
        party["talking_cost"] = judged(0.0)
        party["threshold"] = judged(9.0)  # nothing gets home
        party["drift"] = judged(0.05)
    content["round"][1].pop("hazard")
    content["threat"] = []
    content["successor"] = []
    talks = TalksSection.model_validate(content)
    here = Ground.of(talks, table(talks))
    horizon = look_ahead(here, here.central())
    for k in (0, 1):
        d = horizon.rounds[-1].stand.disagreement[1, k]
        assert d > horizon.now.stand.disagreement[1, k]
    # the value of each later round is its own d, so talking on is worth today's
    values = [r.value_unwilling for r in horizon.rounds]
    for n, result in enumerate(horizon.rounds):
        for k in (0, 1):
            assert values[n][k] == pytest.approx(result.stand.disagreement[1, k], abs=1e-12)


def test_leaders_at_this_meeting_leave_later_rounds_as_they_are() -> None:
    here = dataclasses.replace(GROUND, talks=GROUND.talks.model_copy(update={"leaders": True}))
    with_leaders = look_ahead(here, here.central())
    plain = look_ahead(GROUND, GROUND.central())
    assert with_leaders.now.ready > plain.now.ready
    assert [r.ready for r in with_leaders.rounds[1:]] == [r.ready for r in plain.rounds[1:]]


def test_calm_counts_what_the_meeting_brings_too() -> None:
    horizon = look_ahead(GROUND, GROUND.central())
    values = GROUND.central()
    calmer = no_escalation(horizon.outcome, values) - (1 - values["unintended_closed"])
    for k, worth in enumerate(worth_meeting(horizon)):
        loss = -min(0.0, horizon.now.stand.fought["all threats carried out"][k])
        assert worth.calm == pytest.approx(calmer * loss, abs=EXACT)


def test_an_issue_alone_is_held_to_no_demand_that_it_cannot_meet() -> None:
    """With the audience's demand on one issue, each other issue can still be settled alone."""
    content = copy.deepcopy(raw())
    for party in content["party"]:
        party["audience_cost"] = judged(0.5)
    talks = TalksSection.model_validate(content)
    here = Ground.of(talks, table(talks))
    agenda = here.agenda
    stand = look_ahead(here, here.central()).now.stand
    u, d = stand.worth[0], stand.disagreement[0]
    alone = [
        stand_at(here, here.central(), 0.0, stand.beliefs, (i.id,)).worth[0] for i in talks.issues
    ]
    members = np.flatnonzero((u > d).all(axis=1))
    _, held = linkage_value(agenda, u, d, 0.5, members)
    _, free = linkage_value(agenda, u, d, 0.5, members, alone)
    assert held == agenda.status_quo
    assert set(agenda.moved(free)) == {2, 3}  # both gain on these two
