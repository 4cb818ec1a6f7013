"""On which terms? Budgets, limits and rules that a measure may carry instead of a rate."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Literal

from pydantic import Field, model_validator

from detente.errors import MeasureError
from detente.measures.fields import Money, Part, Shift, Text, WrittenTable, refuse


class Budget(WrittenTable):
    """Money to be spent over a number of years; the engine finds the rate that costs it.

    Examples
    --------
    >>> Budget(amount="6.6 bn USD", years=5).amount.value
    6600000000.0
    """

    called: ClassVar[str] = "budget"
    written: ClassVar[str] = '{ amount = "6.6 bn USD", years = 5 }'
    missing: ClassVar[Mapping[str, str]] = dict.fromkeys(
        ("amount", "years"),
        "A budget has both the amount and the years over which it is paid: "
        '{ amount = "6.6 bn USD", years = 5 }.',
    )

    amount: Money = Field(description="the whole amount")
    years: float = Field(
        gt=0, allow_inf_nan=False, strict=True, description="over how many years it is paid out"
    )

    @model_validator(mode="after")
    def _check(self) -> Budget:
        if self.amount.value <= 0:
            refuse(MeasureError(f'the budget "{self.amount}" must be positive.', "amount"))
        return self


class Limit(WrittenTable):
    """A bound on what is traded; the engine finds the wedge that holds it.

    Examples
    --------
    >>> Limit(relation="at most", change="-20 %", of="quantity").change
    -0.2
    """

    called: ClassVar[str] = "limit"
    written: ClassVar[str] = (
        '{ relation = "at most", change = "-20 %", of = "quantity", licence = "importer" }'
    )
    missing: ClassVar[Mapping[str, str]] = {
        "relation": 'A limit says relation = "at most" or "at least".',
        "of": 'A limit says of = "quantity" (at baseline prices) or "value" (before the duty).',
    }

    relation: Literal["at most", "at least"] = Field(
        description='a quota or restraint is "at most", a purchase commitment "at least"'
    )
    of: Literal["value", "quantity"] = Field(
        description="customs value before the duty, or quantity at baseline prices"
    )
    amount: Money | None = Field(default=None, description="a yearly amount")
    change: Shift | None = Field(default=None, description="or a change from the baseline")
    licence: Literal["importer", "exporter"] | None = Field(
        default=None, description="who holds the right to trade and earns the rent"
    )

    @model_validator(mode="after")
    def _check(self) -> Limit:
        if (self.amount is None) == (self.change is None):
            refuse(
                MeasureError('exactly one of amount = "40 bn USD" and change = "-20 %" is needed.')
            )
        if self.amount is not None and self.amount.value <= 0:
            refuse(
                MeasureError(
                    f'the limit "{self.amount}" must be positive; use a ban to close a flow.',
                    "amount",
                )
            )
        if self.change is not None and self.change < -1:
            refuse(
                MeasureError(
                    f'the change "{self.change}" would leave less than nothing; a limit takes away '
                    "less than 100 %.",
                    "change",
                )
            )
        if self.change is not None and float(self.change) == -1:
            refuse(
                MeasureError(
                    "a limit of −100 % closes the flow; use an import or export ban.", "change"
                )
            )
        return self


class Mirror(WrittenTable):
    """The rate follows another measure's average rate.

    Examples
    --------
    >>> Mirror(of="us-cars").share
    1.0
    """

    called: ClassVar[str] = "rule"
    written: ClassVar[str] = '{ kind = "mirror", of = "measure-id", share = "100 %" }'
    missing: ClassVar[Mapping[str, str]] = {
        "of": 'A mirror rule names the measure it mirrors: of = "measure-id".'
    }

    kind: Literal["mirror"] = Field(default="mirror", description="which rule")
    of: Text = Field(description="id of the measure that is mirrored")
    share: Part = Field(
        default="100 %",
        validate_default=True,
        description="which part of its average rate is returned; all of it is tit for tat",
    )


class Surge(WrittenTable):
    """The measure starts only if imports rise by more than a threshold.

    Examples
    --------
    >>> Surge(threshold="+20 %").of
    'quantity'
    """

    called: ClassVar[str] = "rule"
    written: ClassVar[str] = '{ kind = "surge", threshold = "+20 %", of = "quantity" }'
    missing: ClassVar[Mapping[str, str]] = {
        "threshold": 'Say which rise of imports starts it: threshold = "+20 %".'
    }

    kind: Literal["surge"] = Field(default="surge", description="which rule")
    threshold: Shift = Field(description="rise of imports over the baseline that starts it")
    of: Literal["value", "quantity"] = Field(default="quantity", description="what is watched")
    watch: Literal["same", "all sources"] = Field(
        default="same",
        description="the flows that the measure hits, or the importer's imports from everyone",
    )

    @model_validator(mode="after")
    def _check(self) -> Surge:
        if self.threshold < 0:
            refuse(
                MeasureError('the threshold of a surge is a rise, such as "+20 %".', "threshold")
            )
        return self


#: What starts a measure, or what its rate follows.
Rule = Annotated[Mirror | Surge, Field(discriminator="kind")]
