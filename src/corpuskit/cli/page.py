"""Commands on one page: ``clean`` and ``explain``."""

from __future__ import annotations

import sys
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from corpuskit.cli import output
from corpuskit.errors import CorpuskitError, PageError

if TYPE_CHECKING:
    from corpuskit.model import Document


class PageFormat(StrEnum):
    """What `clean` prints."""

    TEXT = "text"
    JSON = "json"
    BLOCKS = "blocks"


PathArgument = Annotated[str, typer.Argument(metavar="PATH", help="A file with one page, or - for standard input.")]
MediaType = Annotated[str | None, typer.Option(help="text/plain or text/html; by default its name or beginning tells.")]
Url = Annotated[str | None, typer.Option(help="The page's address, where known.")]
Encoding = Annotated[str | None, typer.Option(help="The charset a header declared, where known.")]


def register(app: typer.Typer) -> None:
    """Add the commands of this module to the program."""
    app.command(epilog="Example: corpuskit clean page.txt --format blocks")(clean)
    app.command(epilog="Example: corpuskit explain seeds/page.txt")(explain)


def clean(
    path: PathArgument,
    media_type: MediaType = None,
    url: Url = None,
    encoding: Encoding = None,
    page_format: Annotated[
        PageFormat, typer.Option("--format", help="The main text, everything as JSON, or every block in colour.")
    ] = PageFormat.TEXT,
    as_json: Annotated[bool, typer.Option("--json", help="The same as --format json.")] = False,
) -> None:
    """Clean one page and print it."""
    from corpuskit.select.formats import RULE  # `--help` need not pay for it

    document = _clean(path, media_type, url, encoding)
    if as_json or page_format is PageFormat.JSON:
        output.print_json(output.document_json(document))
    elif page_format is PageFormat.BLOCKS:
        output.print_blocks(document)
    else:
        typer.echo(document.text)
        if not document.text:
            output.note(f"{path}: no main text was found; `corpuskit explain` says what its blocks are taken for")
    if document.decision.rule == RULE:  # other rules are the settings', of which there are none here
        output.note(f"{path}: is {document.decision.value} and no page: a build would reject it")


def _clean(path: str, media_type: str | None, url: str | None, encoding: str | None) -> Document:
    from corpuskit.api import MEDIA_TYPES  # `--help` need not pay for it
    from corpuskit.api import clean as run
    from corpuskit.read.files import media_type_of

    if media_type and media_type.partition(";")[0].strip().lower() not in MEDIA_TYPES:
        raise CorpuskitError(
            f"{media_type!r} is no media type this reads",
            where="--media-type",
            remedy=f"Give one of {', '.join(MEDIA_TYPES)}.",
        )
    raw = _read(path)
    if not raw:
        raise CorpuskitError("is empty", where=path, remedy="Give a file with a page in it.")
    kind = media_type or media_type_of(Path(path), raw)
    try:
        return run(raw, kind, url, locator=None if path == "-" else path, encoding=encoding)
    except PageError as error:
        raise CorpuskitError(
            str(error), where=path, remedy="Give another page; a build would quarantine this one and go on."
        ) from error


def _read(path: str) -> bytes:
    """Read a page, but not more of it than a page may have."""
    from corpuskit.config import LimitSettings

    most = LimitSettings().max_page_bytes
    try:
        if path == "-":
            return sys.stdin.buffer.read(most + 1)
        with Path(path).open("rb") as file:
            return file.read(most + 1)
    except OSError as error:
        raise CorpuskitError(
            f"cannot be read: {error.strerror or error}", where=path, remedy="Give a file, or - for standard input."
        ) from error


def explain(
    doc: Annotated[
        str,
        typer.Argument(metavar="DOC", help="A file with one page, or the id or locator of a document in a release."),
    ],
    release: Annotated[
        Path | None, typer.Option(help="The release to look the id up in; by default the one corpus.toml describes.")
    ] = None,
    media_type: MediaType = None,
    url: Url = None,
    encoding: Encoding = None,
    as_json: Annotated[bool, typer.Option("--json", help="Print everything as JSON.")] = False,
) -> None:
    """Say of every block and repair of a page what it is and why, and where each metadata value comes from."""
    if release is None and Path(doc).is_file():
        rows = _explain_file(_clean(doc, media_type, url, encoding))
    else:
        rows = _explain_row(doc, release)
    if as_json:
        output.print_json(rows)
        return
    screen = output.console()
    screen.print(output.shown(f"{rows['id']}  {rows['locator']}"), style="bold", markup=False)
    for name in ("blocks", "repairs", "flags", "evidence"):
        screen.print(f"\n{name}: {len(rows[name])}", style="bold", markup=False)
        for index, row in enumerate(rows[name]):
            style = output.ROLE_STYLES[row["role"]] if name == "blocks" else "default"
            screen.print(_LINES[name](index, row), style=style, markup=False)


def _block_line(index: int, row: dict[str, Any]) -> str:
    text = row["text"] if len(row["text"]) <= 60 else row["text"][:59] + "…"  # one line of a terminal
    return f"{index:4}  {row['role']}/{row['kind']}  {row['score']:.2f}  {row['reason']}\n      {text}"


def _repair_line(index: int, row: dict[str, Any]) -> str:
    return f"{index:4}  {row['rule']} at {row['start']}: {row['before']!r} became {row['after']!r}  ({row['evidence']})"


def _evidence_line(index: int, row: dict[str, Any]) -> str:
    used = "" if row["used"] else ", not used"
    basis = "stated" if row["stated"] else "inferred"
    return f"{index:4}  {row['field']} = {row['value']!r}  ({basis}{used}; {row['where']})"


def _flag_line(index: int, row: dict[str, Any] | str) -> str:
    if isinstance(row, str):
        return f"{index:4}  {row}"
    return f"{index:4}  {row['rule']} at {row['start']}, left as it is  ({row['evidence']})"


_LINES = {"blocks": _block_line, "repairs": _repair_line, "flags": _flag_line, "evidence": _evidence_line}


def _explain_file(document: Document) -> dict[str, Any]:
    made = output.document_json(document)
    return {
        "id": made["id"],
        "locator": made["locator"],
        "blocks": made["blocks"],
        "repairs": made["repairs"],
        "flags": made["flags"],
        "evidence": made["metadata"]["evidence"],
    }


def _explain_row(doc: str, release: Path | None) -> dict[str, Any]:
    """Look a document up in a release, by id, the beginning of one, or locator."""
    from corpuskit.package.lookup import find_document  # half a second of pyarrow

    return find_document(release or _default_release(doc), doc)


def _default_release(doc: str) -> Path:
    from corpuskit import config

    if not Path("corpus.toml").is_file():
        raise CorpuskitError(
            "is no file, and there is no corpus.toml here to look for a release in",
            where=doc,
            remedy="Give a file, or name the release with --release.",
        )
    settings = config.load("corpus.toml")
    return settings.folder / "dist" / f"{settings.dataset.name}-{settings.dataset.version}"
