"""How are the pages built?"""

from __future__ import annotations

import re

from docutils import nodes
from docutils.statemachine import StringList
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective
from sphinx.writers.html5 import HTML5Translator

import detente
from detente.quantities import notation_table

logger = logging.getLogger(__name__)

project = "detente"
author = "detente developers"
release = version = detente.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
]
source_suffix = {".md": "markdown"}
exclude_patterns = ["_build"]
default_role = "code"
myst_enable_extensions = ["dollarmath", "amsmath", "deflist", "colon_fence"]
myst_heading_anchors = 3

autodoc_member_order = "bysource"
autodoc_typehints = "signature"
autodoc_preserve_defaults = True
autodoc_default_options = {"members": True, "show-inheritance": False}
napoleon_numpy_docstring = True
napoleon_google_docstring = False
# Attributes of dataclasses are told once, in the docstring of the class.
napoleon_use_ivar = True
napoleon_use_rtype = False

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["equations.css"]
# Equations are part of the page: no script and no network is needed to read them.
html_math_renderer = "mathml"
html_title = f"detente {release}"
html_show_sourcelink = False


class Notation(SphinxDirective):
    """The quantities of one kind, as a table: ``{notation} baseline``."""

    required_arguments = 1

    def run(self) -> list[nodes.Node]:
        """Parse the table that `detente.quantities` writes."""
        lines = notation_table(self.arguments[0]).splitlines()
        holder = nodes.container()
        self.state.nested_parse(StringList(lines, source="quantities.csv"), 0, holder)
        return list(holder.children)


def mathml(node: nodes.math | nodes.math_block, display: str) -> str:
    """An equation as MathML; a command that is not understood gives a warning."""
    latex = re.sub(r"\\(begin|end)\{(aligned|split)\}", r"\\\1{align*}", node.astext())
    if node.get("number") is None and r"\\" in latex and r"\begin" not in latex:
        latex = rf"\begin{{align*}}{latex}\end{{align*}}"
    written = convert(latex, display=display)
    unknown = re.findall(r"<mi>(\\[a-zA-Z]+)</mi>", written)
    if unknown:
        logger.warning("equation with unknown %s: %s", ", ".join(unknown), latex, location=node)
    return written


def show_in_line(page: HTML5Translator, node: nodes.math) -> None:
    """An equation in a sentence."""
    page.body.append(mathml(node, "inline"))
    raise nodes.SkipNode


def show_displayed(page: HTML5Translator, node: nodes.math_block) -> None:
    """An equation on a line of its own."""
    page.body.append(f'<div class="math">{mathml(node, "block")}</div>')
    raise nodes.SkipNode


def setup(app: Sphinx) -> None:
    """Tell Sphinx about the directive and the equations."""
    app.add_directive("notation", Notation)
    app.add_html_math_renderer("mathml", (show_in_line, None), (show_displayed, None))
