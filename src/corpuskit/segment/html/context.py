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
        place = self._places.setdefault(name, len(self._places))
        self._rows(place + 1)[place] = column

    def group(self, names: Sequence[str], columns: NDArray[Any]) -> None:
        """Add the rows of an array as columns, or of arrays in it, one after the other."""
        rows = self.room(names)
        rows[:] = columns.reshape(rows.shape)

    def add(self, columns: Mapping[str, NDArray[Any] | float]) -> None:
        """Add several columns."""
        for row, column in zip(self.room(columns), columns.values(), strict=True):
            row[:] = column

    def rows(self, chosen: NDArray[np.intp] | None = None) -> NDArray[np.float32]:
        """Return an array with a row per *column*, of the ``chosen`` blocks: what a forest wants."""
        values = self._values[: len(self)]
        return values if chosen is None else values.take(chosen, axis=1)

    def room(self, names: Collection[str]) -> NDArray[np.float32]:
        """Return the rows for the columns ``names``, which are new: to be filled."""
        low, high = len(self), len(self) + len(names)
        self._places.update(zip(names, range(low, high), strict=True))
        return self._rows(high)[low:high]

    def _rows(self, count: int) -> NDArray[np.float32]:
        """Return the rows, of which there are at least so many."""
        if count > len(self._values):
            self._values = np.concatenate((self._values, np.empty((count, self._values.shape[1]), np.float32)))
        return self._values


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


_TEMPLATES: Final = ("names", "tags", "outer")
_BESIDE: Final = (-3, -2, -1, 1, 2, 3)
_SPREAD: Final = (
    "",
    *(f"@{by:+d}" for by in _BESIDE),
    *(f"^{steps}" for steps in LEVELS),
    *(f"{side}{reach}" for reach in (_NEAR, _FAR, _FURTHER) for side in "<>"),
    *("|mean", "|top"),
    *(f"~{name}" for name in _TEMPLATES),
    *("<mass", ">mass", "|mass", "<gap", ">gap", "<apart", ">apart"),
    *("*in", "*f1", "*share", "*start", "*end", "#section", "#head", "#next"),
)
"""What a stage says around a block, after the name of the stage: the columns of :meth:`Context.spread`, in order."""


@dataclass(frozen=True, slots=True)
class Context:
    """What the contexts of all stages rest on, made once a page.

    ``groups`` numbers the blocks of one kind, in four ways, each with numbers of its own: those that seem made by one
    template by the names of the container and its parent, by the tags from the root to the block, by the names further
    out (:data:`_TEMPLATES`), and those under one heading.  ``heading`` is the number of the last heading at or before
    a block (-1 where there is none), ``ahead`` of the next.  ``chars`` is how many characters stand before each block
    and in all, ``grouped`` how many each group has, ``held`` how many each element holds; row *n* of ``around`` the
    element :data:`STEPS` of *n* steps out from each block's container.  ``stretches`` are the blocks around each block
    whose scores are added up.
    """

    arrays: Arrays
    length: Column
    chars: NDArray[np.float64]
    held: NDArray[np.float64]
    around: NDArray[np.intp]
    groups: NDArray[np.intp]
    grouped: NDArray[np.float64]
    stretches: _Stretches
    heading: NDArray[np.intp]
    ahead: NDArray[np.intp]

    @classmethod
    def of(cls, page: MarkupPage) -> Context:
        """Return the context of the blocks of ``page``, which has at least one."""
        arrays = page.arrays
        length = arrays.length.astype(np.float32)
        chars = sums(length)
        outward = [arrays.container]
        for _ in range(STEPS[-1]):
            outward.append(arrays.parent[outward[-1]])
        around = np.stack([outward[steps] for steps in STEPS])
        behind, ahead = _nearest(arrays.heading > 0)
        alike = np.stack((*_templates(page, around), behind))
        alike = alike * len(alike) + np.arange(len(alike))[:, None]  # no number means two things
        groups = np.unique(alike, return_inverse=True)[1].reshape(alike.shape)
        return cls(
            arrays=arrays,
            length=length,
            chars=chars,
            held=chars[arrays.end_block] - chars[arrays.first_block],
            around=around,
            groups=groups,
            grouped=_added(groups, length),
            stretches=_Stretches.of(arrays, around[1:], chars),
            heading=behind,
            ahead=ahead,
        )

    def facts(self, table: Table) -> None:
        """Add what is known before any stage: how many blocks share a template, and the section of each block."""
        of_groups = np.log1p(np.stack((np.bincount(self.groups.ravel()), self.grouped))).take(self.groups, axis=1)
        names = [f"{fact}~{name}" for name in _TEMPLATES for fact in ("count", "chars")]
        table.group(names, of_groups[:, :-1].transpose(1, 0, 2))
        at = np.maximum(self.heading, 0)
        table["section_level"] = np.where(self.heading >= 0, self.arrays.heading[at], 0)
        table["section_chars"] = of_groups[1, -1]
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
        length, chars, size = self.length, self.chars, len(self.length)
        sure = chance >= 0.5
        likely = chance * length
        running = sums(np.array((score * length, likely, length * sure)))
        weighed, mass, settled = running
        best, share, f1 = self._best_element(mass)
        first, end = self.arrays.first_block[best], self.arrays.end_block[best]
        behind, ahead = _nearest(sure)
        here = np.arange(size)
        logs = _signed_log(
            np.array(
                (
                    here - behind,
                    ahead - here,
                    chars[:-1] - chars[np.maximum(behind, 0)],
                    np.maximum(chars[np.minimum(ahead, size - 1)] - chars[:-1], 0),
                    chars[:-1] - chars[first],
                    chars[end] - chars[1:],
                )
            )
        )
        of_groups = (_added(self.groups, likely) / np.maximum(self.grouped, 1)).take(self.groups)
        beside = np.zeros(size + 2 * _BESIDE[-1], np.float32)
        beside[_BESIDE[-1] : -_BESIDE[-1]] = score

        rows = table.room([name + what for what in _SPREAD])
        rows[0] = score
        for row, by in enumerate(_BESIDE, start=1):
            rows[row] = beside[_BESIDE[-1] + by :][:size]
        rows[7:17] = self.stretches.means(running)
        rows[17] = weighed[-1] / max(chars[-1], 1)
        rows[18] = score.max()
        rows[19:22] = of_groups[:-1]
        rows[22] = settled[:-1] / max(settled[-1], 1)
        rows[23] = (settled[-1] - settled[1:]) / max(settled[-1], 1)
        rows[24] = np.log1p(settled[-1])
        rows[25:29] = logs[:4]
        rows[29] = (here >= first) & (here < end)
        rows[30] = f1
        rows[31] = share
        rows[32:34] = logs[4:]
        rows[34] = of_groups[-1]
        rows[35] = np.where(self.heading >= 0, chance[np.maximum(self.heading, 0)], -1)
        rows[36] = np.where(self.ahead < size, chance[np.minimum(self.ahead, size - 1)], -1)

    def _best_element(self, mass: NDArray[np.float64]) -> tuple[int, float, float]:
        """Return the element of the highest expected F1, its share of the likely text, and how good it is."""
        total = max(mass[-1], 1e-9)
        held = mass[self.arrays.end_block] - mass[self.arrays.first_block]
        expected = 2 * held / np.maximum(self.held + total, 1e-9)
        best = len(expected) - 1 - int(np.argmax(expected[::-1]))  # of equal ones the innermost
        return best, held[best] / total, expected[best]


@dataclass(frozen=True, slots=True)
class _Stretches:
    """The blocks of the elements :data:`LEVELS` steps out, and so many before and after: a row each.

    ``first`` and ``end`` say where a stretch begins and ends in running sums of two columns, one after the other;
    ``chars`` is how many characters it has, or 1 where it has none.
    """

    first: NDArray[np.intp]
    end: NDArray[np.intp]
    chars: NDArray[np.float64]

    @classmethod
    def of(cls, arrays: Arrays, around: NDArray[np.intp], chars: NDArray[np.float64]) -> _Stretches:
        """Return the stretches on a page of these ``arrays``; ``around`` are the elements, ``chars`` running sums."""
        size = len(chars) - 1
        here = np.arange(size)
        reaches = np.array([[_NEAR], [_FAR], [_FURTHER]])
        first = np.empty((len(around) + 2 * len(reaches), size), np.intp)
        end = np.empty_like(first)
        inside, before, after = slice(len(around)), slice(len(around), None, 2), slice(len(around) + 1, None, 2)
        first[inside], end[inside] = arrays.first_block[around], arrays.end_block[around]
        first[before], end[before] = np.maximum(here - reaches, 0), here
        first[after], end[after] = here + 1, np.minimum(here + 1 + reaches, size)
        held = np.maximum(chars.take(end) - chars.take(first), 1)
        for edge in (first, end):
            edge[-2:] += size + 1  # the furthest are means of the second column
        return cls(first, end, held)

    def means(self, running: NDArray[np.float64]) -> NDArray[np.float64]:
        """Return the mean over each stretch of what has these ``running`` sums."""
        return np.asarray((running.take(self.end) - running.take(self.first)) / self.chars)


def _added(groups: NDArray[np.intp], column: Column) -> NDArray[np.float64]:
    """Return what the blocks of each group add up to."""
    return np.asarray(np.bincount(groups.ravel(), np.concatenate([column] * len(groups))), np.float64)


def _nearest(chosen: NDArray[np.bool_]) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
    """Return for each block the last ``chosen`` one up to it, or -1, and the next one, or how many there are."""
    size = len(chosen)
    here = np.arange(size)
    behind = np.maximum.accumulate(np.where(chosen, here, -1))
    ahead = np.minimum.accumulate(np.where(chosen, here, size)[::-1])[::-1]
    return behind, ahead


def _signed_log(value: NDArray[np.float64]) -> NDArray[np.float64]:
    return np.asarray(np.copysign(np.log1p(np.abs(value)), value))


def _templates(page: MarkupPage, around: NDArray[np.intp]) -> tuple[NDArray[np.int64], ...]:
    """Return for each way in :data:`_TEMPLATES` a hash of the template of each block."""
    elements, arrays = page.elements, page.arrays
    near, outer = around[0], around[2]
    sort = arrays.sort[np.stack([near, arrays.parent[near], outer, arrays.parent[outer]])]
    signed = np.zeros(len(elements.sorts), np.int64)
    met = np.flatnonzero(np.bincount(sort.ravel()))
    signed[met] = [_signature(*elements.sorts[number]) for number in met.tolist()]
    called = signed[sort]
    names, outer_names = called[::2] * _MIX + called[1::2]
    return names, _paths(arrays)[arrays.leaf], outer_names


def _paths(arrays: Arrays) -> NDArray[np.int64]:
    """Return a hash of the tags from the root to each element: in each round of twice as many steps of the way."""
    root = len(arrays.tag)  # above all elements, and worth nothing
    above = np.append(arrays.parent, root)
    above[above == np.arange(root + 1)] = root
    path = np.append(arrays.tag, 0).astype(np.int64)
    power = _MIX
    while above.min() < root:
        path += path[above] * power
        above = above[above]
        power = power * power & _BITS
    return path[:root]
