"""How is a case file read? Once and whole: limits, tables, types, meaning, all findings."""

from __future__ import annotations

import os
import re
import tomllib
from importlib import resources
from pathlib import Path
from typing import Any

from detente.case.check import Finding, checked
from detente.case.lines import KeyLines
from detente.case.schema import CaseFile
from detente.errors import (
    CaseFileError,
    InputError,
    UnknownNameError,
    named,
    nearest,
    no_date,
    shown,
)

__all__ = ["list_cases", "load_case", "parse_case", "validate_case"]

#: Files beyond these limits are refused before they are parsed.
LARGEST_FILE = 1_000_000
LONGEST_LINE = 20_000
#: Lists and tables with more entries than this are refused.
MOST_ENTRIES = 1_000
#: A date on a line.
_DAY = re.compile(r"=\s*(\d{4}-\d{1,2}-\d{1,2})\b")
#: Whole numbers of a TOML file have 64 bits, one of them the sign.
BITS = 63


# ---- shipped cases ------------------------------------------------------------------------


def list_cases() -> tuple[str, ...]:
    """Names of the shipped cases."""
    folder = resources.files("detente") / "cases"
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


def _content(name_or_path: str | Path) -> tuple[str, bytes, str]:
    """What to call the file in messages, its content, and its path; "" for a shipped case."""
    if not isinstance(name_or_path, str | Path):
        raise InputError(f"a case is a name or the path of a file; got {shown(name_or_path)}.")
    name = str(name_or_path)
    is_path = isinstance(name_or_path, Path) or any(c in name for c in (".toml", "/", "\\"))
    if not is_path and not os.path.isfile(name):
        if name not in list_cases():
            raise UnknownNameError(
                "case",
                name,
                list_cases(),
                hint="Give a shipped case, or the path of a .toml file; `detente list cases` "
                "shows them.",
            )
        entry = resources.files("detente") / "cases" / f"{name}.toml"
        return f"{name}.toml", entry.read_bytes(), ""
    path = Path(name)
    name = named(name)
    try:
        if path.is_dir():
            raise CaseFileError(f"{name} is a folder, not a case file.")
        with path.open("rb") as file:
            return name, file.read(LARGEST_FILE + 1), str(path)
    except FileNotFoundError:
        close = nearest(path.stem, list_cases())
        raise CaseFileError(
            f"{name}: there is no such file."
            + (f' A shipped case is called "{close[0]}".' if close else "")
            + " Write a new one with `detente new`."
        ) from None
    except OSError as error:
        raise CaseFileError(f"{name}: cannot be read ({error.strerror}).") from None
    except ValueError:
        raise CaseFileError(f"{name}: this cannot be the path of a file.") from None


# ---- text to tables -------------------------------------------------------------------------


def _tables(text: str, file: str) -> tuple[dict[str, Any], KeyLines]:
    """Tables of a TOML text and their lines, after checks that keep a hostile file from hurting."""
    rows = text.split("\n")
    for number, row in enumerate(rows, start=1):
        if len(row) > LONGEST_LINE:
            raise CaseFileError(
                f"{file}, line {number}: a line of {len(row):,} characters (at most "
                f"{LONGEST_LINE:,})."
            )
    lines = KeyLines.of(text, file)
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        if found and (day := _DAY.search(rows[int(found[1]) - 1])):
            raise CaseFileError(f"{file}, line {found[1]}: {no_date(day[1])}") from None
        reason = re.sub(r"\s*\(at [^()]*\)$", "", str(error))
        place = f"{file}, line {found[1]}, column {found[2]}" if found else f"{file}, at its end"
        raise CaseFileError(
            f"{place}: this is not TOML: {reason[:200]}. Text stands in quotes, dates do not."
        ) from None
    except (RecursionError, ValueError) as error:
        raise CaseFileError(f"{file}: this cannot be read as TOML: {error}.") from None
    lines = KeyLines(file, lines.found, raw)
    _refuse_absurd(raw, lines)
    return raw, lines


def _refuse_absurd(raw: dict[str, Any], lines: KeyLines) -> None:
    """Refuse lists, tables and numbers that no case has."""
    waiting: list[tuple[tuple[str | int, ...], Any]] = [((), raw)]
    while waiting:
        path, part = waiting.pop()
        if isinstance(part, (dict, list)) and len(part) <= MOST_ENTRIES:
            inner = part.items() if isinstance(part, dict) else enumerate(part)
            waiting += [((*path, key), value) for key, value in inner]
            continue
        if isinstance(part, (dict, list)):
            said = (
                f"{len(part):,} entries; at most {MOST_ENTRIES:,} are read. Split the case into "
                "several files."
            )
        elif isinstance(part, int) and part.bit_length() > BITS:
            said = "a whole number of more than 18 digits."
        else:
            continue
        raise CaseFileError(f"{lines.place(path)}: {said}")


def _text(content: bytes, file: str) -> str:
    if len(content) > LARGEST_FILE:
        raise CaseFileError(
            f"{file}: larger than {LARGEST_FILE / 1e6:g} MB; case files have a few kilobytes. Is "
            "this the right file?"
        )
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = content[: error.start].count(b"\n") + 1
        raise CaseFileError(
            f"{file}, line {line}: not UTF-8 text. Save the file as UTF-8."
        ) from None


# ---- the doors ------------------------------------------------------------------------------


def _read(text: str, file: str, path: str) -> tuple[CaseFile | None, list[Finding]]:
    """A case from its text, and all that there is to say about it."""
    raw, lines = _tables(text, file)
    case, findings = checked(raw, lines)
    if case is not None:
        case._path, case._text, case._lines = path, text, lines
    return case, findings


def _sound(read: tuple[CaseFile | None, list[Finding]]) -> CaseFile:
    case, findings = read
    errors = [str(f) for f in findings if f.level == "error"]
    if case is None or errors:
        raise CaseFileError("\n".join(errors))
    return case


def load_case(name_or_path: str | Path) -> CaseFile:
    """Read and check a case: a shipped one by name, or a file.

    Raises
    ------
    CaseFileError
        With file, line, key and the nearest valid value of everything that is wrong.

    Examples
    --------
    >>> load_case("decoupling").name
    'decoupling'
    """
    file, content, path = _content(name_or_path)
    return _sound(_read(_text(content, file), file, path))


def parse_case(text: str, name: str = "case") -> CaseFile:
    """Read and check a case from text.

    Raises
    ------
    CaseFileError
        With line, key and the nearest valid value of everything that is wrong.
    """
    if not isinstance(text, str):
        raise InputError(f"the text of a case is meant; got {shown(text)}.")
    return _sound(_read(text, name, ""))


def validate_case(name_or_path: str | Path) -> list[Finding]:
    """Everything that can be said about a case file: errors first, then warnings and notes.

    Raises
    ------
    InputError
        There is no such file. One that is there but wrong gives findings, not an exception.
    """
    file, content, path = _content(name_or_path)
    try:
        _, findings = _read(_text(content, file), file, path)
    except CaseFileError as error:
        return [Finding("error", text) for text in str(error).splitlines()]
    return findings
