"""Cue phrases: what a line says of itself.  The phrases are data, in ``cues.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import Final

from corpuskit.model import Kind, Role

ELLIPSIS: Final = "…"

_SHORT: Final = 120
_SHARE: Final = 5
"""A phrase inside a line of more than this many characters must be at least a fifth of it: notices are brief."""

_EDGES = re.compile(r"^[\W_]+|[\W_]+$")
_OPEN_EDGES = re.compile(r"^[^\w©ⓒ(（【☞▶※*#.]+|[^\w)）】:：.…!]+$")
_COUNTER = re.compile(r"[\s(（\[]*\d[\d.,]*[)）\]]*$")
_LEADING_COUNTER = re.compile(r"^\d[\d.,]*\s+")
_LINK = re.compile(r"!?\[([^\]]*)\]\([^()\s]*\)")
_SPACE = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Cue:
    """A phrase that a line matched: what it stands for, the phrase, and whether it is the whole line."""

    role: Role
    kind: Kind
    phrase: str
    whole: bool
    end: bool


@dataclass(frozen=True, slots=True)
class _Phrases:
    """The phrases of one role and kind, ready to be matched."""

    role: Role
    kind: Kind
    end: bool
    whole: frozenset[str]
    start: frozenset[str]
    start_lengths: tuple[int, ...]
    pattern: re.Pattern[str] | None

    def match(self, bare: str, folded: str) -> Cue | None:
        """Match a line: ``bare`` has lost its edges and counter, ``folded`` only its case."""
        if bare in self.whole or folded in self.whole:
            return Cue(self.role, self.kind, bare, whole=True, end=self.end)
        for candidate in (folded, bare):
            for length in self.start_lengths:
                if length <= len(candidate) and candidate[:length] in self.start and _word_ends(candidate, length):
                    return Cue(self.role, self.kind, candidate[:length], whole=False, end=False)
        found = self.pattern.search(folded) if self.pattern else None
        if found and (found.start() == 0 or len(folded) <= _SHORT or _SHARE * len(found[0]) >= len(folded)):
            return Cue(self.role, self.kind, found[0], whole=False, end=False)
        return None


def _word_ends(text: str, position: int) -> bool:
    """Whether a word ends at ``position``: a phrase must not match the beginning of a longer word.

    Scripts that do not put spaces between words have no such boundary.
    """
    before, after = text[position - 1], text[position : position + 1]
    return not (after.isalnum() and before.isalnum() and before < "\u0e00")


@functools.cache
def _lexicon() -> tuple[_Phrases, ...]:
    data = tomllib.loads((resources.files(__package__) / "cues.toml").read_text(encoding="utf-8"))
    return tuple(
        _compile(Role(role), Kind(kind), entry["phrases"], end=entry.get("end", False))
        for role, kinds in data.items()
        for kind, entry in kinds.items()
    )


def _compile(role: Role, kind: Kind, phrases: list[str], *, end: bool) -> _Phrases:
    folded = [phrase.casefold() for phrase in phrases]
    whole = frozenset(p for p in folded if ELLIPSIS not in p)
    start = frozenset(p[:-1] for p in folded if p.endswith(ELLIPSIS) and ELLIPSIS not in p[:-1])
    other = [p for p in folded if p not in whole and p[:-1] not in start]
    pattern = re.compile("|".join(map(_to_pattern, other))) if other else None
    lengths = tuple(sorted({len(p) for p in start}, reverse=True))
    return _Phrases(role, kind, end, whole, start, lengths, pattern)


def _to_pattern(phrase: str) -> str:
    inner = ".{0,60}?".join(re.escape(part) for part in phrase.strip(ELLIPSIS).split(ELLIPSIS))
    before = "" if phrase.startswith(ELLIPSIS) else "^"
    after = "" if phrase.endswith(ELLIPSIS) else "$"
    return f"{before}{inner}{after}"


def fold(text: str) -> str:
    """Return ``text`` as phrases are compared: one case, single spaces, straight apostrophes."""
    return _SPACE.sub(" ", text).casefold().replace("’", "'").replace("…", "...").strip()


def bare(folded: str) -> str:
    """Return a folded line without the symbols and counters at its edges: ``▸ comments (12)`` is ``comments``."""
    return _LEADING_COUNTER.sub("", _EDGES.sub("", _COUNTER.sub("", _EDGES.sub("", folded))))


def find(text: str) -> tuple[Cue, ...]:
    """Return the cues of a line, the surest first: phrases that are the whole line before those that begin it."""
    folded = fold(text)
    stripped = bare(folded)
    trimmed = _OPEN_EDGES.sub("", folded)
    cues = [cue for phrases in _lexicon() if (cue := phrases.match(stripped, trimmed))]
    if not any(cue.whole for cue in cues) and (composed := _compose(folded)):
        return (composed, *cues)
    return tuple(sorted(cues, key=lambda cue: (not cue.whole, -len(cue.phrase))))


@functools.cache
def _whole_phrases() -> dict[str, _Phrases]:
    """Return every phrase that may be a whole line, with the phrases it belongs to; the first entry of a phrase counts."""
    return {phrase: phrases for phrases in reversed(_lexicon()) for phrase in phrases.whole}


def _compose(folded: str) -> Cue | None:
    """Match a line that is two to twelve whole phrases in a row: a flattened menu, a row of buttons."""
    words = [stripped for word in _LINK.sub(r"\1", folded).split() if (stripped := _EDGES.sub("", word))]
    if not 2 <= len(words) <= 12:  # noqa: PLR2004
        return None
    known = _whole_phrases()
    kinds: list[_Phrases] = []
    position = 0
    while position < len(words):
        for size in range(min(4, len(words) - position), 0, -1):
            if (phrases := known.get(" ".join(words[position : position + size]))) is not None:
                kinds.append(phrases)
                position += size
                break
        else:
            return None
    if len(kinds) < 2:  # noqa: PLR2004
        return None
    common = max(kinds, key=kinds.count)
    kind = Kind.NAVIGATION if common.role is Role.METADATA else common.kind
    role = Role.BOILERPLATE if common.role is Role.METADATA else common.role
    return Cue(role, kind, folded, whole=True, end=False)
