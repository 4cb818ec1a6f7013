"""Does a given number come before the profile's, and the profile's before any pair's?"""

from __future__ import annotations

from typing import Any

import pytest
from tests.talks import small_meeting

from detente.errors import UnknownNameError
from detente.talks.judged import judged_numbers
from detente.talks.profile import Judged, list_profiles, party_ids, profile_of, sides_of
from detente.talks.section import TalksSection


def section(parties: Any, **changes: Any) -> TalksSection:
    return TalksSection.model_validate(
        {"date": "2025-10-30", "level": "leader", "parties": parties} | changes
    )


def test_a_profile_is_found_by_its_name_or_its_pair() -> None:
    assert list_profiles() == ("us-china",)
    for parties in ("us-china", ["USA", "CHN"], ["CHN", "USA"], {"CHN": {}, "USA": {"q": 0.1}}):
        assert profile_of(section(parties)).name == "us-china"
    assert profile_of(section(["USA", "EU27"])).is_default
    with pytest.raises(UnknownNameError, match="us-china"):
        profile_of(section("us-chna"))


def test_a_named_profile_brings_its_parties_in_order() -> None:
    assert party_ids(section({"profile": "us-china", "CHN": {"q": 0.1}})) == ("USA", "CHN")
    assert party_ids(section(["CHN", "USA"])) == ("CHN", "USA")


def test_what_the_file_gives_comes_first() -> None:
    first, second = sides_of(section({"profile": "us-china", "CHN": {"kappa": 1.8, "q": 0.1}}))
    assert (first.kappa.value, first.kappa.given) == (1.3, False)
    assert (first.kappa.low, first.kappa.high) == (1.0, 2.0)
    assert (second.kappa.value, second.kappa.default, second.kappa.given) == (1.8, 1.3, True)
    assert (second.kappa.low, second.kappa.high) == pytest.approx((1.5, 2.5))
    assert second.q.low < second.q.value < second.q.high
    assert second.capital == "Beijing"


def test_ranges_stay_within_what_a_number_can_be() -> None:
    first, _ = sides_of(section({"USA": {"kappa": 1.0}, "CHN": {}}))
    assert (first.kappa.low, first.kappa.value) == (1.0, 1.0)
    profile = profile_of(section("us-china"))
    sure = profile.judged("e", 0.95, "fallback.chance")
    assert (sure.low, sure.high) == (pytest.approx(0.77), 1.0)


def test_names_of_a_pair_without_a_profile() -> None:
    first, second = sides_of(section(["JPN", "EU27"]))
    assert (first.name, second.name) == ("Japan", "European Union")
    first, second = sides_of(small_meeting.section(), small_meeting.world())
    assert (first.name, first.economies) == ("HOM", ("HOM",))


def test_every_judged_number_says_whether_it_was_given() -> None:
    given = small_meeting.section(
        said=[{"by": "FOR", "setting": "public", "tone": -8, "source": "x"}], candour=0.7
    )
    numbers: dict[str, Judged] = judged_numbers(
        given, profile_of(given), sides_of(given, small_meeting.world())
    )
    assert {name for name, n in numbers.items() if not n.given} == {
        *(f"parties.{p}.{n}" for p in ("HOM", "FOR") for n in ("kappa", "q", "tau", "drift")),
        "unwilling.FOR",
        "pressure.FOR",
    }
    worth = numbers["issue.chips.beyond.open.HOM"]
    assert (worth.low, worth.high, worth.default) == (pytest.approx(-0.03), -0.01 / 3, None)
    assert all(n.low <= n.value <= n.high for n in numbers.values())
    assert all(n.source or n.given for n in numbers.values())
