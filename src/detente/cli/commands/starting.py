"""How does one begin a case of one's own?"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from detente.case import starter
from detente.cli.screen import AsJson, print_json
from detente.errors import OutputError, named
from detente.store import write_whole


def new(
    file: Annotated[
        Path | None, typer.Argument(help="Where to write it; without a file it is printed.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Replace the file if it exists.")] = False,
    json: AsJson = False,
) -> None:
    """Write a commented case file to start from."""
    text = starter()
    if file is None:
        if json:
            print_json({"case": text})
        else:
            print(text, end="")
        return
    for place in dict.fromkeys((file, file if file.suffix else file.with_suffix(".toml"))):
        if os.path.exists(place) and not force:
            raise OutputError(
                f"{named(place)} exists already. Choose another name, or add --force."
            )
    file = place
    write_whole(file, text.encode("utf-8"))
    if json:
        print_json({"file": str(file)})
        return
    print(f"{file} written. Check it: detente validate {file}; run it: detente run {file}")
