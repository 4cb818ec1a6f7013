"""A plain case file, and what is said of it once it is spoiled."""

from __future__ import annotations

from pathlib import Path
from tempfile import TemporaryDirectory

import pytest

from detente.case import Finding, parse_case, validate_case
from detente.errors import CaseFileError

PLAIN = """\
schema = 2
name = "cars"
world = "icio-2022"
date = 2024-10-01
headline = "both"

[model]
labour = "mobile"

[[measure]]
id = "us-cars"
kind = "tariff"
by = "USA"
on = "CHN"
sectors = ["motor_vehicles"]
rate = "+75 pp"
source = "an example"

[[measure]]
id = "china-cars"
kind = "tariff"
by = "CHN"
on = "USA"
sectors = ["motor_vehicles"]
rate = "+10 pp"
source = "an example"

[[package]]
id = "us-alone"
measures = ["us-cars"]

[[package]]
id = "both"
measures = ["us-cars", "china-cars"]
compared_with = "us-alone"
"""


def errors(text: str) -> list[str]:
    with pytest.raises(CaseFileError) as caught:
        parse_case(text, "cars.toml")
    return str(caught.value).splitlines()


def line_of(text: str, piece: str) -> int:
    return text[: text.index(piece)].count("\n") + 1


def validated(text: str) -> list[Finding]:
    """What is said of a file with this text."""
    with TemporaryDirectory() as folder:
        path = Path(folder) / "case.toml"
        path.write_text(text, encoding="utf-8")
        return validate_case(path)
