"""Do the laws of a meeting hold: mirrors, revealed cost, filters, break-evens, no prices?"""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from tests.talks import small_meeting

from detente.equilibrium import Specification
from detente.errors import CaseFileError, InputError
from detente.talks.given import MeetingGiven
from detente.talks.results import TalksResults
from detente.talks.run import run_talks

#: Sums and products of a handful of numbers.
EXACT = 1e-9
#: Two equilibria solved to 1e-10, in percent.
SOLVED = 1e-7


@pytest.fixture(scope="module")
def found() -> TalksResults:
    return run_talks(small_meeting.given(), world=small_meeting.world())


def run(**changes: Any) -> TalksResults:
    return run_talks(small_meeting.given(**changes), world=small_meeting.world())


def parties(**numbers: float) -> dict[str, Any]:
    """Both sides with these numbers."""
    return {name: dict(numbers) for name in small_meeting.SIDES}


def test_swapping_the_parties_mirrors_everything(found: TalksResults) -> None:
    other = run(parties=["FOR", "HOM"])
    for here, there in zip(found.packages, other.packages, strict=True):
        assert here.levels == there.levels
        for name in ("trade", "cost", "beyond", "worth", "signs", "home"):
            assert getattr(here, name) == getattr(there, name)[::-1]
        assert (here.in_zone, here.on_frontier) == (there.in_zone, there.on_frontier)
    assert found.nash == other.nash
    assert found.frontier_ends == (other.frontier_ends or ())[::-1]
    assert found.odds == other.odds
    assert found.linkage == (other.linkage or ())[::-1]
    assert found.holding == (other.holding or ())[::-1]
    assert found.worth_of_no_escalation == (other.worth_of_no_escalation or ())[::-1]
    assert [w.moved for w in found.what_if] == [w.moved[::-1] for w in other.what_if]
    assert [w.zone_share for w in found.what_if] == [w.zone_share for w in other.what_if]


def test_dropping_an_own_costly_measure_alone_is_worth_nothing_at_cost() -> None:
    """κ = 1, v = 0: what was revealed to be worth its cost is given up for nothing."""
    out = run(parties=parties(kappa=1.0))
    agenda = out.agenda
    for issue, level in agenda.moves:
        item, package = agenda.items[issue], out.packages[agenda.alone(issue, level)]
        for side in item.by:
            if len(item.by) == 1 and not any(item.beyond[level]) and package.trade[side] > 0:
                assert abs(package.worth[side]) < SOLVED
    assert any(p.cost[0] > 0 for p in out.packages)


def test_a_mirror_is_worth_what_the_other_gives_up(found: TalksResults) -> None:
    """Where both move, only the own part of the gain is set against κ."""
    both = found.packages[found.agenda.number({"mirror": "none"})]
    assert 0 < both.cost[0] < both.trade[0]


@pytest.mark.parametrize("number", ["kappa", "q"])
def test_the_zone_shrinks_in_kappa_and_q(number: str) -> None:
    calm = {"measures": ["h-war", "f-war"], "chance": 0.0, "source": "invented"}
    zones = []
    for value in (1.0, 1.6, 9.0):
        given = value if number == "kappa" else 0.1 * (value - 1.0)
        out = run(parties=parties(**{number: given}), fallback=calm)
        assert out.zone is not None
        zones.append((set(out.zone.members.tolist()), out.odds.zone_share))
    for (wide, often), (narrow, seldom) in pairwise(zones):
        assert narrow <= wide
        assert seldom <= often
    assert zones[-1][0] < zones[0][0]


def test_the_zone_grows_in_the_chance_of_a_fallback_that_hurts_both() -> None:
    fallback = {"measures": ["h-war", "f-war"], "source": "invented"}
    zones = []
    for chance in (0.0, 0.05, 0.5):
        out = run(fallback=fallback | {"chance": chance})
        assert out.worths is not None
        assert (out.worths.threatened < 0).all()
        assert out.zone is not None
        zones.append(set(out.zone.members.tolist()))
    assert zones[0] < zones[-1]
    assert zones[0] <= zones[1] <= zones[-1]


def test_the_zone_without_the_threat_is_that_at_no_chance(found: TalksResults) -> None:
    calm = run(fallback={"measures": ["h-war", "f-war"], "chance": 0.0, "source": "invented"})
    assert found.calm is not None
    assert calm.zone is not None
    assert found.calm.members.tolist() == calm.zone.members.tolist()
    assert found.calm.nash == calm.zone.nash


def test_a_break_even_put_back_gives_worth_at_its_threshold(found: TalksResults) -> None:
    assert found.worths is not None
    seen = set()
    for there in found.break_evens:
        for at, threshold in (
            (there.at, found.worths.no_deal[there.side]),
            (there.without_threat, 0.0),
        ):
            if at is None:
                continue
            worths = found.worths
            if there.what == "kappa":
                kappa = worths.kappa.copy()
                kappa[there.side] = at
                worths = worths.with_(kappa=kappa)
            elif there.what != "q":
                names = [item.name for item in found.agenda.items]
                beyond = worths.beyond.copy()
                beyond[there.package, there.side, names.index(there.what)] = at
                worths = worths.with_(beyond=beyond)
            worth = worths.total[there.package, there.side]
            needed = threshold + (at if there.what == "q" else 0.0)
            assert worth == pytest.approx(needed, abs=EXACT)
            seen.add(there.what)
    assert {"kappa", "q", "duties", "mirror"} <= seen


def test_a_case_without_prices_needs_no_world() -> None:
    issue = {
        "chips": {
            "by": "HOM",
            "levels": {"shut": [], "open": []},
            "beyond": {"open": {"HOM": -0.01, "FOR": 0.02}},
        },
        "summit": {
            "by": ["HOM", "FOR"],
            "levels": {"none": [], "set": []},
            "beyond": {"set": {"HOM": 0.02, "FOR": 0.01}},
        },
    }
    section = small_meeting.section(
        issue=issue,
        always=None,
        what_if=None,
        next_government=None,
        fallback={"measures": [], "source": "nothing was threatened"},
    )
    out = run_talks(MeetingGiven("talk", section))
    assert not out.priced
    assert out.profile.is_default
    assert out.nash == out.agenda.number({"chips": "open", "summit": "set"})
    assert out.packages[out.nash].worth == pytest.approx((0.01, 0.03))
    assert out.odds.zone_share is not None
    assert 0.3 < out.odds.zone_share < 0.7
    assert out.worth_of_no_escalation == (0.0, 0.0)


def test_without_issues_there_are_odds_alone() -> None:
    bare = dict.fromkeys(("issue", "always", "fallback", "what_if", "next_government"))
    out = run_talks(MeetingGiven("bare", small_meeting.section(**bare)))
    assert out.odds.zone_share is None
    assert out.odds.case == out.odds.record.odds
    assert (out.packages, out.zone, out.delay) == ((), None, None)


def test_an_empty_zone_names_the_filter_and_the_nearest_package() -> None:
    out = run(parties={"HOM": {"q": 5.0}, "FOR": {}})
    assert out.zone is not None
    assert not len(out.zone.members)
    assert out.nash is None
    blocked = out.zone.emptied_by
    assert blocked is not None
    assert (blocked.side, blocked.filter) == (0, "home")
    assert out.zone.nearest is not None
    assert out.worths is not None
    room = out.worths.total[out.zone.nearest] - out.worths.no_deal
    assert out.zone.short == pytest.approx((5.0 - room[0], 0.0))
    assert out.delay is not None
    assert out.holding is None


def test_what_is_settled_beforehand_leaves_the_table(found: TalksResults) -> None:
    joined, opened = found.what_if
    assert joined.economies["FOR"] < 0
    assert joined.moved[0] == pytest.approx(joined.economies["HOM"])
    assert opened.moved == pytest.approx((-0.01, 0.02))
    assert opened.nash is not None
    assert "chips" not in opened.nash
    assert set(opened.economies.values()) == {0.0}


def test_where_all_is_settled_nothing_shifts_the_odds() -> None:
    everything = {"duties": "none", "farm": "lifted", "mirror": "none", "chips": "open"}
    (out,) = run(what_if={"all": {"issue": everything}}).what_if
    assert (out.zone_share, out.nash, out.members) == (None, None, 0)
    assert out.odds.case == out.odds.record.odds


def test_the_next_government_is_a_line_of_its_own(found: TalksResults) -> None:
    line = found.next_government
    assert line is not None
    assert line.carried == pytest.approx(tuple(0.4 * u for u in line.worth))
    assert run(next_government=None).next_government is None


def test_blocks_are_packages_that_one_side_alone_stops(found: TalksResults) -> None:
    assert found.calm is not None
    total = found.worths.total if found.worths is not None else np.zeros((0, 2))
    blocked = [b for b in found.calm.blocks if b.alone]
    assert {b.side for b in blocked} == {0, 1}
    for block in blocked:
        for package in block.alone:
            assert total[package, block.side] <= 0 < total[package, 1 - block.side]
        assert block.short == pytest.approx(-total[block.alone[0], block.side])


def test_finished_prices_are_kept(tmp_path, found: TalksResults) -> None:
    given, world = small_meeting.given(), small_meeting.world()
    first = run_talks(given, world=world, folder=tmp_path)
    assert list(tmp_path.iterdir())
    again = run_talks(given, world=world, folder=tmp_path)
    assert first.packages == again.packages == found.packages


@pytest.mark.parametrize("wrong", [{"draws": 0}, {"seed": -1}])
def test_no_draws_and_no_seed(wrong: dict[str, int]) -> None:
    with pytest.raises(InputError, match=next(iter(wrong))):
        run_talks(small_meeting.given(), world=small_meeting.world(), **wrong)


def test_measures_on_the_table_need_a_world() -> None:
    with pytest.raises(InputError, match="world"):
        run_talks(small_meeting.given())


def test_what_is_wrong_is_said_at_once() -> None:
    given = small_meeting.given(always=["h-nothing"], my_odds=[0.5, 0.5, 0.5, 0, 0])
    with pytest.raises(CaseFileError) as told:
        run_talks(given, world=small_meeting.world())
    assert len(str(told.value).splitlines()) == 2


def test_the_pair_is_known_without_naming_its_profile() -> None:
    bare = dict.fromkeys(("issue", "always", "fallback", "what_if", "next_government", "tone"))
    section = small_meeting.section(parties=["CHN", "USA"], **bare)
    out = run_talks(MeetingGiven("pair", section))
    assert out.profile.name == "us-china"
    assert [side.capital for side in out.parties] == ["Beijing", "Washington"]
    assert not out.profile.is_default


def test_statements_move_the_reading_and_no_odds(found: TalksResults) -> None:
    said = [{"by": "FOR", "setting": "public", "tone": -8, "source": "invented"}]
    calm, pressed = (run(said=said, pressure={"FOR": p}) for p in (0.0, 1.0))
    assert calm.odds == pressed.odds == found.odds
    assert found.reading == {}
    prior = calm.reading["FOR"].prior
    assert prior < pressed.reading["FOR"].probability < calm.reading["FOR"].probability
    assert {j.name for j in calm.judged} >= {"unwilling.FOR", "pressure.FOR", "candour"}


def test_a_side_without_a_tone_counts_as_neutral() -> None:
    bare = dict.fromkeys(("issue", "always", "fallback", "what_if", "next_government"))
    out = run_talks(MeetingGiven("bare", small_meeting.section(tone={"HOM": 4}, **bare)))
    assert [(t.value, t.known) for t in out.tones] == [(4.0, True), (0.0, False)]
    assert out.signs.tone == pytest.approx(0.2)


def test_in_the_short_run_workers_stay_in_their_sectors(found: TalksResults) -> None:
    world, given = small_meeting.world(), small_meeting.given(horizon="short run")
    short = run_talks(given, world=world)
    named = run_talks(
        small_meeting.given(), world=world, specification=Specification(labour="specific")
    )
    assert short.packages == named.packages
    assert short.packages != found.packages


def test_a_side_may_speak_for_several_economies() -> None:
    alone = run(parties={"HOM": {}, "Others": {"economies": ["FOR", "RST"]}}, **OTHERS)
    assert alone.parties[1].economies == ("FOR", "RST")
    assert alone.packages[1].trade[1] != 0


#: The meeting with the other side under another name.
OTHERS: dict[str, Any] = {
    "tone": {"HOM": 3},
    "what_if": {},
    "issue": {"farm": {"by": "Others", "levels": {"kept": ["f15"], "lifted": []}}},
}
