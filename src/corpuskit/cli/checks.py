"""Commands that check: ``validate``, ``verify`` and ``doctor``."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpuskit.cli import output

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.check import Finding


class FindingsFormat(StrEnum):
    """How findings are printed."""

    TEXT = "text"
    JSON = "json"


Release = Annotated[Path, typer.Argument(metavar="PATH", help="The folder of a release.")]
Format = Annotated[FindingsFormat, typer.Option("--format", help="How findings are printed.")]
AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(epilog="Example: corpuskit validate dist/sco-news-0.1.0")(validate)
    app.command(epilog="Example: corpuskit verify dist/sco-news-0.1.0")(verify)
    app.command(epilog="Example: corpuskit doctor")(doctor)


def validate(path: Release, findings_format: Format = FindingsFormat.TEXT, as_json: AsJson = False) -> None:
    """Check everything about a release: files, manifest, every row, and what rows say of one another."""
    from corpuskit.check import validate as run  # half a second of pyarrow

    _report(run(path), path, as_json=as_json or findings_format is FindingsFormat.JSON)


def verify(path: Release, findings_format: Format = FindingsFormat.TEXT, as_json: AsJson = False) -> None:
    """Check that the files of a release are the ones that were released: quick, for what was downloaded."""
    from corpuskit.check import verify as run  # half a second of pyarrow

    _report(run(path), path, as_json=as_json or findings_format is FindingsFormat.JSON)


def _report(findings: Sequence[Finding], path: Path, *, as_json: bool) -> None:
    """Print findings and end with 1 where there are some."""
    if as_json:
        output.print_json({"path": str(path), "findings": [dataclasses.asdict(finding) for finding in findings]})
    else:
        for finding in findings:
            typer.echo(finding)
        typer.echo(f"{path}: {len(findings)} findings" if findings else f"{path}: no findings")
    if findings:
        raise typer.Exit(1)


def doctor(as_json: Annotated[bool, typer.Option("--json", help="Print the results as JSON.")] = False) -> None:
    """Check the installation: every library there, of a version that works, and the main job on a made-up page."""
    from corpuskit.cli.doctor import examine  # it imports everything

    results = examine()
    if as_json:
        output.print_json([dataclasses.asdict(result) for result in results])
    else:
        for result in results:
            typer.echo(f"{'ok     ' if result.ok else 'PROBLEM'}  {result.name}: {result.detail}")
    if not all(result.ok for result in results):
        raise typer.Exit(1)
