"""Commands on versions: ``diff``, ``release`` and ``forget``."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Final

import typer

from corpuskit.cli import output

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.table import Table
    from rich.text import Text

    from corpuskit.package.difference import Diff
    from corpuskit.releasing import ReleaseReport

BUMP_STYLES: Final = {"major": "bold red", "minor": "bold yellow", "patch": "bold green"}
"""The colour of each part of a version."""

_COLUMNS: Final = 6
"""Columns that are named in the table of rows, those with most changes first."""


class PolicyName(StrEnum):
    """What versions promise."""

    STRICT = "strict"
    CORRECTIONS = "corrections"
    APPEND = "append"


ReleaseArgument = Annotated[
    str, typer.Argument(help="A release: its folder, an fsspec address, or hf://datasets/OWNER/NAME@VERSION.")
]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(epilog="Example: corpuskit diff dist/town-1.0.0 dist/town-1.1.0")(diff)
    app.command(epilog="Example: corpuskit release --dry-run")(release)
    app.command(epilog="Example: corpuskit forget https://news.example/a --reason 'Asked for by its author.'")(forget)


def diff(
    a: ReleaseArgument,
    b: ReleaseArgument,
    policy: Annotated[
        PolicyName | None, typer.Option(help="What versions promise; by default what the second release says.")
    ] = None,
    samples: Annotated[int, typer.Option(min=0, help="How many changed texts are shown.")] = 5,
    as_json: Annotated[bool, typer.Option("--json", help="Print it as JSON (schemas/changes.schema.json).")] = False,
) -> None:
    """Say what differs between two releases, the earlier one first, and which version that asks for.

    Ends with 0 where rows, columns and rules of cleaning are the same, 1 where they differ, 2 where one cannot be read.
    """
    from corpuskit.package.diff import diff as compare  # half a second of pyarrow

    found = compare(a, b, policy=policy, samples=samples)
    if as_json:
        output.print_json(found.to_json())
    else:
        print_diff(found)
    if not found.same:
        raise typer.Exit(1)


def release(
    config: Annotated[Path, typer.Option(help="The settings: a TOML file, or a folder with a corpus.toml.")] = Path(
        "corpus.toml"
    ),
    dist: Annotated[
        Path | None, typer.Option(help="Where releases lie and go; by default dist beside the settings.")
    ] = None,
    workers: Annotated[int | None, typer.Option(min=1, help="Processes; by default as many as pay off.")] = None,
    dry_run: Annotated[
        bool, typer.Option("--dry-run", help="Show changes, version and changelog, and write nothing.")
    ] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the report as JSON.")] = False,
) -> None:
    """Build the release, unless its version is lower than its changes ask for.

    It is compared with the release below its version in dist. Nothing is ever overwritten. Ends with 0 where the
    release is written (or stands there with the same bytes), 1 where it is refused, 2 where it cannot be built.
    """
    from corpuskit.releasing import release as run  # half a second of pyarrow

    with output.progress_bar(quiet=as_json) as progress:
        report = run(config, dist=dist, workers=workers, dry_run=dry_run, progress=progress)
    if as_json:
        output.print_json(_release_json(report))
    else:
        _print_release(report, dry_run=dry_run)
    clean = report.report is None or report.report.clean
    if not report.allowed or not clean:
        raise typer.Exit(1)


def forget(
    document: Annotated[
        str, typer.Argument(metavar="ID|URL", help="Id, address or locator of a document that a release holds.")
    ],
    reason: Annotated[
        str | None, typer.Option(help="Why, as far as it may be said: it stands in every later release.")
    ] = None,
    date: Annotated[str | None, typer.Option(help="The day it was asked for, such as 2026-11-22.")] = None,
    config: Annotated[Path, typer.Option(help="The settings: a TOML file, or a folder with a corpus.toml.")] = Path(
        "corpus.toml"
    ),
    dist: Annotated[Path | None, typer.Option(help="Where releases lie; by default dist beside the settings.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print what was written as JSON.")] = False,
) -> None:
    """Ask for a document to be forgotten: the next build leaves it out, and what repeats it in other documents.

    This writes a tombstone of digests to forgotten.jsonl beside the settings. Releases that hold the document are
    named and left as they are: take them down yourself.
    """
    from corpuskit.forgetting import forget as run  # see diff

    done = run(document, config, dist=dist, reason=reason, date=date)
    if as_json:
        output.print_json(
            {
                "id": done.tombstone.id,
                "file": str(done.file),
                "known_before": done.known_before,
                "held_by": [str(folder) for folder in done.held_by],
            }
        )
        return
    typer.echo(
        f"{done.tombstone.id} {'was' if done.known_before else 'is'} in {done.file}; the next release is a major one."
    )
    if done.held_by:
        typer.echo("These releases hold it still; take them down where they are published:")
        typer.echo("\n".join(f"  {folder}" for folder in done.held_by))


def _release_json(report: ReleaseReport) -> dict[str, Any]:
    return {
        "version": report.version,
        "least_version": report.least_version,
        "allowed": report.allowed,
        "previous": None if report.previous is None else str(report.previous),
        "path": None if report.report is None else str(report.report.path),
        "outcome": None if report.report is None else report.report.outcome,
        "diff": None if report.diff is None else report.diff.to_json(),
    }


def _print_release(report: ReleaseReport, *, dry_run: bool) -> None:
    if dry_run:
        if report.diff is not None:
            print_diff(report.diff)
        typer.echo(f"\n{report.changelog}")
    if report.least_version is None:
        typer.echo(f"{report.version} is a first release.")
    elif report.unchanged:
        typer.echo(f"{report.version} stands already, and nothing has changed.")
    elif report.allowed:
        typer.echo(
            f"{report.version} is high enough: the least version after {report.previous} is {report.least_version}."
        )
    else:
        typer.echo(f"{report.version} is too low or not allowed: the least version is {report.least_version}.")
    if report.report is not None:
        said = "is written" if report.report.outcome == "written" else "stands already, with the same bytes"
        typer.echo(f"{report.report.path} {said}")


# --- a difference, for people ---


def print_diff(found: Diff) -> None:
    """Print a difference: the verdict first, then what asks for it, then rows, columns, rules and texts."""
    screen = output.console()
    screen.print(_verdict(found))
    for part in (_reasons(found), _rows(found), _columns(found), _settings(found)):
        if part is not None:
            screen.print()
            screen.print(part)
    for sample in found.samples:
        screen.print()
        for line in _sample(sample.document, sample.diff):
            screen.print(line)


def _verdict(found: Diff) -> Text:
    from rich.text import Text  # see output.console

    names = [f"{side.name or 'a release'} {side.version or ''}".strip() for side in (found.before, found.after)]
    line = Text(f"{names[0]} → {names[1]}: ")
    bump = str(found.bump)
    line.append("the same" if not found.reasons else bump.upper(), style=BUMP_STYLES[bump])
    if found.least_version and found.reasons:
        line.append(f", so {found.least_version} at least")
    line.append(f" (policy {found.policy})", style="dim")
    if found.refused is not None:
        line.append(f"; the policy does not allow it: {found.refused.what}", style="bold red")
    return line


def _reasons(found: Diff) -> Table | None:
    if not found.reasons:
        return None
    from rich.text import Text

    from corpuskit.package.bump import rules

    table = _table("", "what", "why it counts")
    for reason in found.reasons:
        bump = str(reason.bump)
        table.add_row(
            Text(bump, style=BUMP_STYLES[bump]), Text(reason.what), Text(rules()[reason.rule].why, style="dim")
        )
    return table


def _rows(found: Diff) -> Table | None:
    """Return rows by config, and by split where a config has several."""
    from rich.text import Text

    table = _table("config", "before", "removed", "moved", "changed", "added", "after", "columns")
    for column in table.columns[1:7]:
        column.justify = "right"
    for config, rows in found.configs.items():
        columns = sorted(rows.columns, key=lambda name: (-rows.columns[name], name))
        shown = ", ".join(f"{name} {rows.columns[name]:,}" for name in columns[:_COLUMNS])
        more = f", {len(columns) - _COLUMNS} more" if len(columns) > _COLUMNS else ""
        counts = (rows.before, rows.removed, rows.moved, rows.changed, rows.added, rows.after)
        table.add_row(config, *_counts(counts), Text(shown + more), style="dim" if rows.same else "")
        for name, split in rows.splits.items() if len(rows.splits) > 1 else ():
            moved = f"+{split.moved_in:,} -{split.moved_out:,}" if split.moved_in or split.moved_out else "·"
            before, removed, changed, added, after = _counts(
                (split.before, split.removed, split.changed, split.added, split.after)
            )
            table.add_row(Text(f"  {name}"), before, removed, moved, changed, added, after, "", style="dim")
    return table if found.configs else None


def _columns(found: Diff) -> Table | None:
    from rich.text import Text

    table = _table("column", "change", "before", "after")
    for change in found.schema:
        cells = (f"{change.config}.{change.column}", change.change, change.before or "", change.after or "")
        table.add_row(*map(Text, cells))
    return table if found.schema else None


def _settings(found: Diff) -> Table | None:
    from rich.text import Text

    table = _table("setting, model or library", "before", "after")
    for setting in (*found.cleaning, *found.accepted, *found.tools):
        table.add_row(*map(Text, (setting.key, *(_short(value) for value in (setting.before, setting.after)))))
    return table if table.rows else None


def _sample(document: str, diff_text: str) -> Iterator[Text]:
    from rich.text import Text

    yield Text(document, style="bold")
    styles = {"+": "green", "-": "red", "@": "cyan"}
    for line in diff_text.splitlines():
        yield Text(line, style=styles.get(line[:1], "dim"))


def _table(*columns: str) -> Table:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    return Table(*columns, box=SIMPLE_HEAD, pad_edge=False, header_style="bold")


def _counts(numbers: Iterable[int]) -> list[str]:
    return [f"{number:,}" if number else "·" for number in numbers]


def _short(value: object) -> str:
    text = "–" if value is None else str(value)
    return text if len(text) <= 40 else f"{text[:12]}…"
