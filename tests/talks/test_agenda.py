"""Are packages numbered, named and counted as a reader would by hand?"""

from __future__ import annotations

import numpy as np
import pytest
from tests.talks import small_meeting

from detente.errors import UnknownNameError
from detente.talks.agenda import Agenda, agenda_of, coarser


@pytest.fixture(scope="module")
def agenda() -> Agenda:
    return agenda_of(small_meeting.section(), small_meeting.SIDES)


def test_every_package_is_numbered_once(agenda: Agenda) -> None:
    assert agenda.size == 3 * 2 * 2 * 2
    assert len({agenda.names(k) for k in range(agenda.size)}) == agenda.size
    assert [agenda.at(agenda.levels[k]) for k in range(agenda.size)] == list(range(agenda.size))
    assert agenda.measures(0) == ("h20", "f15", "h-cars", "f-cars")


def test_sets_of_measures_are_fewer_than_packages(agenda: Agenda) -> None:
    named = {frozenset(agenda.measures(k)) for k in range(agenda.size)}
    assert agenda.sets == len(named) == 12


def test_names_lead_to_packages(agenda: Agenda) -> None:
    package = agenda.number({"duties": "none", "chips": "open"})
    assert agenda.names(package) == ("none", "kept", "both", "open")
    assert agenda.beyond[package].tolist() == [[0, 0, 0, -0.01], [0, 0, 0, 0.02]]
    with pytest.raises(UnknownNameError, match="duties"):
        agenda.number({"duty": "none"})
    with pytest.raises(UnknownNameError, match='issue "duties"'):
        agenda.number({"duties": "gone"})


def test_an_empty_agenda_has_the_one_package_of_how_things_are() -> None:
    empty = Agenda(())
    assert (empty.size, empty.number({}), empty.names(0), list(empty.moves)) == (1, 0, (), [])
    assert empty.beyond.shape == (1, 2, 0)


def test_moving_one_issue_leaves_the_others(agenda: Agenda) -> None:
    for issue, level in agenda.moves:
        at = agenda.levels[agenda.alone(issue, level)]
        assert at[issue] == level
        assert np.delete(at, issue).sum() == 0


@pytest.mark.parametrize(
    ("counts", "most", "cuts"),
    [
        ({"a": 3, "b": 3}, 9, ()),
        ({"a": 30, "b": 30}, 500, (("a", 16),)),
        ({"a": 4, "b": 9}, 20, (("b", 5),)),
        (dict.fromkeys("abcdefghij", 2), 500, ()),
    ],
)
def test_the_widest_issue_is_coarsened(
    counts: dict[str, int], most: int, cuts: tuple[tuple[str, int], ...]
) -> None:
    assert coarser(counts, most) == cuts
    if cuts:
        assert np.prod(list((counts | dict(cuts)).values())) <= most
