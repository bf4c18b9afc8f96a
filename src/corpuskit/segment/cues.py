"""Cue phrases: what a line says of itself.  The phrases are data, in ``cues.toml``."""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from importlib import resources
from itertools import islice
from typing import TYPE_CHECKING, Final, NamedTuple

from corpuskit.model import Kind, Role

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

ELLIPSIS: Final = "…"

_PREFIX: Final = 2
_SHORT: Final = 120
_SHARE: Final = 5
"""A phrase inside a line of more than this many characters must be at least a fifth of it: notices are brief."""

_OPENING: Final = frozenset("_©ⓒ(（【☞▶※*#.")
_CLOSING: Final = frozenset("_)）】:：.…!")
"""Marks that phrases begin or end with, besides letters and digits."""
_COUNTER = re.compile(r"[\s(（\[]*\d[\d.,]*[)）\]]*$")
_LEADING_COUNTER = re.compile(r"^\d[\d.,]*\s+")
_MOST_PHRASES: Final = 12
"""Words of phrases in a row, at most: a menu."""
_PHRASE_WORDS: Final = 4
"""Words of a phrase that may stand in a row with others, at most."""
_LINK = re.compile(r"!?\[([^\]]*)\]\([^()\s]*\)")


class Cue(NamedTuple):
    """A phrase that a line matched: what it stands for, the phrase, and whether it is the whole line."""

    role: Role
    kind: Kind
    phrase: str
    whole: bool
    end: bool


@dataclass(frozen=True, slots=True)
class _Entry:
    """What a phrase stands for."""

    role: Role
    kind: Kind
    end: bool


@dataclass(frozen=True, slots=True)
class _Inside:
    """A phrase that may stand inside a line: ``literal`` is its longest part, which is looked for first.

    ``gapped`` says that it has more parts, with a few words between them.
    """

    literal: str
    gapped: bool
    pattern: re.Pattern[str]
    entry: _Entry


@dataclass(frozen=True, slots=True)
class _Lexicon:
    """All phrases by their form; a phrase of two kinds stands for both, in the order of the file.

    ``alike`` gives the phrases that lines begin with by their first characters, the longest first, ``marks`` those of
    one character, and ``framed`` those of which lines begin with one part and have another further on; ``first_words``
    are those of the phrases that are whole lines, ``longest`` is the length of the longest of these, ``reach`` of the
    longest one inside lines.
    """

    whole: dict[str, tuple[_Entry, ...]]
    start: dict[str, tuple[_Entry, ...]]
    alike: dict[str, tuple[str, ...]]
    marks: tuple[str, ...]
    framed: dict[str, tuple[_Inside, ...]]
    first_words: frozenset[str]
    inside: tuple[_Inside, ...]
    longest: int
    reach: int


def _word_ends(text: str, position: int) -> bool:
    """Whether a word ends at ``position``: a phrase must not match the beginning of a longer word.

    Scripts that do not put spaces between words have no such boundary.
    """
    before, after = text[position - 1], text[position : position + 1]
    return not (after.isalnum() and before.isalnum() and before < "\u0e00")


@functools.cache
def _lexicon() -> _Lexicon:
    data = tomllib.loads((resources.files(__package__) / "cues.toml").read_text(encoding="utf-8"))
    whole: dict[str, tuple[_Entry, ...]] = {}
    start: dict[str, tuple[_Entry, ...]] = {}
    framed: dict[str, tuple[_Inside, ...]] = {}
    inside: list[_Inside] = []
    for role, kinds in data.items():
        for kind, table in kinds.items():
            entry = _Entry(Role(role), Kind(kind), table.get("end", False))
            for phrase in dict.fromkeys(phrase.casefold() for phrase in table["phrases"]):
                if ELLIPSIS not in phrase:
                    whole[phrase] = (*whole.get(phrase, ()), entry)
                elif ELLIPSIS not in phrase[:-1]:
                    start[phrase[:-1]] = (*start.get(phrase[:-1], ()), entry)
                else:
                    parts = phrase.strip(ELLIPSIS).split(ELLIPSIS)
                    found = _Inside(max(parts, key=len), len(parts) > 1, re.compile(_to_pattern(phrase)), entry)
                    if phrase.startswith(ELLIPSIS):
                        inside.append(found)
                    else:
                        framed[phrase[:_PREFIX]] = (*framed.get(phrase[:_PREFIX], ()), found)
    marks = tuple(phrase for phrase in start if len(phrase) < _PREFIX)
    alike: dict[str, tuple[str, ...]] = {}
    for phrase in sorted(start.keys() - set(marks), key=len, reverse=True):
        alike[phrase[:_PREFIX]] = (*alike.get(phrase[:_PREFIX], ()), phrase)
    for prefix in alike:
        alike[prefix] += tuple(mark for mark in marks if prefix.startswith(mark))
    first_words = frozenset(phrase.partition(" ")[0] for phrase in whole)
    reach = max(len(phrase.literal) for phrase in inside if not phrase.gapped)
    return _Lexicon(whole, start, alike, marks, framed, first_words, tuple(inside), max(map(len, whole)), reach)


def _to_pattern(phrase: str) -> str:
    inner = ".{0,60}?".join(re.escape(part) for part in phrase.strip(ELLIPSIS).split(ELLIPSIS))
    before = "" if phrase.startswith(ELLIPSIS) else "^"
    after = "" if phrase.endswith(ELLIPSIS) else "$"
    return f"{before}{inner}{after}"


def fold(text: str) -> str:
    """Return ``text`` as phrases are compared: one case, single spaces, straight apostrophes."""
    single = " ".join(text.split())
    return single.lower() if text.isascii() else single.casefold().replace("’", "'").replace("…", "...")


def bare(folded: str) -> str:
    """Return a folded line without the symbols and counters at its edges: ``▸ comments (12)`` is ``comments``."""
    text = _trim(folded)
    if text[-1:].isdecimal():
        text = _trim(_COUNTER.sub("", text))
    return _LEADING_COUNTER.sub("", text) if text[:1].isdecimal() else text


def _trim(text: str, opening: frozenset[str] = frozenset(), closing: frozenset[str] = frozenset()) -> str:
    """Return ``text`` without the characters at its edges that are no letters, digits or allowed marks."""
    if text[:1].isalnum() and text[-1:].isalnum():
        return text
    start, end = 0, len(text)
    while start < end and not (text[start].isalnum() or text[start] in opening):
        start += 1
    while end > start and not (text[end - 1].isalnum() or text[end - 1] in closing):
        end -= 1
    return text[start:end]


def find(text: str) -> Cue | None:
    """Return the surest cue of a line, if it has any: a phrase that is the whole line, or the longest in it."""
    return find_all([fold(text)])[0]


def find_all(folded: Sequence[str]) -> list[Cue | None]:
    """Return the surest cue of each of a page's lines, which are folded.

    Of the phrases inside lines only those are looked for in each that the page has anywhere, be it in a line so short,
    or at the beginning of one.
    """
    lexicon = _lexicon()
    reach = lexicon.reach
    far = max(_SHORT, _SHARE * reach)
    trimmed = [_trim(line, _OPENING, _CLOSING) for line in folded]
    page = "\n".join([line if len(line) <= far else line[:reach] for line in trimmed])
    held = [phrase for phrase in lexicon.inside if phrase.gapped or phrase.literal in page]
    return [_surest(line, edged, held) for line, edged in zip(trimmed, folded, strict=True)]


def _surest(line: str, folded: str, held: Sequence[_Inside]) -> Cue | None:
    """Return the surest cue of a ``folded`` line, ``line`` without what no phrase has at its edges."""
    lexicon = _lexicon()
    framed = lexicon.framed.get(line[:_PREFIX], ())
    inside = [phrase for phrase in held if phrase.literal in line]
    first = line.partition(" ")[0]
    if (
        first.isalpha()
        and first not in lexicon.first_words
        and not (inside or framed or line.startswith(lexicon.alike.get(line[:_PREFIX], lexicon.marks)))
    ):
        return None  # as nearly every line
    stripped = bare(line)
    if stripped in lexicon.whole or line in lexicon.whole:
        cues = _find_whole(dict.fromkeys((stripped, line)))
    elif composed := _compose(folded):
        return composed
    else:
        cues = _find_start(line)
        if stripped is not line:
            cues += _find_start(stripped)
        cues += _find_inside(line, [*inside, *framed])
    return max(cues, key=lambda cue: len(cue.phrase)) if cues else None


@functools.cache
def phrases() -> dict[str, dict[Role, Kind]]:
    """Return the phrases, folded, that are whole lines, with the kind that each role gives them, in the file's order.

    For whoever wants no more than one look-up, where :func:`find` searches the line.
    """
    table: dict[str, dict[Role, Kind]] = {}
    for phrase, entries in _lexicon().whole.items():
        kinds = table[phrase] = {}
        for entry in entries:
            kinds.setdefault(entry.role, entry.kind)
    return table


def _find_whole(forms: Iterable[str]) -> list[Cue]:
    whole = _lexicon().whole
    return [
        Cue(entry.role, entry.kind, form, whole=True, end=entry.end) for form in forms for entry in whole.get(form, ())
    ]


def _find_start(line: str) -> list[Cue]:
    lexicon = _lexicon()
    alike = lexicon.alike.get(line[:_PREFIX], lexicon.marks)
    if not line.startswith(alike):
        return []
    return [
        Cue(entry.role, entry.kind, phrase, whole=False, end=False)
        for phrase in alike
        if line.startswith(phrase) and _word_ends(line, len(phrase))
        for entry in lexicon.start[phrase]
    ]


def _find_inside(line: str, phrases: Iterable[_Inside]) -> list[Cue]:
    return [
        Cue(phrase.entry.role, phrase.entry.kind, found[0], whole=False, end=False)
        for phrase in phrases
        if (found := phrase.pattern.search(line))
        if found.start() == 0 or len(line) <= _SHORT or _SHARE * len(found[0]) >= len(line)
    ]


def _compose(folded: str) -> Cue | None:
    """Match a line that is two to twelve whole phrases in a row: a flattened menu, a row of buttons."""
    lexicon = _lexicon()
    plain = _LINK.sub(r"\1", folded) if "](" in folded else folded
    first = plain.partition(" ")[0]
    first = first if first.isalnum() else _trim(first)
    if (first and first not in lexicon.first_words) or len(folded) > _MOST_PHRASES * lexicon.longest:
        return None
    stripped = filter(None, map(_trim, plain.split()))
    words = [*islice(stripped, _PHRASE_WORDS)]
    if not _phrase_at(words, 0):
        return None
    words += islice(stripped, _MOST_PHRASES + 1 - len(words))
    if not 2 <= len(words) <= _MOST_PHRASES:
        return None
    kinds: list[_Entry] = []
    position = 0
    while position < len(words):
        found = _phrase_at(words, position)
        if found is None:
            return None
        entry, size = found
        kinds.append(entry)
        position += size
    if len(kinds) < 2:
        return None
    common = max(kinds, key=kinds.count)
    kind = Kind.NAVIGATION if common.role is Role.METADATA else common.kind
    role = Role.BOILERPLATE if common.role is Role.METADATA else common.role
    return Cue(role, kind, folded, whole=True, end=False)


def _phrase_at(words: Sequence[str], position: int) -> tuple[_Entry, int] | None:
    """Return the longest phrase that begins at ``position``, and its number of words."""
    lexicon = _lexicon()
    for size in range(min(_PHRASE_WORDS, len(words) - position), 0, -1):
        if entries := lexicon.whole.get(" ".join(words[position : position + size])):
            return entries[0], size
    return None
