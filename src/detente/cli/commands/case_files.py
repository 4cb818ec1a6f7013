"""What does a case file say, and is it right?"""

from __future__ import annotations

from typing import Annotated

import typer

import detente.case
import detente.world
from detente.cli.screen import AsJson, grid, heading, pairs, paragraph, print_json
from detente.errors import CaseFileError
from detente.report.words import measures
from detente.run.contents import not_priced, package_facts


def show(
    case: Annotated[str, typer.Argument(help="A shipped case, or the path of a case file.")],
    json: AsJson = False,
) -> None:
    """Show a case: its question, measures with sources, packages, what is not priced."""
    read = detente.case.load_case(case)
    labels = detente.world.world_labels(detente.case.world_of(read))
    if json:
        print_json(read.model_dump(mode="json", by_alias=True, exclude_unset=True))
        return
    heading(f"{read.name}: {read.title}")
    if read.question:
        paragraph(read.question)
    if read.background:
        print()
        paragraph(read.background)
    print()
    pairs(
        {
            "world": read.world,
            "compared with": read.compared_with,
            "date": read.date,
            "headline": read.headline_id,
            "draws": f"{read.uncertainty.draws}, seed {read.uncertainty.seed}",
        }
    )
    print()
    heading("Measures")
    for measure in read.measures:
        print(f"{measure.id}  ({measures.direction(measure)})")
        what = measures.what(measure, labels.sector_names)
        paragraph(f"{measure.title}: {what}" if measure.title else what, indent="    ")
        paragraph(f"{measures.law(measure)}. Source: {measure.source}", indent="    ")
    print()
    heading("Packages")
    grid(
        ("Package", "Measures", "Title"),
        [(p.id, str(len(p.measures)), p.title) for p in package_facts(read)],
    )
    if read.not_priced:
        print()
        heading("Not priced")
        for item in not_priced(read):
            paragraph(f"{item.title}. {item.why}", indent="    ")
    if read.path == "":
        print()
        print(f"Run it: detente run {read.name}")


def validate(
    file: Annotated[
        str | None, typer.Argument(help="A case file, or the name of a shipped case.")
    ] = None,
    schema: Annotated[
        bool, typer.Option("--schema", help="Print the JSON Schema of case files and stop.")
    ] = False,
    json: AsJson = False,
) -> None:
    """Check a case file without running it."""
    if schema:
        print_json(detente.case.json_schema())
        return
    if file is None:
        raise typer.BadParameter("give a case file, or --schema", param_hint="FILE")
    findings = detente.case.validate_case(file)
    errors = [f for f in findings if f.level == "error"]
    if json:
        print_json(
            {
                "file": file,
                "valid": not errors,
                "findings": [
                    {"level": f.level, "line": f.line, "key": f.key, "message": f.message}
                    for f in findings
                ],
            }
        )
        raise typer.Exit(CaseFileError.exit_code if errors else 0)
    for finding in findings:
        if finding.level != "error":
            print(f"{finding.level}: {finding}")
    if errors:
        raise CaseFileError("\n".join(str(f) for f in errors))
    print(f"{file}: a valid case file.")
