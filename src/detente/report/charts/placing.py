"""Where do the words of a figure go so that none covers another?

Everything is in pixels of the plot, x to the right and y downwards. Widths of words are reckoned
from their letters, generously, because a page may show them in another typeface.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from detente.arrays import FloatArray

__all__ = ["Flag", "Place", "beside", "flags", "spread", "text_width"]

Align = Literal["left", "center", "right"]
Box = tuple[float, float, float, float]

#: Width of a letter and height of a line over the size of type.
LETTER, LINE = 0.56, 1.2
#: Between two words that stand side by side.
GAP = 5.0
#: Between a point, or a leader, and its words.
NEAR = 4.0
#: Half the size of a marked point.
POINT = 5.0
#: Steps away from a point at which its words are tried; beyond the first a leader is drawn.
REACH = (8.0, 22.0, 38.0)
#: Rounds in which every word is placed again, given all others.
ROUNDS = 3


def text_width(text: str, size: float = 11, bold: bool = False) -> float:
    """Pixels that words take.

    >>> round(text_width("keep talking"))
    74
    """
    return len(text) * size * (LETTER + (0.05 if bold else 0.0))


def spread(centres: Sequence[float], widths: Sequence[float], room: float) -> list[float] | None:
    """Centres of words on one line, moved as little as keeps them apart and inside.

    Parameters
    ----------
    centres
        Where they would best stand, from left to right.
    room
        Width of the line.

    Returns
    -------
    New centres; None where they do not fit.

    >>> spread([10.0, 90.0], [20.0, 40.0], 100.0)
    [10.0, 80.0]
    """
    left: list[float] = []
    for centre, width in zip(centres, widths, strict=True):
        free = left[-1] + widths[len(left) - 1] + GAP if left else 0.0
        left.append(max(centre - width / 2, free))
    end = room
    for k in range(len(left) - 1, -1, -1):
        left[k] = min(left[k], end - widths[k])
        end = left[k] - GAP
    if left and left[0] < -1e-9:
        return None
    return [x + width / 2 for x, width in zip(left, widths, strict=True)]


@dataclass(frozen=True)
class Flag:
    """Words at the top of a leader; level 0 is the lowest line."""

    level: int
    align: Align


def flags(at: Sequence[float], widths: Sequence[float], room: float) -> list[Flag] | None:
    """Lines and sides on which words stand by their leaders, on as few lines as possible.

    No words cover other words or the leader of another. None where that cannot be had.

    Parameters
    ----------
    at
        Where the leaders stand, from left to right.

    >>> flags([10.0, 30.0], [50.0, 50.0], 200.0)
    [Flag(level=1, align='left'), Flag(level=0, align='left')]
    """

    def span(k: int, align: Align) -> tuple[float, float]:
        if align == "left":
            return at[k], at[k] + NEAR + widths[k]
        if align == "right":
            return at[k] - NEAR - widths[k], at[k]
        return at[k] - widths[k] / 2, at[k] + widths[k] / 2

    def apart(k: int, flag: Flag, other: int, there: Flag) -> bool:
        mine, yours = span(k, flag.align), span(other, there.align)
        if flag.level == there.level:
            return mine[0] >= yours[1] + NEAR or yours[0] >= mine[1] + NEAR
        # the leader of the higher one passes the words of the lower one
        (start, end), x = (yours, at[k]) if flag.level > there.level else (mine, at[other])
        low = there if flag.level > there.level else flag
        start += NEAR * (low.align == "left")
        end -= NEAR * (low.align == "right")
        return not start - 2 < x < end + 2

    def place(k: int, lines: int, placed: dict[int, Flag]) -> dict[int, Flag] | None:
        if k < 0:
            return placed
        sides: tuple[Align, ...] = ("left", "right", "center")
        for flag in (Flag(level, align) for level in range(lines) for align in sides):
            ends = span(k, flag.align)
            if ends[0] < 0 or ends[1] > room:
                continue
            if all(apart(k, flag, other, there) for other, there in placed.items()):
                found = place(k - 1, lines, placed | {k: flag})
                if found is not None:
                    return found
        return None

    for lines in range(1, len(at) + 1):
        found = place(len(at) - 1, lines, {})
        if found is not None:
            return [found[k] for k in range(len(at))]
    return None if at else []


@dataclass(frozen=True)
class Place:
    """Where words stand: their anchor, and the distance from their point as a step of `REACH`.

    Attributes
    ----------
    tip
        Where a leader from the point ends.
    """

    x: float
    y: float
    align: Align
    step: int
    tip: tuple[float, float]

    @property
    def is_far(self) -> bool:
        """Whether a leader helps."""
        return self.step > 0

    def box(self, width: float, height: float) -> Box:
        """Left, top, right and bottom of the words."""
        shift = {"left": 0.0, "center": width / 2, "right": width}[self.align]
        left = self.x - shift
        return left, self.y - height / 2, left + width, self.y + height / 2


def beside(
    points: Sequence[tuple[float, float]],
    words: Sequence[str],
    room: tuple[float, float],
    crowd: ArrayLike = (),
    size: float = 11,
) -> list[Place]:
    """Words beside points: off each other, off other points, inside, and where it is emptiest.

    Each is tried on eight sides and three distances, and placed again when all others are.

    Parameters
    ----------
    room
        Width and height of the plot.
    crowd
        What else is drawn, [mark, (x, y, weight)]; words may cover it where nothing is free.

    >>> [place.align for place in beside([(50.0, 50.0), (60.0, 50.0)], ["one", "two"], (200, 100))]
    ['right', 'left']
    """
    marks = np.asarray(crowd, dtype=float).reshape(-1, 3)
    every = np.asarray(points, dtype=float).reshape(-1, 2)
    widths, height = [text_width(word, size) for word in words], LINE * size
    tried = [_around(x, y, height) for x, y in points]
    # what does not hang on the other words
    fixed = [
        [
            _alone(place, place.box(width, height), every, n, marks, room) + rank / 100
            for rank, place in enumerate(tried[n])
        ]
        for n, width in enumerate(widths)
    ]
    chosen: list[Place | None] = [None] * len(words)
    for _ in range(ROUNDS):
        for k, width in enumerate(widths):
            others = [
                (every[n], p, p.box(widths[n], height))
                for n, p in enumerate(chosen)
                if p is not None and n != k
            ]
            costs = [
                cost + sum(_together(every[k], place, place.box(width, height), *o) for o in others)
                for cost, place in zip(fixed[k], tried[k], strict=True)
            ]
            chosen[k] = tried[k][int(np.argmin(costs))]
    return [place for place in chosen if place is not None]


def _around(x: float, y: float, height: float) -> list[Place]:
    """Places around a point, the best first."""
    out: list[Place] = []
    for step, reach in enumerate(REACH):
        slant, above = (0.7 * reach if step else 7.0), reach + height / 2 - 1
        sides: list[tuple[float, float, Align]] = [
            (reach, 0.0, "left"),
            (slant, -slant, "left"),
            (slant, slant, "left"),
            (-reach, 0.0, "right"),
            (-slant, -slant, "right"),
            (-slant, slant, "right"),
            (0.0, -above, "center"),
            (0.0, above, "center"),
        ]
        for dx, dy, align in sides:
            back = {"left": (-2.0, 0.0), "right": (2.0, 0.0)}.get(
                align, (0.0, -np.sign(dy) * height / 2)
            )
            tip = (x + dx + back[0], y + dy + back[1])
            out.append(Place(x + dx, y + dy, align, step, tip))
    return out


def _alone(
    place: Place,
    box: Box,
    points: FloatArray,
    own: int,
    marks: FloatArray,
    room: tuple[float, float],
) -> float:
    """What is wrong with words in a place, whatever the other words."""
    left, top, right, bottom = box
    cost = 4.0 * place.step
    if left < 0 or top < 0 or right > room[0] or bottom > room[1]:
        cost += 1000.0
    wide = (left - POINT, top - POINT, right + POINT, bottom + POINT)
    cost += 100.0 * float(_inside(points, wide).sum())
    if place.is_far:
        rest = np.delete(points, own, axis=0)
        rest = rest[np.hypot(*(rest - points[own]).T) > POINT]
        line = _leader(points[own], place)
        near = np.hypot(*(rest[:, None] - line[None]).T).T < POINT
        cost += 20.0 * float(near.any(axis=1).sum())
    return cost + float(marks[_inside(marks, box), 2].sum())


def _together(
    point: FloatArray, place: Place, box: Box, other: FloatArray, there: Place, taken: Box
) -> float:
    """What is wrong with two words side by side."""
    cost = 0.0
    if box[0] < taken[2] + 2 and taken[0] < box[2] + 2 and box[1] < taken[3] and taken[1] < box[3]:
        cost += 1000.0
    if place.is_far:
        cost += 50.0 * bool(_inside(_leader(point, place), taken).any())
    if there.is_far:
        cost += 50.0 * bool(_inside(_leader(other, there), box).any())
    return cost


def _leader(point: FloatArray, place: Place) -> FloatArray:
    """Points along a leader."""
    steps = np.linspace(0, 1, 12)[:, None]
    out: FloatArray = point + steps * (np.array(place.tip) - point)
    return out


def _inside(points: FloatArray, box: Box) -> NDArray[np.bool]:
    left, top, right, bottom = box
    x, y = points[:, 0], points[:, 1]
    out: NDArray[np.bool] = (x > left) & (x < right) & (y > top) & (y < bottom)
    return out
