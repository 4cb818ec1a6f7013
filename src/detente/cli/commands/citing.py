"""How is detente cited, and whom do its data credit?"""

from __future__ import annotations

import detente.world
from detente import __version__
from detente.cli.screen import AsJson, heading, paragraph, print_json
from detente.report.words.sources import credits as credit_lines

BIBTEX = """@software{{detente,
  title   = {{detente: what a package of trade measures does to every economy}},
  author  = {{{{The detente developers}}}},
  version = {{{version}}},
  license = {{MIT}}
}}"""


def cite(world: str = "icio-2022", json: AsJson = False) -> None:
    """How to cite detente and the data behind a world."""
    entry = BIBTEX.format(version=__version__)
    credits = credit_lines(detente.world.shipped_descriptor(world).get("sources", ()))
    if json:
        print_json({"version": __version__, "bibtex": entry, "world": world, "credits": credits})
        return
    heading("detente")
    print(entry)
    print()
    heading(f'Data of world "{world}"')
    for line in credits:
        paragraph(line, indent="  ")
