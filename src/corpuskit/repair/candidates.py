"""What the generators of candidates share: where they look, and what they find there."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.repair.likelihood import SCALE, code_points

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes, Model

CONTEXT: Final = 2
"""Characters after a change whose cost depends on it: the model is one of trigrams."""

SECONDED: Final = 0.5
"""Nats that are enough where the same page has much else misread in the same way."""
SECONDING: Final = 0.3
"""Nats less that a reading needs for each nat of other readings by the same codec on the page."""


class Candidate(NamedTuple):
    """A reading of ``[start, end)`` of a zone as ``after``: ``gain`` nats likelier, by way of ``chain``."""

    start: int
    end: int
    after: str
    gain: float
    chain: str


@dataclass(frozen=True)
class Zone:
    """Suspicious stretches of a text, one after another, each but the last ended by a line break.

    Attributes:
        codes: their code points.
        positions: where each stands in the text.
        model: what scores them.
        suspects: which of them are suspicious.
    """

    codes: Codes
    positions: NDArray[np.int64]
    model: Model
    suspects: NDArray[np.bool_]

    @cached_property
    def cumulated(self) -> NDArray[np.int64]:
        """Cost of everything before each character, in steps, with room for the context of the last."""
        return cumulate(self.model, self.codes)

    @cached_property
    def text(self) -> str:
        """The zone as a string."""
        return to_text(self.codes)


def sample(zone: Zone, size: int, windows: int = 4) -> Zone:
    """Return ``windows`` stretches spread over ``zone``, of ``size`` characters in all, or a small ``zone`` itself."""
    if len(zone.codes) <= size:
        return zone
    each = size // windows
    starts = np.linspace(0, len(zone.codes) - each, windows).astype(np.int64)
    chosen = (starts[:, None] + np.arange(each)).ravel()
    return Zone(zone.codes[chosen], zone.positions[chosen], zone.model, zone.suspects[chosen])


def proven(
    lines: NDArray[np.int64], gains: NDArray[np.float64], spoilt: NDArray[np.bool_], least: float, before: float
) -> NDArray[np.bool_]:
    """Tell which changes to make because everything on their line (or on the page) asks for the same one.

    A line without a character that speaks against a reading is the work of a codec, not of chance.  So evidence is
    asked of the line as a whole (or of the page, where all of its lines are such), not of each change.

    Args:
        lines: the line of each change.
        gains: what each change gains, in nats.
        spoilt: for each line of the page whether a character of it cannot have been misread so.
        least: nats that are enough without anything else on the page.
        before: nats gained so on the page already.
    """
    sums = np.where(spoilt, 0, np.bincount(lines, gains, minlength=len(spoilt)))
    if sums.sum() < least:
        return np.zeros(len(lines), bool)
    if not spoilt.any():
        return np.ones(len(lines), bool)
    seconding = (sums[sums > 0].sum() + before) * SECONDING
    good: NDArray[np.bool_] = (sums >= max(SECONDED, least - seconding)) & ~spoilt
    return good[lines]


def cumulate(model: Model, codes: Codes) -> NDArray[np.int64]:
    """Return the cost of everything before each of ``codes``, followed by the spaces that end them."""
    padded = np.append(codes, np.full(CONTEXT, 0x20, np.uint32))
    return np.concatenate(([0], np.cumsum(model.costs(padded), dtype=np.int64)))


def to_text(codes: Codes) -> str:
    """Return ``codes`` as a string."""
    return codes.astype("<u4").tobytes().decode("utf-32-le", "surrogatepass")


def nats(steps: float) -> float:
    """Return stored ``steps`` as nats."""
    return steps / SCALE


def gains(zone: Zone, spans: list[tuple[int, int, str]]) -> list[float]:
    """Return the nats that each of ``spans`` (start, end, what to read there) gains when all are read so."""
    parts: list[str] = []
    new: list[tuple[int, int]] = []
    position = length = 0
    for start, end, after in spans:
        parts += (zone.text[position:start], after)
        begin = length + start - position
        length = begin + len(after)
        new.append((begin, length))
        position = end
    parts.append(zone.text[position:])
    before, later = zone.cumulated, cumulate(zone.model, code_points("".join(parts)))
    return [
        nats(int(before[end + CONTEXT] - before[start]) - int(later[new_end + CONTEXT] - later[new_start]))
        for (start, end, _), (new_start, new_end) in zip(spans, new, strict=True)
    ]
