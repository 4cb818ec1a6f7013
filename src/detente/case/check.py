"""Does what a case file says make sense, and where does it not? Everything at once, by line.

Nothing here opens a world: a file is checked against the names in the world's descriptor. What
hangs on a part that cannot be read is not checked; everything else is.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from detente.case.game_section import game_despite
from detente.case.lines import KeyLines
from detente.case.lines import Path as Place
from detente.case.messages import FIRST_SCHEMA, message, of_first_schema
from detente.case.schema import (
    SCHEMA_VERSION,
    WORLD,
    CaseFile,
    in_force_day,
    world_of,
)
from detente.errors import DetenteError, InputError, UnknownNameError, shortened
from detente.measures import Instrument
from detente.scenario.groups import Labels, resolve_economies, resolve_sectors
from detente.scenario.targets import Target, clashes, no_rule, targets_of
from detente.talks.checks import problems_of
from detente.talks.mending import problems_despite
from detente.world.shipped import world_labels

__all__ = ["MOST_SAID", "Finding", "checked"]

#: More errors than this are counted, not told.
MOST_SAID = 50
#: A message is cut here, whatever it repeats of the file.
LONGEST_MESSAGE = 1_500
#: Lists of entries of their own: one that is broken leaves the others whole.
_LISTS = ("measure", "package", "not_priced")
#: What looks up the names of a measure, by key.
_LOOKS: Mapping[str, Callable[[Labels, Sequence[str]], object]] = {
    "by": resolve_economies,
    "on": resolve_economies,
    "except_for": resolve_economies,
    "sectors": resolve_sectors,
}
#: What stands in for keys that are missing or broken, while the rest is checked.
_STAND_IN = {"schema": SCHEMA_VERSION, "name": "case", "world": "?"}


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


def checked(raw: Mapping[str, Any], lines: KeyLines) -> tuple[CaseFile | None, list[Finding]]:
    """The case that tables describe, and everything to say about it, by line.

    Parameters
    ----------
    raw
        The tables of a file.
    lines
        Where its keys stand.

    Returns
    -------
    The case, None where it has an error; findings without opening a world, errors first.
    """
    check = _Check(raw, lines)
    if raw.get("schema") == FIRST_SCHEMA:
        check.say("error", of_first_schema("talks" in raw), ("schema",))
        return None, check.sorted()
    try:
        case: CaseFile | None = CaseFile.model_validate(raw)
        whole = case
    except ValidationError as error:
        told = [message(item) for item in error.errors(include_url=False)]
        for path, text in told:
            check.say("error", text, path, keyed=True)
        check.broken = {path for path, _ in told}
        case, whole = None, check.without_broken()
    if whole is not None:
        check.meaning(whole)
    findings = check.sorted()
    return (case if not any(f.level == "error" for f in findings) else None), findings


class _Check:
    """Collects what is to be said about one file."""

    def __init__(self, raw: Mapping[str, Any], lines: KeyLines) -> None:
        self.raw, self.lines = raw, lines
        self.found: list[Finding] = []
        self.errors = 0
        #: Places of the entries that can be read, by list.
        self.kept: dict[str, Sequence[int]] = {
            name: range(len(entries)) if isinstance(entries := raw.get(name), list) else ()
            for name in _LISTS
        }
        #: Ids that the file gives, those of broken entries too; None where a list is no list.
        self.ids = {name: _ids(raw.get(name, [])) for name in _LISTS}
        #: Measures that are not understood, so that nothing which needs them is checked.
        self.unclear: set[str] = set()
        #: Where the form is wrong.
        self.broken: set[Place] = set()

    # ---- saying --------------------------------------------------------------------------

    def say(self, level: str, text: str, path: Place = (), *, keyed: bool = False) -> None:
        """One finding at a place; its key is named where the text does not say it."""
        self.errors += level == "error"
        if level == "error" and self.errors > MOST_SAID:
            return
        text = " ".join(text.splitlines())
        self.found.append(
            Finding(
                level,
                text if len(text) <= LONGEST_MESSAGE else f"{text[:LONGEST_MESSAGE]}…",
                self.lines.file,
                self.lines.line(path),
                self.lines.key(path) if keyed else "",
            )
        )

    def unknown(self, kind: str, name: str, choices: Iterable[str], path: Place) -> None:
        """A name that is on no list."""
        if self.errors >= MOST_SAID:
            self.errors += 1  # comparing names takes time
            return
        text = str(UnknownNameError(kind, name, choices))
        self.say("error", text[0].lower() + text[1:], path, keyed=True)

    def sorted(self) -> list[Finding]:
        """What was found: errors first, then warnings and notes, each by line."""
        rank = {"error": 0, "warning": 1, "note": 2}
        told = sorted(dict.fromkeys(self.found), key=lambda f: (rank[f.level], f.line or 0))
        if self.errors > MOST_SAID:
            text = f"… and {self.errors - MOST_SAID:,} more."
            told.insert(MOST_SAID, Finding("error", text, self.lines.file))
        return told

    # ---- what is left of a broken file -------------------------------------------------------

    def without_broken(self) -> CaseFile | None:
        """The case less its broken entries and sections; None if nothing can be made of it."""
        entries = {(p[0], p[1]) for p in self.broken if len(p) > 1 and p[0] in _LISTS}
        whole = {p[0] for p in self.broken if p and p[:2] not in entries}
        raw = {key: value for key, value in self.raw.items() if key not in whole}
        for name in _LISTS:
            if name in whole:
                self.kept[name], self.ids[name] = (), None
            elif name in raw:
                self.kept[name] = [k for k in self.kept[name] if (name, k) not in entries]
                raw[name] = [self.raw[name][k] for k in self.kept[name]]
        for name, place in sorted(entries):
            if name == "measure":
                self.unclear |= set(_ids([self.raw[name][place]]) or ())
        try:
            return CaseFile.model_validate({**_STAND_IN, **raw})
        except ValidationError:
            return None

    # ---- meaning --------------------------------------------------------------------------

    def meaning(self, case: CaseFile) -> None:
        """Everything that can be said without opening a world."""
        self.given_once()
        self.references(case)
        try:
            case.model.specification()
        except InputError as error:
            text = str(error).removeprefix("Specification: ")
            key = next((k for k in sorted(case.model.model_fields_set) if k in text), "")
            self.say("error", text, ("model", key) if key else ("model",), keyed=True)
        labels = self.labels(case)
        measures: dict[str, Instrument] = {}
        targets: dict[str, Sequence[Target]] = {}
        for place, measure in zip(self.kept["measure"], case.measures, strict=True):
            measures[measure.id] = measure
            try:
                if labels is not None:
                    _check_currency(labels, measure)
                    targets[measure.id] = targets_of(labels, measure)
            except DetenteError as error:
                self.unclear.add(measure.id)
                self.of_measure(error, ("measure", place))
        if labels is None:
            return
        self.names_in_broken(labels)
        if case.game is not None:
            for text, path in case.game.problems(labels):
                self.say("error", text, ("game", *path))
        elif broken := [path[1:] for path in self.broken if path[:1] == ("game",)]:
            left = game_despite(self.raw.get("game"), broken, labels)
            for text, path in left.unknown_names(labels):
                self.say("error", text, ("game", *path))
        if case.talks is not None and self.ids["measure"] is not None:
            self.of_meeting(problems_of(case.talks, labels, *self.known(targets)))
        elif self.ids["measure"] is not None:
            broken = [path[1:] for path in self.broken if path[:1] == ("talks",)]
            if broken:
                raw = self.raw.get("talks")
                self.of_meeting(problems_despite(raw, broken, labels, *self.known(targets)))
        self.packages(case, labels, targets)

    def known(
        self, targets: Mapping[str, Sequence[Target]]
    ) -> tuple[Sequence[str], Mapping[str, Sequence[Target]], Path]:
        """What a meeting is held against: measures, what each does, where its texts start."""
        return self.ids["measure"] or (), targets, Path(self.lines.file).parent

    def of_meeting(self, problems: Iterable[tuple[str, Place]]) -> None:
        """Problems of the [talks] section."""
        for text, path in problems:
            text = text.replace("Unknown ", "unknown ", 1) if text.startswith("Unknown ") else text
            self.say("error", text, ("talks", *path), keyed=True)

    def names_in_broken(self, labels: Labels) -> None:
        """Names that measures which are wrong otherwise look up in the world."""
        for place in sorted({p[1] for p in self.broken if p[0] == "measure" and len(p) > 1}):
            entry = self.raw["measure"][place]
            for key, look in _LOOKS.items():
                path = ("measure", place, key)
                given = entry.get(key) if isinstance(entry, dict) else None
                names = [given] if isinstance(given, str) else given
                if path in self.broken or not isinstance(names, list):
                    continue
                for name in names:
                    try:
                        look(labels, [name] if isinstance(name, str) else [])
                    except InputError as error:
                        text = str(error).replace("Unknown ", "unknown ", 1)
                        self.say("error", text.removeprefix(": "), path, keyed=True)

    def of_measure(self, error: DetenteError, path: Place) -> None:
        """An error of one measure, at the key that it names."""
        key = re.match(r'measure "[^"]*", ([a-z_]+)', str(error))
        self.say("error", str(error), (*path, key[1]) if key else path)

    def given_once(self) -> None:
        """Ids are given once."""
        for what in ("measure", "package"):
            seen: set[str] = set()
            entries = self.raw.get(what)
            for place, entry in enumerate(entries if isinstance(entries, list) else ()):
                name = entry.get("id") if isinstance(entry, dict) else None
                if isinstance(name, str) and name in seen:
                    text = f'a second {what} with the id "{shortened(name)}". Ids are given once.'
                    self.say("error", text, (what, place, "id"))
                elif isinstance(name, str):
                    seen.add(name)

    def references(self, case: CaseFile) -> None:
        """Names of measures and packages lead somewhere, and every measure is used."""
        measures, packages = self.ids["measure"], self.ids["package"]
        if not self.raw.get("measure") and case.talks is None:
            self.say("warning", "no [[measure]]: nothing would be priced.")
        used = set() if case.talks is None else set(case.talks.measure_ids)
        entries = self.raw.get("package")
        for place, package in enumerate(entries if isinstance(entries, list) else ()):
            path: Place = ("package", place)
            for key in ("measures", "lifts"):
                names = package.get(key) if isinstance(package, dict) else None
                for name in names if isinstance(names, list) else ():
                    if not isinstance(name, str):
                        continue
                    used.add(name)
                    if measures is not None and name not in measures:
                        self.unknown("measure", name, measures, (*path, key))
            reference = package.get("compared_with") if isinstance(package, dict) else None
            if isinstance(reference, str):
                self.reference(reference, (*path, "compared_with"), case)
        self.reference(case.compared_with, ("compared_with",), case)
        known = packages or (case.name,)
        if case.headline is not None and packages is not None and case.headline not in known:
            self.unknown("package", case.headline, known, ("headline",))
        compared = {case.compared_with, *(p.compared_with or "" for p in case.packages)}
        if case.packages and not any(r.startswith("in force") for r in compared):
            for place, section in zip(self.kept["measure"], case.measures, strict=True):
                if section.id not in used:
                    text = f'"{section.id}" is in no package.'
                    self.say("note", text, ("measure", place, "id"))

    def reference(self, reference: str, path: Place, case: CaseFile) -> None:
        """A comparison must be the world, a day, or a package."""
        try:
            if reference == WORLD or in_force_day(reference) is not None:
                return
        except InputError as error:
            self.say("error", str(error), path, keyed=True)
            return
        packages = self.ids["package"]
        known = packages or (case.name,)
        if packages is not None and reference not in known:
            choices = (WORLD, "in force 2024-04-01", *known)
            self.unknown("comparison", reference, choices, path)

    def labels(self, case: CaseFile) -> Labels | None:
        """The names of the case's world; a finding if there is none."""
        if case.world == _STAND_IN["world"]:
            return None  # said already: it is missing, or no text
        try:
            labels = world_labels(world_of(case, self.lines.file))
        except DetenteError as error:
            self.say("error", str(error), ("world",), keyed=True)
            return None
        chosen = case.model.elasticities
        if chosen is not None and labels.elasticity_sets and chosen not in labels.elasticity_sets:
            path = ("model", "elasticities")
            self.unknown("elasticity set", chosen, labels.elasticity_sets, path)
        return labels

    def packages(
        self, case: CaseFile, labels: Labels, targets: Mapping[str, Sequence[Target]]
    ) -> None:
        """Comparisons, stacking and dates, package by package, as far as measures are clear."""
        places = self.kept["package"] if case.packages else (0,)
        known = set(case.measure_ids)
        every = [target for own in targets.values() for target in own]
        meet = sorted(clashes(every, len(labels.sectors)).items())
        for place, name in zip(places, case.package_ids, strict=True):
            path: Place = ("package", place)
            chain = case.compared_packages(name)
            named = {m for p in chain for m in (*p.measures, *p.lifts)}
            last = (chain[-1].compared_with or case.compared_with) if chain else WORLD
            by_day = last != WORLD and last not in case.package_ids
            if not named <= known or (by_day and self.unclear) or named & self.unclear:
                continue
            try:
                scenario = case.scenario(name)
            except DetenteError as error:
                key = "lifts" if "lifts" in str(error) else "compared_with"
                self.say("error", str(error), (*path, key))
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
            there = {m.id for m in scenario.in_force}
            for (second, first), flow in meet:
                one, two = every[first], every[second]
                if one.measure.id in there and two.measure.id in there:
                    self.say("error", str(no_rule(labels, one, two, flow)), path)
                    break


def _ids(entries: object) -> tuple[str, ...] | None:
    """Ids of entries; None where they are no list."""
    if not isinstance(entries, list):
        return None
    ids = (entry.get("id") for entry in entries if isinstance(entry, dict))
    return tuple(name for name in ids if isinstance(name, str))


def _check_currency(labels: Labels, measure: Instrument) -> None:
    """Refuse an amount in money that the world is not written in."""
    for key, amount in measure.amounts.items():
        amount.within(labels.currency, f"{measure.where}, {key}")
