"""How likely a text is, character by character: a small model of trigrams over every script.

A text's cost is counted in nats: the negative natural logarithm of its probability.  A misreading costs far more
than what it was misread from, so the difference of the two costs is the evidence for a repair.

The model interpolates trigrams, bigrams and scripts (Jelinek and Mercer 1980): characters too rare for counts of
their own are told by their script and kind, so a language or script that was never trained on still reads as
coherent.  ``bench/repair/train.py`` makes the file; ``MODEL_CARD.md`` says from what.
"""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from io import BytesIO
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.uint32]

SCALE: Final = 12
"""Steps of a stored cost in one nat.  At 8 bits a cost, the largest is 21 nats: one in 10^9."""

SLOT_BITS: Final = 22
_SLOT_MASK: Final = np.uint32((1 << SLOT_BITS) - 1)
_MIX: Final = tuple(np.uint32(odd) for odd in (0x9E3779B1, 0x85EBCA77, 0xC2B2AE3D))
FILE: Final = "characters.npz"


class Model:
    """Costs of characters after one another.

    Attributes:
        ids: for each code point the id it is counted under.
        emission: for each code point the cost of being this one of those counted under its id, in steps.
        bigrams: cost of an id after another, in steps, ``bigrams[before * size + after]``.
        trigrams: cost of an id after two others, in steps, by slot (:func:`slots`); 0 where the bigram has to do.
    """

    def __init__(
        self,
        ids: NDArray[np.uint16],
        emission: NDArray[np.uint8],
        bigrams: NDArray[np.uint8],
        trigrams: NDArray[np.uint8],
    ) -> None:
        self.ids = ids
        self.emission = emission
        self.size = int(np.sqrt(len(bigrams)))
        self.bigrams = bigrams
        self.trigrams = trigrams
        self._space = ids[0x20]

    def unlikely(self, codes: Codes, limits: NDArray[np.uint8]) -> tuple[NDArray[np.int64], NDArray[np.uint8]]:
        """Return where ``codes`` beyond ASCII, or those after them, may cost more than is likely, and what they cost.

        Pairs are looked up first: a trigram never costs more than the pair it ends in, so few are left to look up.

        Args:
            codes: code points.
            limits: for each code point the cost, in steps, less its emission, that is still likely.
        """
        beyond = codes > 0x7F
        near = beyond.copy()
        near[1:] |= beyond[:-1]
        at = np.flatnonzero(near)
        pairs = self._before(codes, at, 1).astype(np.intp) * self.size + self.ids[codes[at]]
        bigrams = self.bigrams.take(pairs)
        high = np.flatnonzero(bigrams > limits.take(codes[at]))
        at = at[high]
        trios = np.stack([self._before(codes, at, back) for back in (2, 1, 0)], 1).astype(np.uint32)
        return at, self._total(codes[at], bigrams[high], self.trigrams[slots(trios.ravel())[::3]])

    def _before(self, codes: Codes, at: NDArray[np.int64], back: int) -> NDArray[np.uint16]:
        """Return the ids of the ``codes`` so far back from those ``at`` some places: a space before the first."""
        places = at - back
        ids: NDArray[np.uint16] = np.where(places < 0, self._space, self.ids[codes[np.maximum(places, 0)]])
        return ids

    def costs(self, codes: Codes) -> NDArray[np.uint8]:
        """Return the cost of each of ``codes`` (code points) after the two before it, in steps of 1/:data:`SCALE` nat.

        Before the first stands a space.
        """
        ids = np.empty(len(codes) + 2, np.uint32)
        ids[:2] = self._space
        ids[2:] = self.ids[codes]
        bigram = self.bigrams[ids[1:-1] * np.uint32(self.size) + ids[2:]]
        trigram = self.trigrams[slots(ids)]
        return self._total(codes, bigram, trigram)

    def _total(self, codes: Codes, bigram: NDArray[np.uint8], trigram: NDArray[np.uint8]) -> NDArray[np.uint8]:
        """Return what ``codes`` cost, given the costs of the ids they are counted under."""
        cost = np.where(trigram > 0, trigram, bigram)
        emission = self.emission[codes]
        total: NDArray[np.uint8] = np.minimum(cost, np.uint8(255) - emission) + emission  # saturates, never wraps
        return total

    def nats(self, text: str) -> float:
        """Return the cost of ``text`` between spaces, in nats."""
        return float(self.costs(code_points(f"{text} ")).sum(dtype=np.int64)) / SCALE


def code_points(text: str) -> Codes:
    """Return the code points of ``text``, surrogates included."""
    return np.frombuffer(text.encode("utf-32-le", "surrogatepass"), np.uint32)


def slots(ids: NDArray[np.uint32]) -> NDArray[np.uint32]:
    """Return where the trigram that ends at each of ``ids[2:]`` is kept: a multiplicative hash (Knuth, TAOCP 6.4)."""
    mixed = ids[:-2] * _MIX[0] + ids[1:-1] * _MIX[1] + ids[2:] * _MIX[2]
    place: NDArray[np.uint32] = (mixed ^ (mixed >> np.uint32(15))) & _SLOT_MASK
    return place


@cache
def load() -> Model:
    """Return the model that ships with the package."""
    return unpack(files("corpuskit.repair").joinpath(FILE).read_bytes())


def unpack(packed: bytes) -> Model:
    """Return the model stored as ``packed``: arrays of run lengths and differences, which compress well."""
    with np.load(BytesIO(packed), allow_pickle=False) as arrays:
        trigrams = np.zeros(1 << SLOT_BITS, np.uint8)
        trigrams[np.cumsum(arrays["slot_steps"], dtype=np.int64)] = arrays["trigrams"]
        ids = np.repeat(arrays["ids"], arrays["id_runs"])
        emission = np.repeat(arrays["emission"], arrays["emission_runs"])
        factors = [arrays[name] for name in ("after", "transitions", "in_group", "group_of_id")]
        bigrams = unseen_bigrams(*factors).ravel()
        bigrams[np.cumsum(arrays["bigram_steps"], dtype=np.int64)] = arrays["bigrams"]
        return Model(ids, emission, bigrams, trigrams)


def unseen_bigrams(
    after: NDArray[np.uint8],
    transitions: NDArray[np.uint8],
    in_group: NDArray[np.uint8],
    group_of_id: NDArray[np.uint16],
) -> NDArray[np.uint8]:
    """Return the cost of each id after each that training never saw there, in steps, from scripts and frequencies.

    Args:
        after: for each id what it costs that something unseen follows.
        transitions: cost of a group of characters after another.
        in_group: cost of each id within its group.
        group_of_id: the group of each id.
    """
    to_id = np.minimum(transitions[:, group_of_id].astype(np.uint16) + in_group, 255).astype(np.uint8)
    costs: NDArray[np.uint8] = to_id[group_of_id]
    np.minimum(costs, np.uint8(255) - after[:, None], out=costs)  # saturates, never wraps
    costs += after[:, None]
    return costs
