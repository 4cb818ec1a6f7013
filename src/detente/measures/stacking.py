"""What do measures of one instrument add up to where they meet?

On any part of a flow at most one measure of an instrument goes without a stacking rule; it comes
first. The others follow in order of their first day, then of the file: "add" adds its points,
"replace" drops what came before it. At the end "cap" bounds the sum, "exempt" restores the
baseline, and a denial (a content rule's barred origins) takes the level to zero.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from detente.arrays import FloatArray
from detente.measures.shock import IntArray


@dataclass(frozen=True, eq=False)
class Layer:
    """One measure's say on some parts.

    Attributes
    ----------
    parts
        Positions of the parts that it hits.
    rule
        "add", "replace", "cap", "exempt" or "deny".
    points
        What it adds to the baseline level on those parts, as fractions; for a cap, the bound less
        the baseline level; ignored for exemptions and denials.
    """

    parts: IntArray
    rule: str
    points: FloatArray


def stack(layers: Sequence[Layer], base: FloatArray) -> tuple[FloatArray, list[FloatArray]]:
    """What the layers add to `base` together, and what each of them contributes.

    Parameters
    ----------
    layers
        In their order of application.
    base
        Baseline level of the instrument on every part.

    Returns
    -------
    The sum by part, and for each layer its contribution on its own parts; contributions sum to
    the total.

    Examples
    --------
    >>> here = np.array([0])
    >>> total, each = stack(
    ...     [Layer(here, "add", np.array([0.25])), Layer(here, "add", np.array([0.10])),
    ...      Layer(here, "cap", np.array([0.30]))], np.array([0.05]))
    >>> print(round(float(total[0]), 2), [round(float(c[0]), 2) for c in each])
    0.3 [0.25, 0.1, -0.05]
    """
    order = {"add": 0, "replace": 0, "cap": 1, "exempt": 2, "deny": 3}
    total = np.zeros_like(base)
    contributions: list[FloatArray] = [np.zeros(len(layer.parts)) for layer in layers]
    done: list[int] = []
    for k in sorted(range(len(layers)), key=lambda k: order[layers[k].rule]):
        layer = layers[k]
        if layer.rule in ("replace", "exempt", "deny"):
            here = np.zeros(len(base), dtype=bool)
            here[layer.parts] = True
            for earlier in done:
                gone = here[layers[earlier].parts]
                contributions[earlier] = np.where(gone, 0.0, contributions[earlier])
            total[layer.parts] = 0.0
        if layer.rule in ("add", "replace"):
            contributions[k] = layer.points
        elif layer.rule == "cap":
            contributions[k] = np.minimum(layer.points - total[layer.parts], 0.0)
        elif layer.rule == "deny":
            contributions[k] = -base[layer.parts]
        total[layer.parts] += contributions[k]
        done.append(k)
    return total, contributions
