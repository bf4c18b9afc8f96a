"""The characters of a page's blocks, looked at all at once: their classes, where blocks begin and end, what is said.

There is no Python loop over characters: a block is a stretch of one array.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache, cached_property
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.plane import by_category

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

CLASSES: Final = ("letter", "upper", "digit", "space", "comma", "stop", "mark", "symbol", "quote", "ideograph", "bar")
_COMMAS: Final = frozenset(",;:،、，；：")
_STOPS: Final = frozenset(".!?…。！？।؟")
_QUOTES: Final = frozenset("\"'“”‘’«»„‚「」『』")
_BARS: Final = frozenset("|/›»•·→←▸▶▼►>\\")
_FULL_WIDTH_STOPS: Final = (0x3002, 0xFF01, 0xFF1F)
"""Stops that end a sentence without a space after them."""
_WORDS: Final = re.compile(r"\w+")


@dataclass(frozen=True)
class Characters:
    """All characters of a page, block after block, a line break after each.

    Attributes:
        text: the characters.
        code: the code point of each.
        plane: the same within the basic plane, whose last code point stands for all others.
        kind: the class of each, a number in :data:`CLASSES`.
        owner: the block that each is of.
        start: where each block begins.
        end: where each ends, which is where its line break stands.
    """

    text: str
    code: NDArray[np.uint32]
    plane: NDArray[np.intp]
    kind: NDArray[np.uint8]
    owner: NDArray[np.intp]
    start: NDArray[np.intp]
    end: NDArray[np.intp]

    @classmethod
    def of(cls, texts: Sequence[str], width: NDArray[np.intp]) -> Characters:
        """Return the characters of blocks with these ``texts``, which have these numbers of characters."""
        text = "\n".join([*texts, ""])
        code = np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)
        end = np.cumsum(width + 1) - 1
        owner = np.repeat(np.arange(len(texts)), width + 1)
        plane = np.minimum(code, 0xFFFF).astype(np.intp)
        return cls(text, code, plane, _table()[plane], owner, end - width, end)

    @cached_property
    def tally(self) -> dict[str, NDArray[np.float32]]:
        """How many characters of each class each block has."""
        size = len(self.end)
        flat = np.bincount(self.owner * len(CLASSES) + self.kind, minlength=size * len(CLASSES))
        tally = flat.reshape(size, -1).T.astype(np.float32)
        tally[CLASSES.index("space")] -= 1  # the line break
        return dict(zip(CLASSES, tally, strict=True))

    def count(self, chosen: NDArray[np.bool_]) -> NDArray[np.float32]:
        """Return how many of the ``chosen`` characters each block has."""
        return np.bincount(self.owner[chosen], minlength=len(self.end)).astype(np.float32)

    @cached_property
    def space(self) -> NDArray[np.bool_]:
        """Which characters are white space."""
        return np.asarray(self.kind == CLASSES.index("space"))

    def sentences(self) -> NDArray[np.float32]:
        """Return how many sentences end in each block."""
        ending = self.kind == CLASSES.index("stop")
        ending[:-1] &= self.space[1:]
        for stop in _FULL_WIDTH_STOPS:
            ending |= self.code == stop
        return self.count(ending)

    def capitals(self) -> NDArray[np.float32]:
        """Return how many words of each block begin with a capital."""
        beginning = self.kind == CLASSES.index("upper")
        beginning[1:] &= self.space[:-1]
        return self.count(beginning)

    def holding(self, marks: str) -> NDArray[np.bool_]:
        """Return which blocks hold one of ``marks``."""
        chosen = [self.code == ord(mark) for mark in marks if mark in self.text]
        return self.count(np.logical_or.reduce(chosen)) > 0 if chosen else np.zeros(len(self.end), bool)

    def squashed(self) -> list[str]:
        """Return each block squashed (:func:`squash`)."""
        kept = _in_words()[self.plane]
        kept[self.end] = True
        said = self.code[kept].tobytes().decode("utf-32-le", "surrogatepass")
        return said.lower().split("\n")[: len(self.end)]


def squash(text: str) -> str:
    """Return ``text`` in lower case without what stands between its words: what is said, however it is set."""
    return "".join(_WORDS.findall(text.lower()))


def numbers(classes: Sequence[str]) -> NDArray[np.intp]:
    """Return the numbers of ``classes`` in :data:`CLASSES`."""
    return np.array([CLASSES.index(name) for name in classes])


@cache
def _table() -> NDArray[np.uint8]:
    """Return the class of every character of the Basic Multilingual Plane (the rest counts as a symbol)."""
    names = {"Lu": "upper", "Lt": "upper", "Nd": "digit", "Zs": "space", "Cc": "space"}
    names |= dict.fromkeys(("Ll", "Lm", "Lo", "Mn", "Mc", "Me"), "letter")
    names |= dict.fromkeys(("Pc", "Pd", "Ps", "Pe", "Pi", "Pf", "Po"), "mark")
    of_category = {category: CLASSES.index(name) for category, name in names.items()}
    table = by_category(of_category, other=CLASSES.index("symbol"))
    for name, marks in (("bar", _BARS), ("quote", _QUOTES), ("stop", _STOPS), ("comma", _COMMAS)):
        table[[ord(mark) for mark in marks]] = CLASSES.index(name)
    for first, last in ((0x3040, 0x30FF), (0x3400, 0x9FFF), (0xAC00, 0xD7AF)):
        table[first : last + 1] = CLASSES.index("ideograph")
    return table


@cache
def _in_words() -> NDArray[np.bool_]:
    """Return which characters of the Basic Multilingual Plane stand in words (the last stands for all others)."""
    table = by_category(dict.fromkeys(("Lu", "Ll", "Lt", "Lm", "Lo", "Nd", "Nl", "No"), 1)).astype(bool)
    table[ord("_")] = True
    return table
