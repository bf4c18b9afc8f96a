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
    from collections.abc import Collection, Mapping, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.html.page import Arrays, MarkupPage

    Column = NDArray[np.float32]

LEVELS: Final = (1, 2, 3, 5)
"""How many elements out, from the container of a block, the elements around it are looked at."""
STEPS: Final = (0, *LEVELS)
"""The same, and the container itself."""
_NEAR, _FAR, _FURTHER = 5, 15, 40
"""How many blocks before and after a block are added up."""
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


def sums(columns: NDArray[Any]) -> NDArray[np.float64]:
    """Return the sums of the first 0, 1, 2 ... values of each column."""
    out = np.zeros((*columns.shape[:-1], columns.shape[-1] + 1))
    np.cumsum(columns, axis=-1, dtype=np.float64, out=out[..., 1:])
    return out


def apart(running: NDArray[np.float64], reach: int) -> NDArray[np.float64]:
    """Return what the ``reach`` blocks before and after each block add up to, from the running :func:`sums`."""
    size = running.shape[-1] - 1
    within = min(reach, size)
    before, after = out = np.empty((2, *running.shape[:-1], size))
    before[..., :within] = running[..., :1]
    before[..., within:] = running[..., : size - within]
    after[..., : size - within] = running[..., within + 1 :]
    after[..., size - within :] = running[..., -1:]
    np.subtract(running[..., :-1], before, out=before)
    np.subtract(after, running[..., 1:], out=after)
    return out


class Table:
    """Columns by name, one value a block, in order: the rows of one array of single floats."""

    def __init__(self, size: int) -> None:
        self._places: dict[str, int] = {}
        self._values = np.empty((_ROOM, size), np.float32)

    def __len__(self) -> int:
        """Return the number of columns."""
        return len(self._places)

    def __getitem__(self, name: str) -> Column:
        """Return a column; what is done to it is done to the table."""
        column: Column = self._values[self._places[name]]
        return column

    def __setitem__(self, name: str, column: NDArray[Any] | float) -> None:
        """Add a column, or one value for all blocks, or replace the column of this name."""
        row = self[name] if name in self._places else self._room((name,))
        row[:] = column

    def group(self, names: Sequence[str], columns: NDArray[Any]) -> None:
        """Add the rows of an array as columns, or of arrays in it, one after the other."""
        rows = self._room(names)
        rows[:] = columns.reshape(rows.shape)

    def add(self, columns: Mapping[str, NDArray[Any] | float]) -> None:
        """Add several columns."""
        for row, column in zip(self._room(columns), columns.values(), strict=True):
            row[:] = column

    def rows(self, chosen: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """Return an array with a row per *column*, of the ``chosen`` blocks: what a forest wants."""
        values = self._values[: len(self)]
        return values if chosen is None else values.take(chosen, axis=1)

    def _room(self, names: Collection[str]) -> NDArray[np.float32]:
        """Return the rows for the columns ``names``, which are new."""
        low, high = len(self), len(self) + len(names)
        self._places.update(zip(names, range(low, high), strict=True))
        if high > len(self._values):
            self._values = np.concatenate((self._values, np.empty((high, self._values.shape[1]), np.float32)))
        return self._values[low:high]


_ROOM: Final = 412
"""Columns for which there is room at first: those of the shipped models."""


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
    each template has made, ``held`` how many each element holds; row *n* of ``around`` the element :data:`STEPS` of *n*
    steps out from each block's container.  ``room`` is how many characters stand before and after each block, within
    so many blocks.
    """

    arrays: Arrays
    length: Column
    chars: NDArray[np.float64]
    held: NDArray[np.float64]
    around: NDArray[np.intp]
    templates: dict[str, NDArray[np.intp]]
    made: dict[str, NDArray[np.float64]]
    room: dict[int, NDArray[np.float64]]
    heading: NDArray[np.intp]
    ahead: NDArray[np.intp]

    @classmethod
    def of(cls, page: MarkupPage) -> Context:
        """Return the context of the blocks of ``page``, which has at least one."""
        arrays = page.arrays
        size = len(arrays.length)
        length = arrays.length.astype(np.float32)
        chars = sums(length)
        index = np.arange(size)
        outward = [arrays.container]
        for _ in range(STEPS[-1]):
            outward.append(arrays.parent[outward[-1]])
        around = np.stack([outward[steps] for steps in STEPS])
        templates = _templates(page, around)
        headed = arrays.heading > 0
        return cls(
            arrays=arrays,
            length=length,
            chars=chars,
            held=chars[arrays.end_block] - chars[arrays.first_block],
            around=around,
            templates=templates,
            made={name: np.asarray(np.bincount(template, length), np.float64) for name, template in templates.items()},
            room={reach: np.maximum(apart(chars, reach), 1) for reach in (_NEAR, _FAR, _FURTHER)},
            heading=np.maximum.accumulate(np.where(headed, index, -1)),
            ahead=np.minimum.accumulate(np.where(headed, index, size)[::-1])[::-1],
        )

    def facts(self, table: Table) -> None:
        """Add what is known before any stage: how many blocks share a template, and the section of each block."""
        for name, template in self.templates.items():
            table[f"count~{name}"] = np.log1p(np.bincount(template))[template]
            table[f"chars~{name}"] = np.log1p(self.made[name])[template]
        section = self.heading + 1
        at = np.maximum(self.heading, 0)
        table["section_level"] = np.where(self.heading >= 0, self.arrays.heading[at], 0)
        table["section_chars"] = np.log1p(np.bincount(section, self.length))[section]
        table["section_before"] = np.log1p(self.chars[:-1] - self.chars[at])

    def spread(self, table: Table, name: str, score: Column, chance: Column) -> None:
        """Add what the scores of a stage say around each block.

        That is: the scores of the neighbours; means over the elements around, the template and the section; how much
        of the text that is likely main lies before and after, and how far the nearest such text is (what it takes to
        tell the end of an article from a gap in it); and where the block stands to the one element that, taken whole,
        would have the highest expected F1.

        Args:
            table: what it is added to.
            name: of the stage, for the names of the columns.
            score: the stage's score of each block, on any scale.
            chance: the score as a probability.
        """
        weighed, mass = sums(score * self.length), sums(chance * self.length)
        table[name] = score
        table.add({f"{name}@{by:+d}": shift(score, by) for by in (-3, -2, -1, 1, 2, 3)})
        mean = self._of_elements(weighed) / np.maximum(self.held, 1)
        table.group([f"{name}^{steps}" for steps in LEVELS], mean[self.around[1:]])
        for reach, total in ((_NEAR, weighed), (_FAR, weighed), (_FURTHER, mass)):
            table.group((f"{name}<{reach}", f"{name}>{reach}"), apart(total, reach) / self.room[reach])
        table[f"{name}|mean"] = weighed[-1] / max(self.chars[-1], 1)
        table[f"{name}|top"] = score.max()
        for template_name, template in self.templates.items():
            likely = np.bincount(template, chance * self.length) / self.made[template_name]
            table[f"{name}~{template_name}"] = likely[template]
        table.add(self._sure(name, chance >= 0.5))
        table.add(self._best_element(name, mass))
        table.add(self._section(name, chance))

    def _of_elements(self, running: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return what the blocks of each element add up to."""
        return running[self.arrays.end_block] - running[self.arrays.first_block]

    def _sure(self, name: str, chosen: NDArray[np.bool_]) -> dict[str, NDArray[Any] | float]:
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
            f"{name}|mass": np.log1p(mass[-1]),
            f"{name}<gap": np.log1p(here - behind),
            f"{name}>gap": np.log1p(ahead - here),
            f"{name}<apart": np.log1p(chars[:-1] - chars[low]),
            f"{name}>apart": np.log1p(np.maximum(chars[high] - chars[:-1], 0)),
        }

    def _best_element(self, name: str, mass: NDArray[np.float64]) -> dict[str, NDArray[Any] | float]:
        """Return where each block stands to the element of the highest expected F1, and how good that one is."""
        chars = self.chars
        here = np.arange(len(self.length))
        total = max(mass[-1], 1e-9)
        held = self._of_elements(mass)
        expected = 2 * held / np.maximum(self.held + total, 1e-9)
        best = len(expected) - 1 - int(np.argmax(expected[::-1]))  # of equal ones the innermost
        low, high = self.arrays.first_block[best], self.arrays.end_block[best]
        return {
            f"{name}*in": (here >= low) & (here < high),
            f"{name}*f1": expected[best],
            f"{name}*share": held[best] / total,
            f"{name}*start": _signed_log(chars[:-1] - chars[low]),
            f"{name}*end": _signed_log(chars[high] - chars[1:]),
        }

    def _section(self, name: str, chance: Column) -> dict[str, NDArray[Any] | float]:
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


def _templates(page: MarkupPage, around: NDArray[np.intp]) -> dict[str, NDArray[np.intp]]:
    elements, arrays = page.elements, page.arrays
    near, outer = around[0], around[2]
    sort = arrays.sort[np.stack([near, arrays.parent[near], outer, arrays.parent[outer]])]
    signed = np.zeros(len(elements.sorts), np.int64)
    met = np.flatnonzero(np.bincount(sort.ravel()))
    signed[met] = [_signature(*elements.sorts[number]) for number in met.tolist()]
    called = signed[sort]
    path: list[int] = []
    for index, (above, tag) in enumerate(zip(elements.parent, elements.tag, strict=True)):
        path.append(((path[above] if above < index else 0) * _MIX + tag) & _BITS)
    keys = {
        "names": called[0] * _MIX + called[1],
        "tags": np.array(path, np.int64)[arrays.leaf],
        "outer": called[2] * _MIX + called[3],
    }
    return {name: np.unique(key, return_inverse=True)[1] for name, key in keys.items()}
