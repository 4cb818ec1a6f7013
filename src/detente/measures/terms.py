"""On which terms? Budgets, limits and rules that a measure may carry instead of a rate."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from detente.errors import MeasureError, UnknownNameError
from detente.measures.rates import Amount, parse_amount, parse_change, parse_share

RELATIONS = ("at most", "at least")
LICENCES = ("importer", "exporter")
LIMITED = ("value", "quantity")
RULES = ("mirror", "surge")
WATCHES = ("same", "all sources")


def _known(kind: str, value: object, choices: tuple[str, ...], where: str) -> str:
    if not isinstance(value, str) or value not in choices:
        raise UnknownNameError(kind, str(value), choices, where=where)
    return value


def _keys(kind: str, given: Mapping[str, Any], choices: tuple[str, ...], where: str) -> None:
    for key in given:
        if key not in choices:
            raise UnknownNameError(f"key of {kind}", str(key), choices, where=where)


@dataclass(frozen=True)
class Budget:
    """Money to be spent over a number of years; the engine finds the rate that costs it.

    Attributes
    ----------
    amount
        The whole amount, such as 6.6 bn USD.
    years
        Over how many years it is paid out.
    """

    amount: Amount
    years: float

    @classmethod
    def read(cls, value: object, where: str = "") -> Budget:
        """From ``{ amount = "6.6 bn USD", years = 5 }``."""
        if isinstance(value, Budget):
            return value
        if not isinstance(value, Mapping) or "amount" not in value or "years" not in value:
            raise MeasureError(
                f'{where}: a budget is written {{ amount = "6.6 bn USD", years = 5 }}: both the '
                f"amount and the years over which it is paid; got {value!r}."
            )
        _keys("budget", value, ("amount", "years"), where)
        years = value["years"]
        if (
            isinstance(years, bool)
            or not isinstance(years, (int, float))
            or not math.isfinite(years)
            or years <= 0
        ):
            raise MeasureError(f"{where}: a budget's years are a positive number; got {years!r}.")
        amount = parse_amount(value["amount"], f"{where}, budget.amount")
        if amount.value <= 0:
            raise MeasureError(f'{where}: the budget "{amount}" must be positive.')
        return cls(amount, float(years))


@dataclass(frozen=True)
class Limit:
    """A bound on what is traded; the engine finds the wedge that holds it.

    Attributes
    ----------
    relation
        "at most" (quota, voluntary restraint) or "at least" (purchase commitment).
    of
        "quantity" (baseline prices) or "value" (customs value, before the duty).
    amount, change
        Exactly one: a yearly amount, or a change from the baseline as a fraction (−0.2).
    licence
        Who holds the right to trade and earns the rent: "importer" or "exporter".
    """

    relation: str
    of: str
    amount: Amount | None
    change: float | None
    licence: str | None

    @classmethod
    def read(cls, value: object, where: str = "") -> Limit:
        """From ``{ relation = "at most", change = "-20 %", of = "quantity" }``."""
        if isinstance(value, Limit):
            return value
        if not isinstance(value, Mapping):
            raise MeasureError(
                f'{where}: a limit is written {{ relation = "at most", change = "-20 %", '
                f'of = "quantity", licence = "importer" }}; got {value!r}.'
            )
        _keys("limit", value, ("relation", "of", "amount", "change", "licence"), where)
        if ("amount" in value) == ("change" in value):
            raise MeasureError(
                f'{where}: a limit needs exactly one of amount = "40 bn USD" and change = "-20 %".'
            )
        if "relation" not in value:
            raise MeasureError(
                f'{where}: a limit says relation = "at most" or "at least", and of = "quantity" or '
                '"value".'
            )
        relation = _known("relation", value.get("relation"), RELATIONS, f"{where}, limit.relation")
        of = _known("limited quantity", value.get("of"), LIMITED, f"{where}, limit.of")
        licence = value.get("licence")
        if licence is not None:
            licence = _known("licence holder", licence, LICENCES, f"{where}, limit.licence")
        amount = change = None
        if "amount" in value:
            amount = parse_amount(value["amount"], f"{where}, limit.amount")
            if amount.value <= 0:
                raise MeasureError(
                    f'{where}: the limit "{amount}" must be positive; use a ban to close a flow.'
                )
        else:
            change = parse_change(value["change"], f"{where}, limit.change")
            if change < -1:
                raise MeasureError(
                    f'{where}: the change "{value["change"]}" would leave less than nothing; a '
                    "limit takes away less than 100 %."
                )
            if change == -1:
                raise MeasureError(
                    f"{where}: a limit of −100 % closes the flow; use an import or export ban."
                )
        return cls(relation, of, amount, change, licence)


@dataclass(frozen=True)
class Mirror:
    """The rate follows another measure's average rate.

    Attributes
    ----------
    of
        Id of the measure that is mirrored.
    share
        Which part of its average rate is returned; 1 is tit for tat.
    """

    of: str
    share: float = 1.0


@dataclass(frozen=True)
class Surge:
    """The measure starts only if imports rise by more than a threshold.

    Attributes
    ----------
    threshold
        Rise over the baseline that starts it, as a fraction: 0.2 for "+20 %".
    of
        "quantity" or "value".
    watch
        "same": the flows that the measure hits; "all sources": the importer's imports of the
        sectors from everyone (safeguards).
    """

    threshold: float
    of: str = "quantity"
    watch: str = "same"


def read_rule(value: object, where: str = "") -> Mirror | Surge:
    """A rule from ``{ kind = "mirror", of = "id" }`` or ``{ kind = "surge", threshold = … }``.

    Examples
    --------
    >>> read_rule({"kind": "surge", "threshold": "+20 %"})
    Surge(threshold=0.2, of='quantity', watch='same')
    """
    if isinstance(value, (Mirror, Surge)):
        return value
    if not isinstance(value, Mapping):
        raise MeasureError(
            f'{where}: a rule is written {{ kind = "mirror", of = "measure-id", share = "100 %" }} '
            f'or {{ kind = "surge", threshold = "+20 %", of = "quantity" }}; got {value!r}.'
        )
    kind = _known("rule", value.get("kind"), RULES, f"{where}, rule.kind")
    if kind == "mirror":
        _keys("rule", value, ("kind", "of", "share"), where)
        of = value.get("of")
        if not isinstance(of, str) or not of:
            raise MeasureError(f'{where}: a mirror rule names the measure it mirrors: of = "…".')
        share = parse_share(value.get("share", "100 %"), f"{where}, rule.share")
        return Mirror(of, share)
    _keys("rule", value, ("kind", "threshold", "of", "watch"), where)
    threshold = parse_change(value.get("threshold"), f"{where}, rule.threshold")
    if threshold < 0:
        raise MeasureError(f'{where}: the threshold of a surge is a rise, such as "+20 %".')
    return Surge(
        threshold,
        _known("watched quantity", value.get("of", "quantity"), LIMITED, f"{where}, rule.of"),
        _known("watched flows", value.get("watch", "same"), WATCHES, f"{where}, rule.watch"),
    )
