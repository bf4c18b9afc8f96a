"""Glob patterns over paths with ``/`` between their parts."""

from __future__ import annotations

import contextlib
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
        inner = re.escape(piece[1 + negated : -1]).replace(chr(92) + "-", "-")
        with contextlib.suppress(re.error):  # a range from z to a, or nothing between the brackets
            return re.compile(f"[{'^/' if negated else ''}{inner}]").pattern
    return re.escape(piece)
