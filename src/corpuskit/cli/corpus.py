"""Commands on a whole corpus: ``init`` and ``build``."""

from __future__ import annotations

import dataclasses
import re
import unicodedata
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Final

import typer

from corpuskit.cli import output
from corpuskit.errors import CorpuskitError

TEMPLATE: Final = """\
# Settings of this corpus.  Build it with `corpuskit build`; every key is described in config.schema.json.

[dataset]
name = "{name}"
version = "0.1.0"
title = "{title}"
description = "Say here what the pages are and where they come from."

# Every file below it is read whose name says what it is: .txt, .html, .jsonl, .csv, .parquet, .warc.gz, .zip ...
[[source]]
name = "pages"
path = "pages"
# include = ["**/*.html"]

[select]
min_main_characters = 200
# Near copies are rejected, the first of them stays:
# near_duplicates = 0.8

# To train on some documents and test with others:
# [splits]
# by = "domain"
# shares = {{ train = 0.9, validation = 0.05, test = 0.05 }}
"""


class Engine(StrEnum):
    """What `--engine` can be."""

    local = "local"
    ray = "ray"


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(epilog="Example: corpuskit init my-corpus")(init)
    app.command(epilog="Example: corpuskit build --config corpus.toml --workers 4")(build)


def init(
    folder: Annotated[Path, typer.Argument(help="Where the new corpus goes; created where it is missing.")] = Path(),
    name: Annotated[
        str | None,
        typer.Option(help="Name of the dataset: lower-case letters, digits, dashes. By default the folder's."),
    ] = None,
) -> None:
    """Start a corpus: a corpus.toml, and a folder for the pages."""
    target = folder / "corpus.toml"
    if target.exists():
        raise CorpuskitError("there is one already", where=str(target), remedy="Edit it, or start in another folder.")
    title = name or folder.resolve().name
    try:
        (folder / "pages").mkdir(parents=True, exist_ok=True)
        target.write_text(TEMPLATE.format(name=_slug(title), title=_quotable(title)), encoding="utf-8")
    except OSError as error:
        raise CorpuskitError(
            f"cannot be written: {error.strerror or error}", where=str(target), remedy="Give a folder you may write to."
        ) from error
    typer.echo(f"{target} is written. Put pages into {folder / 'pages'}, then run `corpuskit build` there.")


def _slug(title: str) -> str:
    """Return ``title`` as the name of a dataset, which the Hub takes too: no more than 96 characters, no ``--``."""
    letters = (c for c in unicodedata.normalize("NFKD", title.lower()) if not unicodedata.combining(c))
    return re.sub("[^a-z0-9]+", "-", "".join(letters)).strip("-")[:96].rstrip("-") or "corpus"


def _quotable(title: str) -> str:
    """Return ``title`` so that it may stand between the quotation marks of TOML."""
    return "".join(c if c.isprintable() else " " for c in title).replace("\\", "").replace('"', "'")


def build(
    config: Annotated[Path, typer.Option(help="The settings: a TOML file, or a folder with a corpus.toml.")] = Path(
        "corpus.toml"
    ),
    dist: Annotated[Path | None, typer.Option(help="Where releases go; by default dist beside the settings.")] = None,
    work: Annotated[
        Path | None,
        typer.Option(
            help="Where to keep what the next run need not do again; by default .corpuskit beside the settings."
        ),
    ] = None,
    workers: Annotated[
        int | None, typer.Option(min=1, help="Processes; by default as many as pay off. The result is the same.")
    ] = None,
    engine: Annotated[Engine, typer.Option(help="Where pages are processed: on this machine, or on a Ray cluster.")] = (
        Engine.local
    ),
    address: Annotated[
        str | None, typer.Option(help="Address of the Ray cluster; by default one is started here for this run.")
    ] = None,
    replace: Annotated[
        bool, typer.Option("--replace", help="Replace a release of this version that has other bytes.")
    ] = False,
    fresh: Annotated[bool, typer.Option("--fresh", help="Use nothing that an earlier run left.")] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Build the release that the settings describe.

    Where it stands already with the same bytes, this says so and ends with 0; with other bytes it names what
    differs, changes nothing and ends with 1.  A run that was interrupted goes on where it stopped.
    """
    from corpuskit import process  # `--help` need not pay for it

    process.claim()
    from corpuskit.pipeline import build as run
    from corpuskit.pipeline import explain

    with output.progress_bar(quiet=quiet or as_json) as progress, output.ours_alone():
        report = run(
            config,
            dist=dist,
            work=work,
            workers=workers,
            engine=engine.value,
            address=address,
            replace=replace,
            fresh=fresh,
            progress=progress,
        )
    if as_json:
        output.print_json(
            {
                "path": str(report.path),
                "outcome": report.outcome,
                "pages": report.pages,
                "rows": report.configs,
                "content_sha256": report.content_sha256,
                "lost": report.lost,
                "reused": report.reused,
                "skipped": dict(report.skipped),
                "not_kept": [{"page": page, **dataclasses.asdict(decision)} for page, decision in report.not_kept],
            }
        )
    elif not quiet:
        for page, decision in report.not_kept:
            name = page.replace("\n", "\\n")  # a line for each
            output.note(f"{name}: {explain(decision)}")
        for what, count in report.skipped.items():
            output.note(f"passed over: {count:,} {what}")
        pages = report.pages
        said = {"written": "is written", "same": "stands already, with the same bytes", "replaced": "is replaced"}[
            report.outcome
        ]
        typer.echo(
            f"{pages['read']} pages read = {pages['kept']} kept + {pages['rejected']} rejected"
            f" + {pages['quarantined']} quarantined\n"
            f"{report.path} {said}"
        )
    if not report.clean:
        output.note(
            f"{report.lost} pages went down with the process that worked on them: over a safety net of [limits], or"
            " killed. They are quarantined; run again to try them again."
        )
        raise typer.Exit(1)
