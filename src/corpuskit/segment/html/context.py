"""Where a block stands among the others, and what an earlier stage of the labeller thinks of those around it.

A block alone often cannot be told: "Read more" ends a teaser or a paragraph.  Four things around it tell: neighbours,
the elements it stands in, the section under its heading, and the blocks that the same template made (the other rows of
the list, the other posts of the thread), which mostly share its fate.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING, Any, Final
from zlib import crc32

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import MarkupPage

    Column = NDArray[np.float32]

LEVELS: Final = (1, 2, 3, 5)
"""How many elements out, from the container of a block, the elements around it are looked at."""
_NOT_LETTERS: Final = re.compile(r"[\W\d_]+")
_SIGNED: Final = 60
"""Characters of an element's names that tell its template."""
_MIX: Final = 0x9E3779B1
_BITS: Final = (1 << 62) - 1
"""Templates are numbered by multiplicative hashes (Knuth, The Art of Computer Programming 3, §6.4)."""


def shift(columns: Column, by: int) -> Column:
    """Return columns of the neighbour ``by`` blocks on (before, if negative); 0 beyond the page."""
    out = np.zeros_like(columns)
    if by > 0:
        out[..., :-by] = columns[..., by:]
    else:
        out[..., -by:] = columns[..., :by]
    return out


def sums(column: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sums of the first 0, 1, 2 ... values."""
    return np.concatenate(([0.0], np.cumsum(column, dtype=np.float64)))


def apart(running: NDArray[np.float64], reach: int) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Return what the ``reach`` blocks before and after each block add up to, from the running :func:`sums`."""
    size = len(running) - 1
    low = np.concatenate((np.full(min(reach, size), running[0]), running[: max(size - reach, 0)]))
    high = np.concatenate((running[reach + 1 :], np.full(min(reach, size), running[-1])))
    return running[:-1] - low, high - running[1:]


class Table(dict[str, "NDArray[np.float32]"]):
    """Columns by name, one value a block, in order: the rows of one array of single floats."""

    def __init__(self) -> None:
        super().__init__()
        self._values = np.empty((0, 0), np.float32)

    def __setitem__(self, name: str, column: NDArray[Any]) -> None:
        """Add a column, or replace the one of this name."""
        row = self[name] if name in self else self._room(1, len(column))[0]
        row[:] = column
        super().__setitem__(name, row)

    def group(self, names: Sequence[str], columns: NDArray[Any]) -> None:
        """Add the rows of an array as columns, or of arrays in it, one after the other."""
        columns = columns.reshape(-1, columns.shape[-1])
        rows = self._room(len(names), columns.shape[1])
        rows[:] = columns
        self.update(zip(names, rows, strict=True))

    def add(self, columns: Mapping[str, NDArray[Any]]) -> None:
        """Add several columns."""
        for name, column in columns.items():
            self[name] = column

    def rows(self, chosen: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """Return an array with a row per *column*, of the ``chosen`` blocks: what a forest wants."""
        values = self._values[: len(self)]
        return values if chosen is None else values.take(chosen, axis=1)

    def _room(self, count: int, size: int) -> NDArray[np.float32]:
        """Return the rows for the next ``count`` columns."""
        low, high = len(self), len(self) + count
        if high > len(self._values):
            grown = np.empty((high + _ROOM, size), np.float32)
            for row, (name, column) in zip(grown, self.items(), strict=False):
                row[:] = column
                super().__setitem__(name, row)
            self._values = grown
        return self._values[low:high]


_ROOM: Final = 500
"""Columns for which there is room when a table grows: those of the shipped models and some more."""


_LETTERS: Final = bytes(code if chr(code).isascii() and chr(code).isalpha() else 0x20 for code in range(256))


@lru_cache(maxsize=1 << 16)
def _signature(tag: int, names: str) -> int:
    """Return a number for an element's tag and names; numbers in names (``post-17``) do not count."""
    names = names[:_SIGNED]
    if not names.isascii():
        return crc32(f"{tag} {_NOT_LETTERS.sub(' ', names)}".encode("utf-8", "surrogatepass"))
    letters = names.encode().translate(_LETTERS)
    while b"  " in letters:
        letters = letters.replace(b"  ", b" ")
    return crc32(b"%d %b" % (tag, letters))


@dataclass(frozen=True, slots=True)
class Context:
    """What the contexts of all stages rest on, made once a page.

    ``templates`` numbers, in three ways, the blocks that seem made by one template: by the names of the container and
    its parent, by the tags from the root to the block, by the names further out.  ``heading`` is the number of the
    last heading at or before a block (-1 where there is none), ``ahead`` of the next.  ``made`` is how many characters
    each template has made; row *n* of ``around`` the element *n* steps out from each block's container.
    """

    length: Column
    chars: NDArray[np.float64]
    first: NDArray[np.intp]
    end: NDArray[np.intp]
    around: NDArray[np.intp]
    templates: dict[str, NDArray[np.intp]]
    made: dict[str, NDArray[np.float64]]
    level: NDArray[np.intp]
    heading: NDArray[np.intp]
    ahead: NDArray[np.intp]

    @classmethod
    def of(cls, page: MarkupPage) -> Context:
        """Return the context of the blocks of ``page``, which has at least one."""
        blocks, elements = page.blocks, page.elements
        size = len(blocks.text)
        length = np.fromiter(map(len, blocks.text), np.float32, size)
        first = np.array(elements.first_block, np.intp)
        parent = np.array(elements.parent, np.intp)
        container = np.array(blocks.container, np.intp)
        level = np.array(blocks.heading, np.intp)
        index = np.arange(size)
        around = np.empty((max(LEVELS) + 1, size), np.intp)
        outward = container
        for row in around:
            row[:] = outward
            outward = parent[outward]
        templates = _templates(page, parent, around)
        return cls(
            length=length,
            chars=sums(length),
            first=first,
            end=np.maximum(np.array(elements.end_block, np.intp), first),
            around=around,
            templates=templates,
            made={name: np.asarray(np.bincount(template, length), np.float64) for name, template in templates.items()},
            level=level,
            heading=np.maximum.accumulate(np.where(level > 0, index, -1)),
            ahead=np.minimum.accumulate(np.where(level > 0, index, size)[::-1])[::-1],
        )

    def facts(self) -> Table:
        """Return what is known before any stage: how many blocks share a template, and the section of each block."""
        table = Table()
        for name, template in self.templates.items():
            table[f"count~{name}"] = np.log1p(np.bincount(template))[template]
            table[f"chars~{name}"] = np.log1p(self.made[name])[template]
        section = self.heading + 1
        at = np.maximum(self.heading, 0)
        table["section_level"] = np.where(self.heading >= 0, self.level[at], 0)
        table["section_chars"] = np.log1p(np.bincount(section, self.length))[section]
        table["section_before"] = np.log1p(self.chars[:-1] - self.chars[at])
        return table

    def spread(self, name: str, score: Column, chance: Column) -> Table:
        """Return what the scores of a stage say around each block.

        That is: the scores of the neighbours; means over the elements around, the template and the section; how much
        of the text that is likely main lies before and after, and how far the nearest such text is (what it takes to
        tell the end of an article from a gap in it); and where the block stands to the one element that, taken whole,
        would have the highest expected F1.

        Args:
            name: of the stage, for the names of the columns.
            score: the stage's score of each block, on any scale.
            chance: the score as a probability.
        """
        size = len(self.length)
        chars = self.chars
        weighed, mass = sums(score * self.length), sums(chance * self.length)
        table = Table()
        table[name] = score
        for by in (-3, -2, -1, 1, 2, 3):
            table[f"{name}@{by:+d}"] = shift(score, by)
        held = np.maximum(chars[self.end] - chars[self.first], 1)
        mean = (weighed[self.end] - weighed[self.first]) / held
        table.group([f"{name}^{steps}" for steps in LEVELS], mean[self.around[list(LEVELS)]])
        for reach, total in ((5, weighed), (15, weighed), (40, mass)):
            before, after = apart(total, reach)
            room_before, room_after = apart(chars, reach)
            table[f"{name}<{reach}"] = before / np.maximum(room_before, 1)
            table[f"{name}>{reach}"] = after / np.maximum(room_after, 1)
        table[f"{name}|mean"] = np.full(size, weighed[-1] / max(chars[-1], 1))
        table[f"{name}|top"] = np.full(size, score.max())
        for template_name, template in self.templates.items():
            likely = np.bincount(template, chance * self.length) / self.made[template_name]
            table[f"{name}~{template_name}"] = likely[template]
        table.add(self._sure(name, chance >= 0.5))
        table.add(self._best_element(name, mass))
        table.add(self._section(name, chance))
        return table

    def _sure(self, name: str, chosen: NDArray[np.bool_]) -> dict[str, NDArray[Any]]:
        """Return how much chosen text lies before and after each block, and how far the nearest is."""
        size, chars = len(self.length), self.chars
        here = np.arange(size)
        mass = sums(np.where(chosen, self.length, 0))
        behind = np.maximum.accumulate(np.where(chosen, here, -1))
        ahead = np.minimum.accumulate(np.where(chosen, here, size)[::-1])[::-1]
        low, high = np.maximum(behind, 0), np.minimum(ahead, size - 1)
        return {
            f"{name}<mass": mass[:-1] / max(mass[-1], 1),
            f"{name}>mass": (mass[-1] - mass[1:]) / max(mass[-1], 1),
            f"{name}|mass": np.full(size, np.log1p(mass[-1])),
            f"{name}<gap": np.log1p(here - behind),
            f"{name}>gap": np.log1p(ahead - here),
            f"{name}<apart": np.log1p(chars[here] - chars[low]),
            f"{name}>apart": np.log1p(np.maximum(chars[high] - chars[here], 0)),
        }

    def _best_element(self, name: str, mass: NDArray[np.float64]) -> dict[str, NDArray[Any]]:
        """Return where each block stands to the element of the highest expected F1, and how good that one is."""
        size, chars = len(self.length), self.chars
        here = np.arange(size)
        total = max(mass[-1], 1e-9)
        held = mass[self.end] - mass[self.first]
        expected = 2 * held / np.maximum(chars[self.end] - chars[self.first] + total, 1e-9)
        best = len(expected) - 1 - int(np.argmax(expected[::-1]))  # of equal ones the innermost
        low, high = self.first[best], self.end[best]
        return {
            f"{name}*in": (here >= low) & (here < high),
            f"{name}*f1": np.full(size, expected[best]),
            f"{name}*share": np.full(size, held[best] / total),
            f"{name}*start": _signed_log(chars[here] - chars[low]),
            f"{name}*end": _signed_log(chars[high] - chars[here + 1]),
        }

    def _section(self, name: str, chance: Column) -> dict[str, NDArray[Any]]:
        """Return what the stage thinks of the heading over each block, of its section, and of the next heading."""
        size = len(self.length)
        section = self.heading + 1
        likely = np.bincount(section, chance * self.length) / np.maximum(np.bincount(section, self.length), 1)
        return {
            f"{name}#section": likely[section],
            f"{name}#head": np.where(self.heading >= 0, chance[np.maximum(self.heading, 0)], -1),
            f"{name}#next": np.where(self.ahead < size, chance[np.minimum(self.ahead, size - 1)], -1),
        }


def _signed_log(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.sign(value) * np.log1p(np.abs(value)))


def _templates(page: MarkupPage, parent: NDArray[np.intp], around: NDArray[np.intp]) -> dict[str, NDArray[np.intp]]:
    elements = page.elements
    signed = np.array([_signature(*sort) for sort in elements.sorts], np.int64)
    named = signed[np.array(elements.sort, np.intp)]
    path: list[int] = []
    for index, (above, tag) in enumerate(zip(elements.parent, elements.tag, strict=True)):
        path.append(((path[above] if above < index else 0) * _MIX + tag) & _BITS)
    pair = named * _MIX + named[parent]
    keys = {
        "names": pair[around[0]],
        "tags": np.array(path, np.int64)[np.array(page.blocks.leaf, np.intp)],
        "outer": pair[around[2]],
    }
    return {name: np.unique(key, return_inverse=True)[1] for name, key in keys.items()}
