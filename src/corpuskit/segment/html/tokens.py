"""The words a block and the elements around it carry, as hashed features of a linear model.

Authors name elements by what they hold: ``post-body``, ``related``, ``share-bar``.  The names of the three nearest
elements and those of every element around are separate features; so are the first and last words of the text.
Hashing (Weinberger et al., ICML 2009) keeps the model one array, and CRC-32 makes the hash the same everywhere.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import chain
from typing import Final, NamedTuple
from zlib import crc32

from corpuskit.segment.html.page import Inside
from corpuskit.segment.kept import Kept

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
_INSIDE: Final = tuple((int(bit), bit.name) for bit in Inside)
_WITH_SHAPE: Final = tuple((int(bit), bit.name) for bit in (Inside.NAV, Inside.ITEM, Inside.ASIDE))

_NAME: Final = re.compile(r"[A-Z]?[^\W\d_A-Z]+|[A-Z]+")
_SMALL_LETTERS: Final = bytes(code if chr(code).isascii() and chr(code).islower() else 0x20 for code in range(256))
_WORD: Final = r"[^\W\d_]+|\d+|[^\w\s]"
_BEGINNING: Final = re.compile(rf"[\s_]*({_WORD})?" * _FIRST)
"""The first words of a text, one a group: all of them are not looked for where few are wanted."""
_ENDING: Final = re.compile(_WORD)

_AS_NEAR, _AS_AROUND, _AS_FIRST, _AS_LAST, _AS_PAIR, _AS_WHOLE = map(crc32, (b"n:", b"f:", b"w:", b"e:", b"b:", b"t:"))
"""What a word is to a block, in front of the word: a checksum goes on from that of the bytes before."""


def bucket(token: bytes, before: int = 0) -> int:
    """Return the bucket of ``token``, or of what has the checksum ``before`` and then the token."""
    return crc32(token, before) % BUCKETS


def element_buckets(tag: int, names: str) -> list[int]:
    """Return for each token of an element its bucket as a near one, plus :data:`BUCKETS` times that as one around."""
    found = dict.fromkeys(chain.from_iterable(map(_NAMED.__getitem__, names.split()[:_MAX_NAMES])))
    return [_TAGGED[tag], *list(found)[:_MAX_TOKENS]]


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
    return bucket(token, _AS_NEAR) + bucket(token, _AS_AROUND) * BUCKETS


_TOKENS: Final[Kept[bytes, int]] = Kept(_both)
_NAMED: Final[Kept[str, list[int]]] = Kept(lambda name: list(map(_TOKENS.__getitem__, name_tokens(name))))
_TAGGED: Final[Kept[int, int]] = Kept(lambda tag: _both(b"<%d>" % tag))


class _Word(NamedTuple):
    """What is kept of a word of a text.

    Attributes:
        first: its bucket as one of the first words.
        last: its bucket as one of the last.
        opening: the checksum of a pair of words up to the second.
        raw: its bytes.
        shown: the same, or 0 for any number.
    """

    first: int
    last: int
    opening: int
    raw: bytes
    shown: bytes


def _word(word: str) -> _Word:
    raw = _bytes(word)
    shown = b"0" if word.isdigit() else raw
    return _Word(bucket(raw, _AS_FIRST), bucket(raw, _AS_LAST), crc32(raw + b" ", _AS_PAIR), raw, shown)


_WORDS: Final = Kept(_word)


def block_buckets(text: str, linked: int, inside: int, heading: int) -> list[int]:
    """Return the buckets of a block: of its words, and of its shape.

    Args:
        text: the text of the block, not empty.
        linked: how many characters of it stand in links.
        inside: the :class:`Inside` bits of what it stands in.
        heading: the level of the heading it stands in, or 0.
    """
    size = len(text)
    shape = fact_buckets(min(size.bit_length(), 11), min(4 * linked // size, 4), inside, heading)
    return (_REPEATED[text] if size <= _LIKELY_REPEATED else text_buckets(text)) + shape


def text_buckets(text: str) -> list[int]:
    """Return the buckets of the first and last words of ``text``, and of the whole where it is short."""
    beginning = _BEGINNING.match(text[:_HEAD].lower())
    words = [_WORDS[word] for word in beginning.groups() if word] if beginning else []
    firsts, _, openings, raws, shown = zip(*words, strict=True) if words else ((),) * 5
    buckets: list[int] = [*firsts]
    if len(text) > _HEAD:
        buckets += [_WORDS[word].last for word in _ENDING.findall(text[-_TAIL:].lower())[-_LAST:]]
    elif len(words) <= _SHORT:
        buckets.append(bucket(b" ".join(shown), _AS_WHOLE))
    buckets += map(bucket, raws[1:_PAIRED], openings)
    return buckets


_REPEATED: Final = Kept(text_buckets, most=1 << 14)


@lru_cache(maxsize=1 << 14)
def fact_buckets(length: int, linked: int, inside: int, heading: int) -> list[int]:
    """Return the buckets of a block's shape: length class, link share in quarters, what it stands in, heading level."""
    shape = f"{length} {linked}"
    return [
        bucket(f"shape:{shape}".encode()),
        bucket(f"heading:{heading} {length}".encode()),
        *(bucket(f"in:{name}".encode()) for bit, name in _INSIDE if inside & bit),
        *(bucket(f"in:{name} {shape}".encode()) for bit, name in _WITH_SHAPE if inside & bit),
    ]
