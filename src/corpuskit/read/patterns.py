"""Glob patterns over paths with ``/`` between their parts."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable

WILD: Final = "*?["
_TOKEN: Final = re.compile(r"\*+|\?|\[[!^]?\]?[^\]]*\]|.", re.DOTALL)


def matches(path: str, patterns: Iterable[str]) -> bool:
    """Whether one of ``patterns`` matches the whole of ``path``.

    ``*`` and ``?`` stand for characters within a part, ``[…]`` for one of those, ``**`` as a whole part for any number
    of parts.

    >>> matches("2024/05/a.txt", ["**/*.txt"]), matches("a.txt", ["**/*.txt"]), matches("b/a.txt", ["*.txt"])
    (True, True, False)
    """
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@functools.cache
def _compiled(pattern: str) -> re.Pattern[str]:
    made = ""
    parts = pattern.strip("/").split("/")
    for index, part in enumerate(parts):
        last = index == len(parts) - 1
        if part == "**":
            made += ".*" if last else "(?:.+/)?"
        else:
            made += "".join(map(_translated, _TOKEN.findall(part))) + ("" if last else "/")
    return re.compile(made, re.DOTALL)


def _translated(piece: str) -> str:
    """Return the regular expression for one piece of a pattern."""
    if piece.startswith("*"):
        return "[^/]*"
    if piece == "?":
        return "[^/]"
    if piece.startswith("[") and len(piece) > 2:
        negated = piece[1] in "!^"
        inner = _members(piece[1 + negated : -1])
        if negated:
            return f"[^/{inner}]"
        return f"[{inner}]" if inner else "(?!)"
    return re.escape(piece)


def _members(inner: str) -> str:
    """Return the inside of a character class: characters and ranges, of which one that runs backwards is empty."""
    made, at = "", 0
    while at < len(inner):
        if inner[at + 1 : at + 2] == "-" and at + 2 < len(inner):
            first, last = inner[at], inner[at + 2]
            made += f"{re.escape(first)}-{re.escape(last)}" if first <= last else ""
            at += 3
        else:
            made += re.escape(inner[at])
            at += 1
    return made
