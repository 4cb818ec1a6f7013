"""What can a government forbid or make harder? Bans, export controls and red tape.

They raise the resource cost :math:`\\delta_{nij}`, which nobody earns; a ban is an infinite one.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import ClassVar, Literal

from pydantic import Field

from detente.errors import MeasureError
from detente.measures.base import Bilateral, Instrument, Rated, Triggered

_NOBODY = "nobody: the cost is used up"


class Ban(Bilateral, Triggered):
    """What bans share: the covered share of a flow ends."""

    hints: ClassVar[Mapping[str, str]] = {
        **Instrument.hints,
        "stacking": "Bans do not stack (closed is closed); only an exemption, a carve-out, means "
        "something here.",
    }
    moves: ClassVar[str] = "resource_cost"
    wedge: ClassVar[str] = "δ = ∞, closed"
    payer: ClassVar[str] = _NOBODY
    base: ClassVar[str] = "the covered share of the flow ends"

    stacking: Literal["exempt"] | None = Field(
        default=None, description="how it meets measures of its kind"
    )

    def wrong_amount(self) -> Iterator[MeasureError]:
        """Nothing: a ban has no rate."""
        yield from ()


class ImportBan(Ban):
    """An import ban: `by` no longer buys the covered share from `on`.

    Examples
    --------
    >>> ImportBan(by="USA", on="CHN", sectors="textiles", coverage="20 %").kind
    'import_ban'
    """

    kind: Literal["import_ban"] = "import_ban"
    meaning: ClassVar[str] = "`by` stops buying from `on`"


class ExportBan(Ban):
    """An export ban or export control: `by` no longer sells the covered share to `on`.

    Examples
    --------
    >>> ExportBan(by="USA", on="CHN", sectors="electronics", coverage="15 %").side
    'exporter'
    """

    kind: Literal["export_ban"] = "export_ban"
    side: ClassVar[str] = "exporter"
    meaning: ClassVar[str] = "`by` stops selling to `on` (export control)"


class NonTariffBarrier(Bilateral, Rated, Triggered):
    """Licensing, testing, delay: what the importer pays more and nobody earns.

    The rate is a change of the whole cost: "+10 %" makes :math:`\\hat\\delta = 1.1`; "-5 %" makes
    trade easier.

    Examples
    --------
    >>> NonTariffBarrier(by="CHN", on="USA", sectors="agriculture", rate="+10 %").rate.value
    0.1
    """

    kind: Literal["non_tariff_barrier"] = "non_tariff_barrier"
    moves: ClassVar[str] = "resource_cost"
    hints: ClassVar[Mapping[str, str]] = {
        **Instrument.hints,
        "stacking": "A non-tariff barrier cannot be a cap.",
    }
    rate_kinds: ClassVar[tuple[str, ...]] = ("relative",)
    wedge: ClassVar[str] = "δ, resource cost"
    payer: ClassVar[str] = _NOBODY
    base: ClassVar[str] = "δ̂ = 1 + rate on the whole price"
    meaning: ClassVar[str] = "licensing, testing or delay that `by` puts on goods from `on`"

    stacking: Literal["add", "replace", "exempt"] | None = Field(
        default=None, description="how it meets measures of its kind"
    )

    def wrong_rates(self) -> Iterator[MeasureError]:
        """A price must be left."""
        for rate in self.rates:
            if rate.value <= -1:
                yield MeasureError(f'"{rate}" leaves no price.', "rate")
