"""Do worths by type, stakes and punishments follow from what happens, reckoned another way?"""

from __future__ import annotations

import copy
import dataclasses
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.talks.small_meeting import (
    MEASURES,
    SIDES,
    ground,
    judged,
    raw,
    table,
    worked_out,
)

from detente.talks.bands import draw_bands, draw_judgements
from detente.talks.checks import check_talks
from detente.talks.clock import reputation_clock
from detente.talks.ground import Ground, stand_at
from detente.talks.odds import tone_model
from detente.talks.outcome import (
    TONES,
    look_ahead,
    no_escalation,
    value_of_information,
    worth_meeting,
)
from detente.talks.readings import read_record
from detente.talks.section import ReadingSection, TalksSection
from detente.talks.table_round import (
    RoundResult,
    Text,
    choice_probabilities,
    joint_share,
    kind_of,
    one_side,
)
from detente.talks.third_parties import joining
from detente.talks.zopa import enforcement_room

#: Chains of sums and products; nothing but rounding.
EXACT = 1e-12
#: A trapezoid of 4,000 steps over smooth functions.
INTEGRATED = 1e-6
WAR = "all threats carried out"

GROUND = ground()


def changed(**changes: Any) -> Ground:
    content = copy.deepcopy(raw())
    content.update(changes)
    talks = TalksSection.model_validate(content)
    assert not check_talks(talks, MEASURES)
    return Ground.of(talks, table(talks))


# ---- worth by type, by integrating over the time at which somebody gives way ----------------


def gives_way(text: Text, side: int, times: np.ndarray, b: float) -> np.ndarray:
    """P that a willing side has given way by each time: the clock's, given that it is willing."""
    assert text.clock is not None
    return np.array([text.clock.conceded_by(side, t) for t in times]) / (1 - b)


def signs_first(
    text: Text, types: tuple[int, int], b: tuple[float, float], length: float
) -> tuple[float, float]:
    """P that side 1's demand, and that side 2's demand, is signed under a text, by types."""
    if text.clock is None:
        agreed = all(not types[k] or text.unwilling_sign[k] for k in (0, 1))
        return float(agreed), 0.0
    times = np.linspace(0.0, min(length, text.clock.duration), 4001)
    given_way = [
        gives_way(text, k, times, b[k]) if not types[k] else np.zeros(len(times)) for k in (0, 1)
    ]
    won = []
    for winner in (0, 1):
        loser = 1 - winner
        at, other = given_way[loser], given_way[winner]
        still = 1 - other
        share = at[0] * (1 if loser == 0 or not given_way[0][0] else still[0])
        share += float(np.sum(np.diff(at) * (still[1:] + still[:-1]) / 2))
        signs = not types[winner] or text.unwilling_sign[winner]
        won.append(share if signs else 0.0)
    return won[0], won[1]


def worth_by_type(result: RoundResult, side: int, kind: int) -> float:
    """What one side of one type may expect of a round, type of the other by type."""
    stand, values = result.stand, result.stand.values
    b = stand.unwilling
    other = 1 - side
    failure = stand.failure[side]
    p = result.both_ratify
    d = stand.disagreement[kind, side]
    net = p * (stand.worth[kind, :, side] - d) - (1 - p) * failure
    talk = (result.talk, result_talk_unwilling(result))[kind][side]
    total = 0.0
    for theirs, mass in ((0, 1 - b[other]), (1, b[other])):
        types = (kind, theirs) if side == 0 else (theirs, kind)
        one, two = (result.actions_by_type[k, types[k]] for k in (0, 1))
        fight = 1 - (1 - one[2]) * (1 - two[2])
        on = one[0] * two[0]
        nothing = on * talk + (1 - on - fight) * d + fight * stand.fought[WAR][side]
        here = (1 - result.ready * bool(result.texts)) * nothing
        for text in result.texts:
            mine = result.ready * text.chance
            won = signs_first(text, types, b, values["length"])
            here += mine * sum(w * (net[x] + d) for w, x in zip(won, text.demands, strict=True))
            here += mine * (1 - sum(won)) * nothing
        total += mass * here
    return total


def result_talk_unwilling(result: RoundResult) -> tuple[float, float]:
    """V_talk of unwilling sides after the last round: their status quo, less the cost."""
    stand = result.stand
    cost = [stand.of_party("talking_cost", k) * stand.of_party("pressure", k) for k in (0, 1)]
    rising = stand.disagreement[1] - stand.disagreement[0]
    return float(rising[0] - cost[0]), float(rising[1] - cost[1])


@settings(deadline=None, max_examples=15)
@given(st.integers(0, 10_000), st.sampled_from([0.1, 1.0, 5.0]))
def test_worths_by_type_are_what_the_types_may_expect(seed: int, length: float) -> None:
    values = draw_judgements(GROUND.judgements(), 1, seed)[0] | {"length": length}
    last = look_ahead(GROUND, values).rounds[-1]
    for side in (0, 1):
        for kind, found in ((0, last.value[side]), (1, last.value_unwilling[side])):
            expected = worth_by_type(last, side, kind)
            assert found == pytest.approx(expected, abs=INTEGRATED), (side, kind)


def test_the_law_above_holds_of_something() -> None:
    """Demands that agree and that differ; unwilling sides that sign and that do not."""
    texts = [
        text
        for seed in range(40)
        for text in look_ahead(GROUND, draw_judgements(GROUND.judgements(), 1, seed)[0])
        .rounds[-1]
        .texts
    ]
    assert {t.clock is None for t in texts} == {True, False}
    assert {s for t in texts for s in t.unwilling_sign} == {True, False}


@given(st.floats(0.0, 1.0), st.floats(0.05, 0.9), st.floats(0.05, 0.9))
def test_times_of_giving_way_invert_the_clock(uniform: float, first: float, second: float) -> None:
    clock = reputation_clock((2.0, 1.3), (first, second))
    for side, b in ((0, first), (1, second)):
        time = clock.time_of_concession(side, uniform)
        reached = uniform * (1 - b)
        assert 0 <= time <= clock.duration + EXACT
        assert clock.conceded_by(side, time) == pytest.approx(
            max(reached, clock.opening[side]), abs=1e-9
        )


# ---- stakes, punishments, kinds --------------------------------------------------------------


def test_the_stake_runs_from_the_worst_to_the_ideal_point() -> None:
    result = look_ahead(GROUND, GROUND.central()).now
    stand, values = result.stand, result.stand.values
    d, u = stand.disagreement[0], stand.worth[0]
    both = (u >= d).all(axis=1)
    for k in (0, 1):
        options = np.array([result.talk[k], result.end[k], result.escalate[k]])
        known = options[np.isfinite(options)]
        best = max(u[both, k].max(), known.max())
        worst = min(stand.fought[WAR][k], known.min())
        expected = choice_probabilities(
            options,
            values["record.logit_precision"],
            float(best - worst),
            stand.opening_tone[k],
            one_side(values["record.escalation_intercept"]),
        )
        np.testing.assert_allclose(result.actions_by_type[k, 0], expected, atol=EXACT)


def test_a_war_that_a_side_would_welcome_is_no_reward_for_a_breach() -> None:
    threat = {**raw()["threat"][0], "levels": {"three": "all", "four": "done"}}
    here = changed(threat=[threat])
    stand = look_ahead(here, here.central()).now.stand
    assert stand.fought[WAR][1] > 0
    side = here.sides[1]
    as_judged = enforcement_room(
        here.agenda, stand.worth[0, :, 1], 0.0, stand.discount[1], side.performed
    )
    np.testing.assert_allclose(stand.room[:, 1], as_judged, atol=EXACT)


def test_a_round_on_part_binds_its_issues_alone() -> None:
    rounds = copy.deepcopy(raw()["round"])
    rounds[0]["issues"] = ["one", "four"]
    here = changed(round=rounds)
    stand = look_ahead(here, here.central()).rounds[1].stand
    war = min(0.0, stand.fought[WAR][0])
    future = stand.discount[0] / (1 - stand.discount[0]) * (stand.worth[0, :, 0] - war)
    tempted = future - stand.room[:, 0]
    # side 1 performs "one" and "three": only "one" can be broken there
    u = stand.worth[0, :, 0].reshape(here.agenda.shape)
    expected = (u.max(axis=0, keepdims=True) - u).reshape(-1)
    np.testing.assert_allclose(tempted, expected, atol=1e-9)


def test_going_on_talking_binds_nothing() -> None:
    issues = copy.deepcopy(raw()["issue"])
    for which, kind in ((False, "breakthrough"), (True, "partial deal")):
        issues[3]["talk_only"] = which
        here = changed(issue=issues)
        now = look_ahead(here, here.central()).now
        three = here.agenda.number({"one": "eased", "two": "eased", "four": "done"})
        share = joint_share(now.stand, now.gain)
        assert share[three] >= here.central()["breakthrough_share"]
        assert kind_of(now.stand, three, share) == kind


# ---- other governments, the worth of meeting, doubts, allies ---------------------------------


def test_a_successor_that_changes_nothing_leaves_both_types_as_they_are() -> None:
    worth = []
    for hazard in (0.0, 1.0):
        values = GROUND.central() | {
            f"round.after.hazard.{SIDES[0]}": hazard,
            f"successor.{SIDES[0]}.acts": 0.0,
        }
        rounds = look_ahead(GROUND, values).rounds
        worth.append((rounds[0].value, rounds[0].value_unwilling, rounds[1].value_unwilling))
    np.testing.assert_allclose(np.array(worth[0]), np.array(worth[1]), atol=EXACT)


@settings(deadline=None, max_examples=20)
@given(st.integers(0, 10_000))
def test_the_worth_of_meeting_is_that_of_its_pieces(seed: int) -> None:
    values = draw_judgements(GROUND.judgements(), 1, seed)[0]
    values |= {f"party.{s}.talking_cost": 0.3 for s in SIDES}
    horizon = look_ahead(GROUND, values)
    now, stand = horizon.now, horizon.now.stand
    channel = 1 - now.outcome["no result"] - now.outcome["breakdown"]
    for k, worth in enumerate(worth_meeting(horizon)):
        waiting = max(0.0, now.talk[k] - now.end[k])
        p = now.both_ratify
        net = p * now.gain[:, k] - (1 - p) * values[f"party.{SIDES[k]}.failure_cost"]
        assert worth.deal == pytest.approx(
            sum(c * (net[x] - waiting) for x, c in now.signed.items()), abs=EXACT
        )
        calmer = no_escalation(now.outcome, values) - 1 + values["unintended_closed"]
        assert worth.calm == pytest.approx(calmer * max(0.0, -stand.fought[WAR][k]), abs=EXACT)
        cost = 0.3 * values[f"party.{SIDES[k]}.pressure"]
        assert worth.audience == pytest.approx(-cost, abs=EXACT)
        # told by the room before anything was said: from the prior on
        b = stand.unwilling[1 - k]
        unwilling = now.end[k] - cost
        willing = (now.talk[k] - b * unwilling) / (1 - b)
        model = tone_model(values, SIDES[1 - k], values["notice"] * channel)
        heard = [
            np.exp([model.private_log_likelihood(float(y), u, 0.0) for y in TONES])
            for u in (False, True)
        ]
        told = value_of_information(
            values[f"party.{SIDES[1 - k]}.unwilling"],
            *(h / h.sum() for h in heard),
            0.0,
            np.array([willing, unwilling, now.end[k]]),
        )
        assert worth.information == pytest.approx(told, abs=EXACT)


def test_some_room_is_worth_hearing() -> None:
    """Otherwise the last assertion above would hold of zeros."""
    values = GROUND.central() | {f"party.{s}.talking_cost": 0.3 for s in SIDES}
    found = [
        w.information
        for seed in range(20)
        for w in worth_meeting(
            look_ahead(
                GROUND,
                draw_judgements(GROUND.judgements(), 1, seed)[0]
                | {k: v for k, v in values.items() if k.endswith("talking_cost")},
            )
        )
    ]
    assert max(found) > 0


def test_draws_take_doubts_in_turn() -> None:
    other = dataclasses.replace(GROUND, war=(-0.5, -0.9))
    setting = {f"party.{SIDES[0]}.threshold": 0.05}
    mixed = draw_bands([GROUND], 6, 3, doubts=[(other, setting)])
    plain = draw_bands([GROUND], 6, 3)
    np.testing.assert_array_equal(mixed.values[::2], plain.values[::2])
    drawn = draw_judgements(GROUND.judgements(), 6, 3)
    talking = mixed.names.index("keep talking")
    for d in (1, 3, 5):
        found = look_ahead(other, drawn[d] | setting).outcome["keep talking"]
        assert mixed.values[d, talking] == pytest.approx(found, abs=EXACT)


def test_consulting_first_moves_what_a_threat_costs() -> None:
    ally = {
        "id": "ally",
        "title": "an ally",
        "economies": [SIDES[0]],
        "measures": ["back"],
        "alongside": "hit",
        "asked_by": SIDES[0],
        "salience": judged(0.01),
        "source": "invented",
    }
    here = changed(third_party=[ally])
    stand = stand_at(here, here.central())
    (found,) = joining(stand)
    added = stand.fought["third ally"][1] - stand.fought["threat hit"][1]
    assert found.sides[1] == pytest.approx(added, abs=EXACT)
    hit = stand.fought[f"against {SIDES[1]}"][1] + added
    expected = stand.carried_out[1] * min(0.0, hit)
    assert found.disagreement_with[1] == pytest.approx(expected, abs=EXACT)
    assert found.disagreement_with[0] == found.disagreement[0]


def test_stalling_is_waiting_that_no_package_beats() -> None:
    reading = ReadingSection(
        id="excuse", text="An excuse?", about="excuse-for-inaction", source="invented"
    )
    said = []
    for drift in (0.02, 5.0):
        content = copy.deepcopy(raw())
        content["party"][1]["drift"] = judged(drift)
        talks = TalksSection.model_validate(content)
        said.append(read_record(worked_out(Ground.of(talks, table(talks))), reading))
    assert "BBB if unwilling" in said[0]
    assert "would still bring" in said[0]
    assert "yes: waiting brings" in said[1]
