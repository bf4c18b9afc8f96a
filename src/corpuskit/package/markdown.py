"""Markdown whose form does not depend on what is put into it.

Titles, errors and statements come from pages: a bar, a backtick, a tag or a line of dashes in one must be shown and not
obeyed.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpuskit.package.citation import one_line

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_SPECIAL = re.compile(r"([\\`*_\[\]<>|~&$#])")
_STARTS = re.compile(r"^(?:([-+=])|(\d+)([.)]))")
_TAG = re.compile(r"<(?=[A-Za-z/!?])(?!https?://[^\s<>]*>)")


def text(value: str) -> str:
    """Return ``value`` as one line of plain text, wherever it stands."""
    escaped = _SPECIAL.sub(r"\\\1", one_line(value))
    return _STARTS.sub(lambda found: f"\\{found[1]}" if found[1] else f"{found[2]}\\{found[3]}", escaped)


def paragraphs(value: str) -> str:
    """Return ``value`` as paragraphs of plain text: a blank line parts them."""
    return "\n\n".join(text(part) for part in re.split(r"\n\s*\n", value.strip()) if part.strip())


def quote(value: str) -> str:
    """Return Markdown as a quotation, which ends where it ends: an open fence takes nothing with it; tags are text."""
    return "\n".join(f"> {line}".rstrip() for line in _TAG.sub("&lt;", value.strip()).splitlines())


def code(value: str) -> str:
    """Return ``value`` as code within a line."""
    content = one_line(value)
    fence = "`" * (1 + max((len(run) for run in re.findall("`+", content)), default=0))
    room = " " if content.startswith("`") or content.endswith("`") else ""
    return f"{fence}{room}{content}{room}{fence}"


def block(value: str, language: str = "") -> str:
    """Return ``value`` as a block of code."""
    fence = "`" * max(3, 1 + max((len(run) for run in re.findall("`+", value)), default=0))
    return f"{fence}{language}\n{value}\n{fence}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]]) -> str:
    """Return a table of cells that are Markdown; a column whose head begins with ``#`` is aligned to the right."""
    marks = ["---:" if name.startswith("#") else "---" for name in head]
    lines = [[name.removeprefix("#") for name in head], marks, *rows]
    return "\n".join("| " + " | ".join(_cell(cell) for cell in line) + " |" for line in lines)


def _cell(cell: str) -> str:
    """Return a cell in which every bar is a character: within code, too, a table asks for a stroke before it."""
    return re.sub(r"(?<!\\)((?:\\\\)*)\|", r"\1\\|", cell.replace("\n", " "))


def folded(summary: str, content: str) -> str:
    """Return ``content`` under a line that opens it; ``summary`` is our own words."""
    return f"<details><summary>{summary}</summary>\n\n{content}\n\n</details>"


def points(lines: Iterable[str]) -> str:
    """Return a list; each line is Markdown."""
    return "\n".join(f"- {line}" for line in lines)
