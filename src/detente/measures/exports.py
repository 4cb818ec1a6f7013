"""What can a government charge or pay on its own exports?

Both move :math:`e_{nij}`: a tax is positive, a subsidy negative.
"""

from __future__ import annotations

from typing import ClassVar, Literal

from detente.measures.base import Budgeted, Charge

_BASE = "e·(1 − s)V: the value at the factory gate, production subsidy taken off"


class ExportTax(Charge):
    """A tax on what `by` sells to `on`.

    Examples
    --------
    >>> ExportTax(by="IDN", on="all others", sectors="other_mining", rate="10 %").side
    'exporter'
    """

    kind: Literal["export_tax"] = "export_tax"
    moves: ClassVar[str] = "export_tax"
    side: ClassVar[str] = "exporter"
    in_baseline: ClassVar[bool] = True
    wedge: ClassVar[str] = "e > 0, export tax"
    payer: ClassVar[str] = "the exporter's government collects"
    base: ClassVar[str] = _BASE
    meaning: ClassVar[str] = "tax of `by` on its sales to `on`"


class ExportSubsidy(Charge, Budgeted):
    """A subsidy on what `by` sells to `on`: a positive rate lowers the price abroad.

    Examples
    --------
    >>> ExportSubsidy(by="CHN", on="all others", sectors="iron_steel", rate="+5 pp").sign
    -1
    """

    kind: Literal["export_subsidy"] = "export_subsidy"
    moves: ClassVar[str] = "export_tax"
    sign: ClassVar[int] = -1
    side: ClassVar[str] = "exporter"
    in_baseline: ClassVar[bool] = True
    wedge: ClassVar[str] = "e < 0, export subsidy"
    payer: ClassVar[str] = "the exporter's government pays"
    base: ClassVar[str] = _BASE
    meaning: ClassVar[str] = "subsidy of `by` on its sales to `on`"
