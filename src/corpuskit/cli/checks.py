"""Commands that check: ``validate``, ``verify`` and ``doctor``."""

from __future__ import annotations

import dataclasses
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpuskit.cli import output
from corpuskit.errors import CorpuskitError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.check import Report


class FindingsFormat(StrEnum):
    """How findings are written."""

    TEXT = "text"
    JSON = "json"
    JUNIT = "junit"
    SARIF = "sarif"
    GITHUB = "github"


def _format_and_file(value: str) -> tuple[FindingsFormat, Path]:
    """Read ``FORMAT=FILE``."""
    name, _, path = value.partition("=")
    if name not in set(FindingsFormat) or not path:
        message = f"{value!r} is not FORMAT=FILE, with one of {', '.join(FindingsFormat)}"
        raise typer.BadParameter(message)
    return FindingsFormat(name), Path(path)


Paths = Annotated[
    list[Path],
    typer.Argument(metavar="PATH...", help="The folder of a release, a file in it, or JSON Lines of documents."),
]
Release = Annotated[Path, typer.Argument(metavar="PATH", help="The folder of a release.")]
Format = Annotated[FindingsFormat, typer.Option("--format", help="How findings are printed.")]
AsJson = Annotated[bool, typer.Option("--json", help="The same as --format json.")]
ConfigFile = Annotated[
    Path | None,
    typer.Option("--config", help="Settings of the rules; by default corpus.toml, where there is one here."),
]
Against = Annotated[
    Path | None, typer.Option("--against", help="The last release, to compare version and corpus with.")
]
Write = Annotated[
    list[str] | None,
    typer.Option("--write", metavar="FORMAT=FILE", help="Write the findings to a file too; may be given repeatedly."),
]
Strict = Annotated[bool, typer.Option("--strict", help="End with 1 on warnings too.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(epilog="Example: corpuskit validate dist/sco-news-7.0.0")(validate)
    app.command(epilog="Example: corpuskit verify dist/sco-news-7.0.0")(verify)
    app.command(epilog="Example: corpuskit doctor")(doctor)


def validate(
    path: Paths,
    findings_format: Format = FindingsFormat.TEXT,
    as_json: AsJson = False,
    config: ConfigFile = None,
    against: Against = None,
    strict: Strict = False,
    write: Write = None,
) -> None:
    """Check everything about a release: files, manifest, card, every row, and what rows say of one another.

    Ends with 0 where no error was found, 1 where one was, 2 where something cannot be read.
    """
    from corpuskit import config as configuration
    from corpuskit.check import Policy, examine  # half a second of pyarrow
    from corpuskit.check.metadata import examine_metadata

    files = [_format_and_file(value) for value in write or ()]
    if config is None and Path("corpus.toml").is_file():
        config = Path("corpus.toml")
    policy = Policy.of(configuration.load(config)) if config else Policy()
    targets = dict.fromkeys(_target(given) for given in path)
    reports = [
        examine_metadata(target, policy) if target.is_file() else examine(target, policy, against) for target in targets
    ]
    for style, file in files:
        _write(file, _render(reports, style))
    _report(reports, FindingsFormat.JSON if as_json else findings_format, strict=strict)


def verify(path: Release, findings_format: Format = FindingsFormat.TEXT, as_json: AsJson = False) -> None:
    """Check that the files of a release are the ones that were released: quick, for what was downloaded.

    Ends with 0 where they are, 1 where one is not, 2 where something cannot be read.
    """
    from corpuskit.check import verify_report  # half a second of pyarrow

    _report([verify_report(path)], FindingsFormat.JSON if as_json else findings_format)


def _target(path: Path) -> Path:
    """Return what to check for ``path``: the release that a file is in, else the path itself."""
    if path.is_file():
        return next((folder for folder in path.absolute().parents if (folder / "manifest.json").is_file()), path)
    return path


def _report(reports: Sequence[Report], findings_format: FindingsFormat, *, strict: bool = False) -> None:
    """Print findings and end with 1 where there are errors, or where ``strict`` any."""
    if findings_format is FindingsFormat.TEXT:
        output.print_findings(_render(reports, findings_format).splitlines())
    else:
        typer.echo(_render(reports, findings_format), nl=False)
    if any(report.failed or (strict and not report.clean) for report in reports):
        raise typer.Exit(1)


def _write(file: Path, text: str) -> None:
    try:
        file.write_text(text, encoding="utf-8")
    except OSError as error:
        raise CorpuskitError(
            f"cannot be written: {error.strerror or error}", where=str(file), remedy="Give another file with --write."
        ) from error


def _render(reports: Sequence[Report], findings_format: FindingsFormat) -> str:
    from corpuskit.check import render

    renderers = {
        FindingsFormat.TEXT: render.to_text,
        FindingsFormat.JSON: render.to_json,
        FindingsFormat.JUNIT: render.to_junit,
        FindingsFormat.SARIF: render.to_sarif,
        FindingsFormat.GITHUB: render.to_github,
    }
    return renderers[findings_format](reports)


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
