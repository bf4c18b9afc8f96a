"""How things look: colours and progress on a terminal, plain text in a pipe, JSON where asked for."""

from __future__ import annotations

import dataclasses
import json
import sys
import time
from contextlib import contextmanager, redirect_stdout
from typing import TYPE_CHECKING, Any, Final

import typer

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from rich.console import Console

    from corpuskit.model import Document
    from corpuskit.pipeline import Progress, State

ROLE_STYLES: Final = {"main": "default", "metadata": "cyan", "related": "magenta", "boilerplate": "bright_black"}
"""The colour of each role's blocks."""


def print_json(value: object) -> None:
    """Print ``value`` as JSON on standard output."""
    sys.stdout.write(json.dumps(value, indent=2, ensure_ascii=False, default=str) + "\n")


def console(*, stderr: bool = False) -> Console:
    """Return a rich console; its colours go where the terminal has some and NO_COLOR is not set."""
    from rich.console import Console  # a tenth of a second that `--help` need not pay

    return Console(stderr=stderr, highlight=False, soft_wrap=True)


@contextmanager
def progress_bar(*, quiet: bool) -> Iterator[Progress | None]:
    """Give a progress callback that draws on a terminal's standard error; ``None`` in a pipe or where ``quiet``."""
    screen = None if quiet else console(stderr=True)
    if screen is None or not screen.is_terminal:
        yield None
        return
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[said]}"), TimeRemainingColumn())
    started = time.monotonic()
    # No thread draws it again and again: a process with threads must not fork, and nothing changes between two parts.
    with Progress(*columns, console=screen, transient=True, auto_refresh=False) as bars:
        task = bars.add_task("pages", total=None, said="")

        def show(state: State) -> None:
            done = state.pages.total()
            rate = done / max(time.monotonic() - started, 0.001)
            counts = (f"{state.pages[name]:,} {name}" for name in ("kept", "rejected", "quarantined"))
            reused = f", {state.reused:,} done before" if state.reused else ""
            # Units may hold one page or thousands: their sizes tell best how much is left.
            by = (state.bytes_done, state.bytes) if state.bytes else (state.units_done, state.units)
            bars.update(
                task,
                completed=by[0],
                total=by[1],
                said=f"{', '.join(counts)}{reused}, {rate:,.0f} pages/s",
                refresh=True,
            )

        yield show


@contextmanager
def ours_alone() -> Iterator[None]:
    """Keep standard output for what the command says: what libraries print meanwhile goes to standard error.

    Ray's drivers print that a worker died, and a script that reads JSON would stumble over it.
    """
    with redirect_stdout(sys.stderr):
        yield


def print_blocks(document: Document) -> None:
    """Print the blocks of a document, each in the colour of its role, with kind and score in the margin."""
    from rich.text import Text  # see console

    screen = console()
    for block in document.blocks:
        style = ROLE_STYLES[block.role]
        margin = Text(f"{block.role}/{block.kind}".ljust(24) + f"{block.score:.2f}  ", style=f"dim {style}")
        screen.print(margin + Text(block.text, style=style))


def print_findings(lines: Iterable[str]) -> None:
    """Print findings, errors in red and warnings in yellow where the terminal has colours."""
    from rich.text import Text  # see console

    screen = console()
    for line in map(shown, lines):
        style = {"error": "bold red", "warning": "yellow"}.get(line.split(":")[0], "")
        text = Text(line)
        if style:
            text.stylize(style, 0, line.index(":"))
        screen.print(text)


def document_json(document: Document) -> dict[str, Any]:
    """Return a document as JSON has it."""
    return {
        "id": document.id,
        "locator": document.page.locator,
        "media_type": document.page.media_type,
        "encoding": document.encoding,
        "decision": dataclasses.asdict(document.decision),
        "text": document.text,
        "metadata": dataclasses.asdict(document.metadata),
        "related": [dataclasses.asdict(item) for item in document.related],
        "blocks": [block._asdict() for block in document.blocks],
        "repairs": [dataclasses.asdict(repair) for repair in document.repairs],
        "flags": [dataclasses.asdict(flag) for flag in document.flags],
    }


def shown(text: str) -> str:
    r"""Return ``text`` without what a terminal would obey: pages are named by whoever made them.

    >>> shown("a\x1b[2J\nb")
    'a\\x1b[2J\nb'
    """
    return "".join(c if c.isprintable() or c in "\n\t" else c.encode("unicode_escape").decode() for c in text)


def note(message: str, *, quiet: bool = False) -> None:
    """Print a line on standard error."""
    if not quiet:
        typer.echo(shown(message), err=True)
