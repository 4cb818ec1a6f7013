"""How are equations shown? As MathML in the page: no script and no network is needed."""

from __future__ import annotations

import re

from docutils import nodes
from latex2mathml.converter import convert
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.writers.html5 import HTML5Translator

logger = logging.getLogger(__name__)


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


def setup(app: Sphinx) -> dict[str, bool]:
    """Tell Sphinx how equations are written."""
    app.add_html_math_renderer("mathml", (show_in_line, None), (show_displayed, None))
    return {"parallel_read_safe": True}
