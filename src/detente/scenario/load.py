"""Is this a case file, and what is wrong with it? Reading, limits, findings with their lines.

Nothing here opens a world: a file is checked against the names in the world's descriptor.
"""

from __future__ import annotations

import calendar
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from typing import Any

from pydantic import TypeAdapter, ValidationError

from detente.errors import (
    CaseFileError,
    DetenteError,
    InputError,
    UnknownNameError,
    nearest,
    quoted,
    schema_error,
)
from detente.measures import Instrument
from detente.scenario import locate
from detente.scenario.groups import Labels
from detente.scenario.schema import SCHEMA_VERSION, WORLD, CaseFile, MeasureInFile, in_force_day
from detente.scenario.targets import Target, check_stacking, targets_of

#: Files beyond these limits are refused before they are parsed.
LARGEST_FILE = 2_000_000
DEEPEST = 20
LONGEST_LINE = 20_000

_MEASURE_IN_TEXT = re.compile(r'measure "([^"]+)"(?:, ([a-z_]+))?')
_PACKAGE_IN_TEXT = re.compile(r'(?:package|scenario) "([^"]+)"(?:, ([a-z_]+))?')


@dataclass(frozen=True)
class Finding:
    """Something to say about a case file.

    Attributes
    ----------
    level
        "error" (it cannot be run), "warning" (it runs, but probably not as meant) or "note".
    message
        What is wrong, and what to write.
    file, line, key
        Where.
    """

    level: str
    message: str
    file: str = ""
    line: int | None = None
    key: str = ""

    def __str__(self) -> str:
        place = ", ".join(
            p for p in (self.file, f"line {self.line}" if self.line else "", self.key) if p
        )
        return f"{place}: {self.message}" if place else self.message


# ---- shipped cases ------------------------------------------------------------------------


def list_cases() -> tuple[str, ...]:
    """Names of the shipped cases."""
    folder = resources.files("detente") / "cases"
    if not folder.is_dir():
        return ()
    return tuple(
        sorted(f.name.removesuffix(".toml") for f in folder.iterdir() if f.name.endswith(".toml"))
    )


def _read(name_or_path: str | Path) -> tuple[str, bytes]:
    """What to call the file in messages, and its content."""
    name = str(name_or_path)
    path = Path(name_or_path)
    is_path = isinstance(name_or_path, Path) or any(c in name for c in (".toml", "/", "\\"))
    if not is_path and not path.is_file():
        if name not in list_cases():
            raise UnknownNameError(
                "case",
                name,
                list_cases(),
                hint="Give a shipped case, or the path of a .toml file; `detente list cases` "
                "shows them.",
            )
        entry = resources.files("detente") / "cases" / f"{name}.toml"
        return f"{name}.toml", entry.read_bytes()
    try:
        if path.is_dir():
            raise CaseFileError(f"{name} is a folder, not a case file.")
        with path.open("rb") as file:
            return name, file.read(LARGEST_FILE + 1)
    except FileNotFoundError:
        close = nearest(path.stem, list_cases())
        raise CaseFileError(
            f"{name}: there is no such file."
            + (f' A shipped case is called "{close[0]}".' if close else "")
            + " Write a new one with `detente new`."
        ) from None
    except OSError as error:
        raise CaseFileError(f"{name}: cannot be read ({error.strerror}).") from None


# ---- text to tables -------------------------------------------------------------------------


def _parse_text(text: str, file: str) -> dict[str, Any]:
    """Tables of a TOML text, after checks that keep a hostile file from hurting."""
    for number, line, depth in locate.structure(text):
        place = f"{file}, line {abs(number)}"
        if depth > DEEPEST:
            raise CaseFileError(
                f"{place}: nested deeper than {DEEPEST} levels. A case file needs three."
            )
        before_value = line.split("=", 1)[0].split("#", 1)[0]
        if number > 0 and before_value.count(".") > DEEPEST:
            raise CaseFileError(f"{place}: a key with more than {DEEPEST} dots is no case file's.")
        if len(line) > LONGEST_LINE:
            raise CaseFileError(
                f"{place}: a line of {len(line):,} characters (at most {LONGEST_LINE:,})."
            )
    try:
        return tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+), column (\d+)\)", str(error))
        if found and (wrong := _no_such_day(text.splitlines()[int(found[1]) - 1])):
            raise CaseFileError(f"{file}, line {found[1]}: {wrong}") from None
        reason = re.sub(r"\s*\(at .*\)$", "", str(error))
        place = f"{file}, line {found[1]}, column {found[2]}" if found else f"{file}, at its end"
        raise CaseFileError(
            f"{place}: this is not TOML: {reason}. Text stands in quotes, dates do not."
        ) from None
    except (RecursionError, ValueError) as error:
        raise CaseFileError(f"{file}: this cannot be read as TOML: {error}.") from None


_DAY = re.compile(r"=\s*(\d{4})-(\d{1,2})-(\d{1,2})\b")


def _no_such_day(line: str) -> str:
    """What is wrong with the date on a line; "" where there is none or it is fine.

    >>> _no_such_day("from = 2024-13-01")
    'there is no month 13 in 2024-13-01. Dates are year-month-day, such as 2024-08-01.'
    """
    found = _DAY.search(line)
    if found is None:
        return ""
    shown, (year, month, day) = found[0].lstrip("= \t"), (int(part) for part in found.groups())
    rule = "Dates are year-month-day, such as 2024-08-01."
    if not 1 <= month <= 12:
        return f"there is no month {month} in {shown}. {rule}"
    if year < 1 or not 1 <= day <= calendar.monthrange(year, month)[1]:
        return f"there is no day {day} in month {month} of {year} ({shown}). {rule}"
    if len(found[2]) < 2 or len(found[3]) < 2:
        return f"{shown} lacks a zero: write {year}-{month:02}-{day:02}."
    return ""


def _decode(content: bytes, file: str) -> str:
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


# ---- schema ---------------------------------------------------------------------------------


def _schema_findings(
    error: ValidationError, lines: dict[locate.Path, int], file: str, raw: dict[str, Any]
) -> list[Finding]:
    findings = []
    for item in error.errors(include_url=False):
        path, found = schema_error(item, CaseFile)
        message = str(found).replace("Unknown", "unknown", 1)
        if path == ("schema",):
            message = (
                f"this is format {quoted(item['input'])}; this version reads {SCHEMA_VERSION}. "
                f"Write schema = {SCHEMA_VERSION}."
                if item["type"] == "literal_error"
                else f"{message} Write schema = {SCHEMA_VERSION} at the top."
            )
        line = locate.line_of(lines, path)
        findings.append(Finding("error", message, file, line, shown_key(path, raw)))
    return findings


def shown_key(path: tuple[str | int, ...], raw: dict[str, Any]) -> str:
    """A key as the reader of the file sees it: measure 3 ("301-ev"), rate."""
    words: list[str] = []
    at: Any = raw
    for piece in path:
        if isinstance(piece, int):
            at = at[piece] if isinstance(at, list) and piece < len(at) else None
            name = at.get("id") if isinstance(at, dict) else None
            words[-1] += f" {piece + 1}" + (f' ("{name}")' if isinstance(name, str) else "")
        else:
            words.append(piece)
            at = at.get(piece) if isinstance(at, dict) else None
    return ", ".join(words)


# ---- meaning --------------------------------------------------------------------------------


class _Checker:
    """Collects what is wrong with the meaning of a case."""

    def __init__(self, case: CaseFile, lines: dict[locate.Path, int], file: str) -> None:
        self.case, self.lines, self.file = case, lines, file
        self.findings: list[Finding] = []
        self.targets: dict[str, tuple[Target, ...]] = {}

    def say(
        self, level: str, message: str, path: tuple[str | int, ...] = (), key: str = ""
    ) -> None:
        self.findings.append(
            Finding(level, message, self.file, locate.line_of(self.lines, path), key)
        )

    def error(self, error: DetenteError, path: tuple[str | int, ...] = ()) -> None:
        """An error that was raised, at the line of the measure or package that it names."""
        text = str(error)
        named = _MEASURE_IN_TEXT.findall(text)
        if named and named[-1][0] in self.case.measure_ids:
            name, key = named[-1]
            at = path if path[:1] == ("measure",) else ("measure", self._position(name))
            path = (*at, *([key] if key else []))
        elif not path and (named := _PACKAGE_IN_TEXT.findall(text)):
            ids = [p.id for p in self.case.packages]
            if named[0][0] in ids:
                path = ("package", ids.index(named[0][0]), *([named[0][1]] if named[0][1] else []))
        self.say("error", text, path)

    def _position(self, name: str) -> int:
        return self.case.measure_ids.index(name)

    def check(self) -> list[Finding]:
        """Everything that can be said without opening a world."""
        self.names()
        labels = self.labels()
        for position, measure in enumerate(self.case.measures):
            if labels is not None:
                self.measure(labels, measure, ("measure", position))
        if self.case.game is not None and labels is not None:
            try:
                self.case.game.check(labels)
            except DetenteError as error:
                self.error(error, ("game",))
        if not any(f.level == "error" for f in self.findings):
            self.packages(labels)
        return self.findings

    def measure(self, labels: Labels, measure: Instrument, path: locate.Path) -> None:
        """Names that the world has, and money that it is written in."""
        try:
            self.targets[measure.id] = targets_of(labels, measure)
            _check_currency(labels, measure)
        except DetenteError as error:
            self.error(error, path)

    def names(self) -> None:
        """Ids given once, references that lead somewhere."""
        case = self.case
        given = {"measure": case.measure_ids, "package": tuple(p.id for p in case.packages)}
        for what, ids in given.items():
            for position, name in enumerate(ids):
                if name in ids[:position]:
                    self.say(
                        "error",
                        f'a second {what} with the id "{name}". Ids are given once.',
                        (what, position, "id"),
                    )
        if not case.measures:
            self.say("warning", "no [[measure]]: nothing would be priced.")
        used = set(case.talks_measure_ids)
        for position, package in enumerate(case.packages):
            for key in ("measures", "lifts"):
                for name in getattr(package, key):
                    used.add(name)
                    if name not in case.measure_ids:
                        self.unknown("measure", name, case.measure_ids, ("package", position, key))
            if package.compared_with is not None:
                self.reference(package.compared_with, ("package", position, "compared_with"))
        self.reference(case.compared_with, ("compared_with",))
        if case.headline is not None and case.headline not in case.package_ids:
            self.unknown("package", case.headline, case.package_ids, ("headline",))
        references = {case.compared_with, *(p.compared_with or "" for p in case.packages)}
        if case.packages and not any(r.startswith("in force") for r in references):
            for position, section in enumerate(case.measures):
                if section.id not in used:
                    self.say(
                        "note", f'"{section.id}" is in no package.', ("measure", position, "id")
                    )

    def unknown(
        self, kind: str, name: str, choices: tuple[str, ...], path: tuple[str | int, ...]
    ) -> None:
        text = str(UnknownNameError(kind, name, choices))
        self.say("error", text[0].lower() + text[1:], path, str(path[-1]))

    def reference(self, reference: str, path: tuple[str | int, ...]) -> None:
        """A comparison must be the world, a day, or a package."""
        try:
            if reference == WORLD or in_force_day(reference) is not None:
                return
        except InputError as error:
            self.say("error", str(error), path, str(path[-1]))
            return
        if reference not in self.case.package_ids:
            choices = (WORLD, "in force 2024-04-01", *self.case.package_ids)
            self.unknown("comparison", reference, choices, path)

    def packages(self, labels: Labels | None) -> None:
        """Comparisons, stacking and dates, package by package."""
        for position, name in enumerate(self.case.package_ids):
            path: tuple[str | int, ...] = ("package", position)
            try:
                scenario = self.case.scenario(name)
            except DetenteError as error:
                self.error(error, path)
                continue
            if scenario.measures and not scenario.in_force:
                self.say(
                    "warning",
                    f'package "{name}": none of its measures is in force on {scenario.date}.',
                    path,
                )
            for measure in scenario.measures:
                if not measure.is_in_force(scenario.date):
                    self.say(
                        "warning",
                        f'package "{name}": "{measure.id}" is not in force on {scenario.date} and '
                        "counts for nothing.",
                        path,
                    )
            if labels is None:
                continue
            try:
                check_stacking(labels, [t for m in scenario.in_force for t in self.targets[m.id]])
            except DetenteError as error:
                self.error(error, path)

    def labels(self) -> Labels | None:
        """The names of the case's world; a finding if there is none."""
        from detente.world.shipped import world_labels

        try:
            labels = world_labels(_world_reference(self.case))
        except DetenteError as error:
            self.say("error", str(error), ("world",), "world")
            return None
        chosen = self.case.model.elasticities
        if chosen is not None and labels.elasticity_sets and chosen not in labels.elasticity_sets:
            self.unknown(
                "elasticity set", chosen, labels.elasticity_sets, ("model", "elasticities")
            )
        return labels


def _check_currency(labels: Labels, measure: Instrument) -> None:
    """Refuse an amount in money that the world is not written in."""
    for key, amount in measure.amounts.items():
        amount.within(labels.currency, f"{measure.where}, {key}")


def _world_reference(case: CaseFile) -> str:
    """The world's name; a relative path is looked up from the case file's folder."""
    if case.path and case.world.endswith((".json", ".npz")) and not Path(case.world).is_absolute():
        return str(Path(case.path).parent / case.world)
    return case.world


# ---- the doors ------------------------------------------------------------------------------


def _checked(text: str, file: str, path: str) -> tuple[CaseFile | None, list[Finding]]:
    raw = _parse_text(text, file)
    lines = locate.lines_of(text)
    try:
        case = CaseFile.model_validate(raw)
    except ValidationError as error:
        findings = _schema_findings(error, lines, file, raw)
        return None, findings + _also_wrong(raw, lines, file, path)
    case._path, case._text = path, text
    return case, _Checker(case, lines, file).check()


def _also_wrong(
    raw: dict[str, Any], lines: dict[locate.Path, int], file: str, path: str
) -> list[Finding]:
    """Names that the measures of a file say wrongly whose form is wrong elsewhere."""
    try:
        case = CaseFile.model_validate(
            {
                "schema": SCHEMA_VERSION,
                "name": "case",
                "world": raw.get("world"),
                "measure": [m for m in map(_well_formed, _entries(raw)) if m is not None],
            }
        )
    except ValidationError:  # no world is named, or far too many measures
        return []
    case._path = path
    places = [k for k, entry in enumerate(_entries(raw)) if _well_formed(entry) is not None]
    checker = _Checker(case, lines, file)
    labels = checker.labels()
    for place, measure in zip(places, case.measures, strict=True):
        if labels is not None:
            checker.measure(labels, measure, ("measure", place))
    return checker.findings


def _entries(raw: dict[str, Any]) -> list[Any]:
    entries = raw.get("measure")
    return entries if isinstance(entries, list) else []


def _well_formed(entry: Any) -> Instrument | None:
    """The measure that an entry of a file describes, if its form is right."""
    try:
        measure: Instrument = TypeAdapter(MeasureInFile).validate_python(entry)
    except ValidationError:
        return None
    return measure


def _raise_errors(findings: list[Finding]) -> None:
    errors = list(dict.fromkeys(str(f) for f in findings if f.level == "error"))
    if not errors:
        return
    shown = errors[:10]
    if len(errors) > len(shown):
        shown.append(f"… and {len(errors) - 10} more.")
    raise CaseFileError("\n".join(shown))


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
    file, content = _read(name_or_path)
    shipped = not Path(name_or_path).is_file()
    case, findings = _checked(_decode(content, file), file, "" if shipped else str(name_or_path))
    _raise_errors(findings)
    assert case is not None
    return case


def parse_case(text: str, name: str = "case") -> CaseFile:
    """Read and check a case from text."""
    case, findings = _checked(text, name, "")
    _raise_errors(findings)
    assert case is not None
    return case


def validate_case(name_or_path: str | Path) -> list[Finding]:
    """Everything that can be said about a case file: errors first, then warnings and notes.

    A file that can be read but is wrong gives findings, not an exception; one that cannot be read
    raises.
    """
    file, content = _read(name_or_path)
    shipped = not Path(name_or_path).is_file()
    try:
        _, findings = _checked(_decode(content, file), file, "" if shipped else str(name_or_path))
    except CaseFileError as error:
        return [Finding("error", str(error))]
    rank = {"error": 0, "warning": 1, "note": 2}
    unique = list(dict.fromkeys(findings))
    return sorted(unique, key=lambda f: (rank[f.level], f.line or 0))


def world_of(case: CaseFile) -> str:
    """What to pass to :func:`detente.world.load_world` for a case."""
    return _world_reference(case)
