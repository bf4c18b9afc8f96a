"""The words a block and the elements around it carry, as hashed features of a linear model.

Authors name elements by what they hold: ``post-body``, ``related``, ``share-bar``.  The names of the three nearest
elements and those of every element around are separate features; so are the first and last words of the text.
Hashing (Weinberger et al., ICML 2009) keeps the model one array, and CRC-32 makes the hash the same everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain, pairwise
from typing import TYPE_CHECKING, Final
from zlib import crc32

from corpuskit.segment.html.page import Inside
from corpuskit.segment.kept import Kept

if TYPE_CHECKING:
    from collections.abc import Iterable

BUCKETS: Final = 1 << 15
NEAR: Final = 3
"""How many elements, from the innermost, count as near."""

_NAME: Final = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_TEXT: Final = re.compile(r"[^\W\d_]+|\d+|[^\w\s]")
_MAX_NAMES: Final = 12
_MAX_TOKENS: Final = 24
_MAX_PARTS: Final = 4
_FIRST: Final = 6
_LAST: Final = 3
_HEAD: Final = 80
_TAIL: Final = 40
_SHORT: Final = 5
_INSIDE: Final = tuple((int(bit), bit.name) for bit in Inside)
_WITH_SHAPE: Final = tuple((int(bit), bit.name) for bit in (Inside.NAV, Inside.ITEM, Inside.ASIDE))


def bucket(token: str) -> int:
    """Return the bucket of ``token``."""
    return crc32(token.encode("utf-8", "surrogatepass")) % BUCKETS


def name_tokens(names: str) -> list[str]:
    """Return the words in an element's names, and each name as a whole.

    >>> name_tokens("postBody related-2")
    ['post', 'body', 'post-body', 'related']
    """
    tokens: Iterable[str] = chain.from_iterable(map(_PARTS.__getitem__, names.split()[:_MAX_NAMES]))
    return list(dict.fromkeys(tokens))[:_MAX_TOKENS]


def _parts(name: str) -> tuple[str, ...]:
    """Return the words in one name, and where they are few the name as a whole."""
    parts = tuple(_NAME.findall(name)) if name.islower() else tuple([part.lower() for part in _NAME.findall(name)])
    return (*parts, "-".join(parts)) if 1 < len(parts) <= _MAX_PARTS else parts


_PARTS: Final = Kept(_parts)


def _buckets(prefix: str) -> Kept[str, int]:
    """Return the buckets of tokens by their word: ``prefix`` says what the word is to the block."""
    return Kept(lambda word: bucket(f"{prefix}:{word}"))


_AS_NEAR: Final = _buckets("n")
_AS_AROUND: Final = _buckets("f")
_BEGINNING: Final = _buckets("w")
_ENDING: Final = _buckets("e")


def element_buckets(tag: int, names: str) -> tuple[list[int], list[int]]:
    """Return the buckets of an element as a near one, and as one of all around."""
    tokens = [f"<{tag}>", *name_tokens(names)]
    return [_AS_NEAR[token] for token in tokens], [_AS_AROUND[token] for token in tokens]


def text_buckets(text: str) -> list[int]:
    """Return the buckets of the first and last words of ``text``, and of the whole where it is short."""
    words = _TEXT.findall(text[:_HEAD].lower())
    buckets = [_BEGINNING[word] for word in words[:_FIRST]]
    if len(text) > _HEAD:
        buckets += [_ENDING[word] for word in _TEXT.findall(text[-_TAIL:].lower())[-_LAST:]]
    elif len(words) <= _SHORT:
        buckets.append(bucket("t:" + " ".join(["0" if word.isdigit() else word for word in words])))
    buckets += [bucket(f"b:{one} {other}") for one, other in pairwise(words[:4])]
    return buckets


@lru_cache(maxsize=1 << 14)
def fact_buckets(length: int, linked: int, inside: int, heading: int) -> list[int]:
    """Return the buckets of a block's shape: length class, link share in quarters, what it stands in, heading level."""
    shape = f"{length} {linked}"
    return [
        bucket(f"shape:{shape}"),
        bucket(f"heading:{heading} {length}"),
        *(bucket(f"in:{name}") for bit, name in _INSIDE if inside & bit),
        *(bucket(f"in:{name} {shape}") for bit, name in _WITH_SHAPE if inside & bit),
    ]


def fact_key(text: str, linked: int, inside: int, heading: int) -> tuple[int, int, int, int]:
    """Return the arguments of :func:`fact_buckets` for one block."""
    size = len(text)
    return min(size.bit_length(), 11), min(4 * linked // size, 4), inside, heading
