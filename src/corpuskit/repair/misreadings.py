"""How bytes are misread, and how to read them back.

A misreading is a codec whose undefined bytes fall to windows-1252 and then to latin-1, as browsers have them fall.
ftfy's sloppy codecs do the same for the windows code pages; here every codec does.
"""

from __future__ import annotations

import codecs
from functools import cache, lru_cache
from typing import TYPE_CHECKING, Final

import ftfy.bad_codecs  # noqa: F401 - registers the sloppy codecs
import numpy as np

from corpuskit.plane import BMP

if TYPE_CHECKING:
    from numpy.typing import NDArray

SINGLE_BYTE: Final = (
    "cp1252", "latin-1", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859-2", "iso8859-7", "iso8859-15", "mac-roman", "cp437", "cp850", "cp866", "koi8-r", "cp874",
)  # fmt: skip
"""Python's names of the single-byte codecs UTF-8 is misread with, the most common first."""

MULTI_BYTE: Final = ("gbk", "cp932", "big5hkscs", "cp950", "cp949")
"""Python's names of the double-byte codecs UTF-8 is misread with."""

LEGACY: Final = (
    ("cp1252", "latin-1"), ("cp1251", "cp1252"), ("koi8-r", "cp1252"), ("cp1250", "cp1252"), ("iso8859-2",
    "cp1252"), ("cp1253", "cp1252"),
    ("cp1254", "cp1252"), ("cp1255", "cp1252"), ("cp1256", "cp1252"), ("cp874", "cp1252"), ("cp866", "cp1252"),
    ("cp1252", "cp1251"), ("koi8-r", "cp1251"), ("cp866", "cp1251"), ("cp1251", "koi8-r"), ("cp1251", "cp866"),
    ("cp1252", "cp1250"), ("cp1252", "iso8859-2"), ("iso8859-2", "cp1250"), ("cp1250", "iso8859-2"),
)  # fmt: skip
"""Legacy single-byte encodings and the codecs their bytes are misread with, as ``(written, read)``."""

LEGACY_MULTI_BYTE: Final = ("gbk", "big5hkscs", "cp932", "cp949", "euc-jp")
"""Legacy double-byte encodings whose bytes are misread as windows-1252 or latin-1."""

FOREIGN: Final = 0xFF
"""Stands for a character that no byte is misread as.  0xFF is in no UTF-8."""


@cache
def high_half(codec: str) -> str:
    """Return the 128 characters that bytes 0x80 to 0xFF are read as."""
    return "".join(read_byte(bytes((byte,)), codec) for byte in range(0x80, 0x100))


def read_byte(byte: bytes, codec: str) -> str:
    """Read one byte as ``codec`` has it, else as windows-1252, else as latin-1."""
    try:
        return byte.decode(codec)
    except UnicodeDecodeError:
        return byte.decode("sloppy-windows-1252")


def bytes_of(codec: str) -> NDArray[np.uint8]:
    """Return for each character of the BMP the byte that ``codec`` misreads as it, or :data:`FOREIGN`.

    Where a byte the codec defines and one it does not are read as the same character, the defined one counts.
    """
    table = np.full(BMP, FOREIGN, np.uint8)
    for byte in range(0xFF, 0x7F, -1):
        table[ord(read_byte(bytes((byte,)), codec))] = byte
    for byte in range(0x100):
        try:
            table[ord(bytes((byte,)).decode(codec))] = byte
        except UnicodeDecodeError:
            continue
    return table


@cache
def roles() -> NDArray[np.uint32]:
    """Return in which rows of :func:`utf8_tables` each character trails, leads, and leads 1, 2 or 3 trails.

    Five rows, one bit a codec.  Where no codec has its lead and as many trails together, no codec misread UTF-8.
    """
    tables = utf8_tables()
    bits = (np.uint32(1) << np.arange(len(tables), dtype=np.uint32))[:, None]
    ranges = ((0x80, 0xBF), (0xC2, 0xDF), (0xE0, 0xEF), (0xF0, 0xF4))
    found = [
        np.bitwise_or.reduce(np.where((tables >= low) & (tables <= high), bits, np.uint32(0)), 0)
        for low, high in ranges
    ]
    for row, other in fallen_bytes().items():
        found[0][other > 0] |= np.uint32(1 << row)
    return np.stack((found[0], np.bitwise_or.reduce(found[1:]), *found[1:]))


def readers_of_utf8(codes: NDArray[np.uint32], places: NDArray[np.int64]) -> NDArray[np.uint32]:
    """Return which codecs may have misread a UTF-8 sequence as what stands at each of ``places``: one bit a row."""
    trails, leading, *leads = roles()
    padded = np.minimum(np.append(codes, (0x20, 0x20, 0x20)), BMP - 1)
    readers = np.zeros(len(places), np.uint32)
    likely = np.flatnonzero(leading[padded[places]] & trails[padded[places + 1]])
    at = places[likely]
    fits = np.full(len(at), 0xFFFFFFFF, np.uint32)
    for step, lead in enumerate(leads, 1):
        fits &= trails[padded[at + step]]
        readers[likely] |= fits & lead[padded[at]]
    return readers


@cache
def fallen_bytes() -> dict[int, NDArray[np.uint8]]:
    """Return, by row of :func:`utf8_tables`, the other byte of characters that two bytes are read as (0 for none).

    In windows-1257 "Š" is byte D0, and what the undefined byte 8A falls to.
    """
    fallen = {}
    for row, codec in enumerate(SINGLE_BYTE):
        other = np.zeros(BMP, np.uint8)
        for byte in range(0x80, 0xC0):
            code = ord(high_half(codec)[byte - 0x80])
            if utf8_tables()[row][code] != byte:
                other[code] = byte
        if other.any():
            fallen[row] = other
    return fallen


@cache
def utf8_tables() -> NDArray[np.uint8]:
    """Return :func:`bytes_of` for each of :data:`SINGLE_BYTE`, one a row."""
    return np.stack([bytes_of(codec) for codec in SINGLE_BYTE])


@cache
def spaced_utf8_tables() -> NDArray[np.uint8]:
    """Return :func:`utf8_tables` for text in which every no-break space became a plain space."""
    tables = utf8_tables().copy()
    trailing = (tables[:, 0xA0] & 0xC0) == 0x80
    tables[trailing, 0x20] = tables[trailing, 0xA0]
    return tables


@cache
def legacy_tables() -> NDArray[np.uint32]:
    """Return for each of :data:`LEGACY` what each character of the BMP was written as: itself where that is unknown.

    Text read as windows-1252 may have C1 controls, of bytes windows-1252 or latin-1 left undefined.
    """
    tables = []
    for written, read in LEGACY:
        table = np.arange(BMP, dtype=np.uint32)
        if read == "cp1252":
            table[0x80:0x100] = [ord(character) for character in high_half(written)]
        table[[ord(character) for character in high_half(read)]] = [ord(character) for character in high_half(written)]
        tables.append(table)
    return np.stack(tables)


def misread(raw: bytes, codec: str) -> str:
    """Read ``raw`` with ``codec`` as a forgiving reader does."""
    return raw.decode(codec, "corpuskit.fallback")


@lru_cache(maxsize=4096)
def would_read(after: str, before: str, chain: str) -> bool:
    """Tell whether ``chain`` (``"UTF-8 read as cp1252"``) makes ``before`` of ``after``: what it does not is no repair.

    A page read as windows-1252 may have been read as latin-1 in parts, and its no-break spaces may have become spaces.
    """
    written, _, reader = chain.partition(" read as ")
    codec, _, spaced = reader.partition(",")
    try:
        raw = after.encode(written, "corpuskit.fallback")
    except UnicodeEncodeError:
        return False
    read = misread(raw, codec)
    if spaced:
        read, before = read.replace("\u00a0", " "), before.replace("\u00a0", " ")
    if read == before:
        return True
    return codec == "cp1252" and len(read) == len(before) and read == "".join(map(_as_windows_1252, before))


def _as_windows_1252(character: str) -> str:
    """Return what windows-1252 reads where latin-1 reads a C1 control."""
    return character.encode("latin-1").decode("sloppy-windows-1252") if "\x80" <= character <= "\x9f" else character


def _fall_back(error: UnicodeError) -> tuple[str | bytes, int]:
    """Read one undefined byte, or write one character no codec defines, as windows-1252 or latin-1 has it."""
    if isinstance(error, UnicodeDecodeError):
        return error.object[error.start : error.start + 1].decode("sloppy-windows-1252"), error.start + 1
    if isinstance(error, UnicodeEncodeError):
        return error.object[error.start : error.start + 1].encode("sloppy-windows-1252"), error.start + 1
    raise error


codecs.register_error("corpuskit.fallback", _fall_back)
