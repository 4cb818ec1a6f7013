"""How are the pages built?"""

from __future__ import annotations

import sys
from pathlib import Path

import detente

sys.path.insert(0, str(Path(__file__).parent / "_ext"))

project = "detente"
author = "detente developers"
release = version = detente.__version__

extensions = [
    "myst_parser",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "equations",
    "notation",
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
# A field of a dataclass may share its name with a field of another; neither is linked then.
suppress_warnings = ["ref.python"]
napoleon_use_rtype = False

html_theme = "furo"
html_static_path = ["_static"]
html_css_files = ["equations.css"]
html_math_renderer = "mathml"
html_title = f"detente {release}"
html_show_sourcelink = False
