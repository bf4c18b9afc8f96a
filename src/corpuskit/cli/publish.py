"""``publish``: a release to the Hub or to a store of files."""

from __future__ import annotations

import dataclasses
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from corpuskit.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.publish import Progress, PublishReport


Release = Annotated[Path, typer.Argument(metavar="RELEASE", help="The folder of the release.")]
Previous = Annotated[
    Path | None, typer.Option(help="The release before, to foretell how many bytes are new; with --dry-run.")
]


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command(epilog="Example: corpuskit publish dist/sco-news-1.0.0 hf://datasets/ORG/NAME --dry-run")(publish)


def publish(
    release: Release,
    target: Annotated[
        str,
        typer.Argument(
            metavar="TARGET", help="hf://datasets/ORG/NAME, or a folder or address of a store: s3://bucket/path."
        ),
    ],
    hub: Annotated[bool, typer.Option("--hub", help="TARGET is ORG/NAME on the Hugging Face Hub.")] = False,
    tag: Annotated[
        str | None, typer.Option(help="A release candidate's name, X.Y.Z-rc.N; by default the version.")
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be sent; send nothing.")] = False,
    previous: Previous = None,
    private: Annotated[bool, typer.Option("--private", help="Create the repository, if need be, as private.")] = False,
    latest: Annotated[
        bool, typer.Option("--latest/--no-latest", help="Whether readers who name no version get this one.")
    ] = True,
    read_back: Annotated[
        bool,
        typer.Option("--read-back/--trust-digests", help="Read every byte back, or believe the digests stated there."),
    ] = True,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Print nothing but errors.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Bring a release to where others find it: checked there, byte by byte, before it gets its name.

    Tokens come from the environment (HF_TOKEN, AWS_...) or from the tool's own login. Documents that are not open are
    not published unless corpus.toml accepts their class, with a reason. Running it again completes what was broken off.

    Ends with 0 where it is published, 1 where it may not be (rights, or another release of that name), 2 where it
    cannot be done.
    """
    from corpuskit.publish import publish as run  # half a second of pyarrow
    from corpuskit.publish.gate import WithheldError

    try:
        with _progress(quiet=quiet or as_json) as progress:
            report = run(
                release,
                target,
                tag=tag,
                hub=hub,
                dry_run=dry_run,
                previous=previous,
                private=private,
                latest=latest,
                read_back=read_back,
                progress=progress,
            )
    except WithheldError as error:
        if not as_json:
            raise
        output.print_json({"outcome": "refused", **dataclasses.asdict(error.refusal)})
        raise typer.Exit(1) from None
    if as_json:
        output.print_json(dataclasses.asdict(report))
    elif not quiet:
        typer.echo("\n".join(_lines(report)))


@contextmanager
def _progress(*, quiet: bool) -> Iterator[Progress | None]:
    """Give a progress callback that draws on a terminal's standard error; ``None`` in a pipe or where ``quiet``."""
    screen = output.console(stderr=True)
    if quiet or not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

    columns = (TextColumn("{task.description:<8}"), BarColumn(), MofNCompleteColumn())
    with Progress(*columns, console=screen, transient=True) as bars:
        task = bars.add_task("", total=None)

        def show(step: str, done: int, total: int) -> None:
            bars.update(task, description=step, completed=done, total=total)

        yield show


def _lines(report: PublishReport) -> Iterator[str]:
    """Say what was done, or would be."""
    yield from (f"  {path}" for path in report.sent if report.outcome == "planned")
    sent = f"{len(report.sent)} files, {report.sent_bytes:,} bytes"
    there = f"{len(report.present)} are there already"
    where = f"{report.name} {report.tag} in {report.target}"
    match report.outcome:
        case "planned":
            yield f"{where} would be sent: {sent}; {there}"
            if report.new_bytes is not None:
                yield f"about {report.new_bytes:,} bytes of it are new: the rest is in chunks of the release before"
        case "same":
            yield f"{where} stands there already, with the same bytes"
        case _:
            yield f"{where} is published: {sent} sent; {there}"
    if report.outcome != "planned":
        yield "it is what readers get who name no version" if report.latest else "readers get it who name it"
