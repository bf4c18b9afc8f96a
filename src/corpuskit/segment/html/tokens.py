"""The words a block and the elements around it carry, as hashed features of a linear model.

Authors name elements by what they hold: ``post-body``, ``related``, ``share-bar``.  The names of the three nearest
elements and those of every element around are separate features; so are the first and last words of the text.
Hashing (Weinberger et al., ICML 2009) keeps the model one array, and CRC-32 makes the hash the same everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, islice, pairwise, repeat
from operator import add
from typing import TYPE_CHECKING, Final
from zlib import crc32

import numpy as np

from corpuskit.segment.html.page import Inside
from corpuskit.segment.kept import Kept

if TYPE_CHECKING:
    from corpuskit.segment.html.page import MarkupPage

BUCKETS: Final = 1 << 15
NEAR: Final = 3
"""How many elements, from the innermost, count as near."""

_MAX_NAMES: Final = 12
_MAX_TOKENS: Final = 24
_MAX_PARTS: Final = 4
_FIRST: Final = 6
_LAST: Final = 3
_HEAD: Final = 80
_TAIL: Final = 40
_SHORT: Final = 5
_PAIRED: Final = 4
_LIKELY_REPEATED: Final = 40
"""Characters up to which a text is likely to come again, on the page or on the next of its site."""
_SIZES: Final = 1 << np.arange(11)
"""Characters from which a block is of the next class of lengths."""
_INSIDE: Final = tuple((int(bit), bit.name) for bit in Inside)
_WITH_SHAPE: Final = tuple((int(bit), bit.name) for bit in (Inside.NAV, Inside.ITEM, Inside.ASIDE))

_NAME: Final = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_SMALL_LETTERS: Final = bytes(code if chr(code).isascii() and chr(code).islower() else 0x20 for code in range(256))
_WORD: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")

_AS_NEAR, _AS_AROUND, _AS_FIRST, _AS_LAST, _AS_PAIR, _AS_WHOLE = map(crc32, (b"n:", b"f:", b"w:", b"e:", b"b:", b"t:"))
"""What a word is to a block, in front of the word: a checksum goes on from that of the bytes before."""


def element_buckets(tag: int, names: str) -> list[int]:
    """Return for each token of an element its bucket as a near one, plus :data:`BUCKETS` times that as one around."""
    found = dict.fromkeys(chain.from_iterable(map(_NAMED.__getitem__, names.split()[:_MAX_NAMES])))
    return [_TAGGED[tag], *found][: 1 + _MAX_TOKENS]


def name_tokens(name: str) -> list[bytes]:
    """Return the words in a name of an element, and where they are few the name as a whole.

    >>> name_tokens("postBody")
    [b'post', b'body', b'post-body']
    """
    if name.isascii() and name.islower():
        parts = name.encode().translate(_SMALL_LETTERS).split()
    else:
        parts = [_bytes(part.lower()) for part in _NAME.findall(name)]
    return [*parts, b"-".join(parts)] if 1 < len(parts) <= _MAX_PARTS else parts


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def _both(token: bytes) -> int:
    return crc32(token, _AS_NEAR) % BUCKETS + crc32(token, _AS_AROUND) % BUCKETS * BUCKETS


_NAMED: Final[Kept[str, tuple[int, ...]]] = Kept(lambda name: tuple(map(_both, name_tokens(name))))
_TAGGED: Final[Kept[int, int]] = Kept(lambda tag: _both(b"<%d>" % tag))
_SPACED: Final[Kept[str, tuple[bytes, ...]]] = Kept(lambda stretch: tuple(map(_bytes, _WORD.findall(stretch))))
"""The words, one or more, in a stretch of text without spaces: few of a text are wanted, and most come again."""
_SHOWN: Final[Kept[bytes, bytes]] = Kept(lambda word: b"0" if str(word, "utf-8", "surrogatepass").isdigit() else word)
"""A word where it is part of a whole text: any number is as good as another."""


def own_checksums(page: MarkupPage) -> list[list[int]]:
    """Return for each block of ``page`` the checksums of its words and of its shape: modulo BUCKETS, its buckets."""
    blocks, length = page.blocks, page.arrays.length
    sizes = np.searchsorted(_SIZES, length, side="right")
    quarters = np.minimum(4 * np.array(blocks.linked) // length, 4)
    said = [_REPEATED[text] if len(text) <= _LIKELY_REPEATED else text_checksums(text) for text in blocks.text]
    return list(map(add, said, map(shape_checksums, sizes.tolist(), quarters.tolist(), blocks.inside, blocks.heading)))


def text_checksums(text: str) -> list[int]:
    """Return the checksums of the first and last words of ``text``, of the whole where it is short, and of pairs."""
    words = _words_in(_spaced(text[:_HEAD]).split(None, _FIRST), _FIRST)
    sums = list(map(crc32, words, repeat(_AS_FIRST)))
    if len(text) > _HEAD:
        ending = _words_in(_spaced(text[-_TAIL:]).rsplit(None, _LAST)[-_LAST:])
        sums += map(crc32, ending[-_LAST:], repeat(_AS_LAST))
    elif len(words) <= _SHORT:
        sums.append(crc32(b" ".join(map(_SHOWN.__getitem__, words)), _AS_WHOLE))
    sums += map(crc32, map(b" ".join, pairwise(words[:_PAIRED])), repeat(_AS_PAIR))
    return sums


def _spaced(text: str) -> str:
    """Return ``text`` in lower case, with spaces for the underscores, which are no words either."""
    return text.lower().replace("_", " ")


def _words_in(stretches: list[str], most: int | None = None) -> list[bytes]:
    return list(islice(chain.from_iterable(map(_SPACED.__getitem__, stretches)), most))


_REPEATED: Final = Kept(text_checksums, most=1 << 14)


@lru_cache(maxsize=1 << 14)
def shape_checksums(length: int, linked: int, inside: int, heading: int) -> list[int]:
    """Return the checksums of a block's shape: class of length, link share in quarters, what it stands in, heading."""
    shape = f"{length} {linked}"
    facts = [f"shape:{shape}", f"heading:{heading} {length}"]
    facts += [f"in:{name}" for bit, name in _INSIDE if inside & bit]
    facts += [f"in:{name} {shape}" for bit, name in _WITH_SHAPE if inside & bit]
    return [crc32(fact.encode()) for fact in facts]
