"""What can a government charge at its own border? Tariffs and trade-remedy duties.

All four move the import duty :math:`t_{nij}`; they are told apart because they have different
legal bases and add up: an anti-dumping duty comes on top of the customs tariff.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from detente.measures.base import Charge

_PAYER = "the importer's government collects"
_BASE = "t·(1 + e)(1 − s)V: the value at the border, before the duty"


class Tariff(Charge):
    """A customs duty on imports; `by` is the importer.

    Examples
    --------
    >>> duty = Tariff(by="USA", on="CHN", sectors=["motor_vehicles"], rate="+75 pp")
    >>> duty.rate
    Rate(value=0.75, kind='points', text='+75 pp')
    >>> Tariff(by="USA", on="CHN", sectors="all goods", rate=25)
    Traceback (most recent call last):
    ...
    detente.errors.MeasureError: tariff, rate: 25 is a bare number. Write "25 %" for the level, \
"+25 pp" to add points, or "+25 %" to raise the level by that share of itself.
    """

    kind: Literal["tariff"] = "tariff"
    moves: ClassVar[str] = "tariff"
    in_baseline: ClassVar[bool] = True
    wedge: ClassVar[str] = "t, import duty"
    payer: ClassVar[str] = _PAYER
    base: ClassVar[str] = _BASE
    meaning: ClassVar[str] = "customs duty of `by` on goods from `on`"


class AntiDumpingDuty(Charge):
    """A duty against dumped imports, on top of the customs tariff; may wait for a surge.

    Examples
    --------
    >>> duty = AntiDumpingDuty(
    ...     by="MEX", on="CHN", sectors="iron_steel", rate="80 %",
    ...     rule={"kind": "surge", "threshold": "+20 %", "of": "quantity"})
    >>> duty.surge.threshold
    0.2
    """

    kind: Literal["anti_dumping_duty"] = "anti_dumping_duty"
    moves: ClassVar[str] = "tariff"
    rate_kinds: ClassVar[tuple[str, ...]] = ("level", "points")
    wedge: ClassVar[str] = "t, import duty"
    payer: ClassVar[str] = _PAYER
    base: ClassVar[str] = _BASE
    meaning: ClassVar[str] = "duty against dumping, on top of the tariff"


class CountervailingDuty(Charge):
    """A duty against subsidised imports, on top of the customs tariff.

    Examples
    --------
    >>> CountervailingDuty(by="EU27", on="CHN", sectors="motor_vehicles", coverage="40 %",
    ...                    rate="20.7 %").coverage
    0.4
    """

    kind: Literal["countervailing_duty"] = "countervailing_duty"
    moves: ClassVar[str] = "tariff"
    rate_kinds: ClassVar[tuple[str, ...]] = ("level", "points")
    wedge: ClassVar[str] = "t, import duty"
    payer: ClassVar[str] = _PAYER
    base: ClassVar[str] = _BASE
    meaning: ClassVar[str] = "duty against subsidies, on top of the tariff"


class SafeguardDuty(Charge):
    """A duty against a surge of imports from everyone, on top of the customs tariff.

    Examples
    --------
    >>> SafeguardDuty(by="USA", on="all others", sectors="electronics", rate="30 %").on
    ('all others',)
    """

    kind: Literal["safeguard_duty"] = "safeguard_duty"
    moves: ClassVar[str] = "tariff"
    rate_kinds: ClassVar[tuple[str, ...]] = ("level", "points")
    wedge: ClassVar[str] = "t, import duty"
    payer: ClassVar[str] = _PAYER
    base: ClassVar[str] = _BASE
    meaning: ClassVar[str] = "duty against a surge of imports, on top of the tariff"
