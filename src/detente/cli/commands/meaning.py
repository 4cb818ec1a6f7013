"""What does a word in a table or a case file mean?"""

from __future__ import annotations

from typing import Annotated

import typer

import detente.measures
from detente.cli.screen import AsJson, heading, pairs, paragraph, print_json
from detente.data.names import economies, groups, sectors
from detente.errors import UnknownNameError
from detente.quantities import quantities, quantity


def explain(
    name: Annotated[
        str, typer.Argument(help="A metric, a quantity, a measure, a sector, an economy, a group.")
    ],
    json: AsJson = False,
) -> None:
    """Say what a metric, a measure, a sector or an economy is."""
    facts: dict[str, object]
    base = name.partition(":")[0]
    if base in quantities() and name not in detente.measures.INSTRUMENTS:
        row = quantity(name)
        facts = {
            "name": row.name,
            "what": row.kind,
            "label": row.label,
            "meaning": row.meaning,
            "symbol": row.symbol,
            "axes": row.axes,
            "unit": row.unit,
        }
    elif name in detente.measures.INSTRUMENTS:
        line = next(row for row in detente.measures.table() if row.kind == name)
        facts = {
            "name": line.kind,
            "what": "measure",
            "meaning": line.meaning,
            "moves": line.wedge,
            "by": line.by,
            "how much": line.how_much,
            "who pays": line.payer,
            "on what base": line.base,
            "in a case file": f'kind = "{line.kind}", by, source; and of '
            + ", ".join(detente.measures.INSTRUMENTS[name].takes())
            + " what applies; `detente new` writes an example",
            "in Python": f"detente.measures.{line.python}",
        }
        if name in quantities():
            wedge = quantity(name)
            facts["as a wedge of the model"] = f"{wedge.meaning} Symbol {wedge.symbol}."
    elif name in sectors():
        sector = sectors()[name]
        facts = {
            "name": sector.code,
            "what": "sector",
            "label": sector.name,
            "good": "yes" if sector.is_good else "no",
            "ISIC rev. 4": list(sector.isic),
        }
    elif name in economies():
        economy = economies()[name]
        facts = {
            "name": economy.code,
            "what": "economy",
            "label": economy.name,
        }
        if list(economy.members) != [economy.code]:
            facts["members"] = list(economy.members)
    elif name in groups():
        group = groups()[name]
        facts = {
            "name": group.code,
            "what": "group of economies",
            "label": group.name,
            "members": list(group.members),
            "note": group.note,
        }
    else:
        known = [*quantities(), *detente.measures.INSTRUMENTS, *sectors(), *economies(), *groups()]
        raise UnknownNameError(
            "metric, measure, sector or economy",
            name,
            known,
            hint="`detente list metrics`, `detente list measures` and `detente list sectors` show "
            "what there is.",
        )
    if json:
        print_json(facts)
        return
    meaning = facts.pop("meaning", "")
    heading(f"{facts.pop('name')} ({facts.pop('what')})")
    if meaning:
        paragraph(str(meaning))
    pairs(facts)
