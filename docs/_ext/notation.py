"""How does the table of quantities become the notation page? ``{notation} baseline``."""

from __future__ import annotations

from docutils import nodes
from docutils.statemachine import StringList
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

from detente.quantities import quantities


def notation_table(kind: str) -> list[str]:
    """The quantities of one kind, as the lines of a table."""
    lines = ["| symbol | name | axes | unit | meaning |", "|---|---|---|---|---|"]
    for row in quantities().values():
        if row.kind == kind:
            symbol = f"${row.symbol}$" if row.symbol else ""
            lines.append(f"| {symbol} | `{row.name}` | {row.axes} | {row.unit} | {row.meaning} |")
    return lines


class Notation(SphinxDirective):
    """The quantities of the kind that is named."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the table where the directive stands."""
        holder = nodes.container()
        lines = StringList(notation_table(self.arguments[0]), source="quantities.csv")
        self.state.nested_parse(lines, 0, holder)
        return list(holder.children)


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx about the directive."""
    app.add_directive("notation", Notation)
    return {"parallel_read_safe": True}
