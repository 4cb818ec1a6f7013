"""Which packages does a case hold, and what can it not price?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from detente.run.results import NotPriced, PackageFacts

if TYPE_CHECKING:
    from detente.case.schema import CaseFile


def package_facts(case: CaseFile) -> tuple[PackageFacts, ...]:
    """Every package; a case without any is one package itself."""
    if not case.packages:
        return (PackageFacts(case.name, case.title, case.measure_ids),)
    return tuple(
        PackageFacts(p.id, p.title, tuple(p.measures), p.note, p.compared_with or "")
        for p in case.packages
    )


def not_priced(case: CaseFile) -> tuple[NotPriced, ...]:
    """What the case names and cannot price."""
    return tuple(NotPriced(n.title, n.why, n.source) for n in case.not_priced)
