"""Bytes to text, by the strongest evidence at hand."""

from __future__ import annotations

import codecs
import re
from typing import TYPE_CHECKING, Final

from corpuskit.repair.labels import encoding_name, python_codec
from corpuskit.repair.vocabulary import Decoded, DecodeError

if TYPE_CHECKING:
    from collections.abc import Iterator

SAMPLE: Final = 1 << 16
"""Bytes a detector sees at most: detection is asked once for a page, however long."""

PRESCAN: Final = 1024
"""Bytes at the start of markup in which a declaration counts (HTML standard, 13.2.3.2)."""

_MARKS: Final = (
    (codecs.BOM_UTF32_LE, "UTF-32LE", "utf-32-le"),
    (codecs.BOM_UTF32_BE, "UTF-32BE", "utf-32-be"),
    (codecs.BOM_UTF8, "UTF-8", "utf-8"),
    (codecs.BOM_UTF16_LE, "UTF-16LE", "utf-16-le"),
    (codecs.BOM_UTF16_BE, "UTF-16BE", "utf-16-be"),
)
_MAGIC: Final = (
    (b"\x89PNG", "a PNG image"),
    (b"GIF8", "a GIF image"),
    (b"\xff\xd8\xff", "a JPEG image"),
    (b"RIFF", "a RIFF file"),
    (b"%PDF-", "a PDF document"),
    (b"PK\x03\x04", "a ZIP archive"),
    (b"PK\x05\x06", "a ZIP archive"),
    (b"\x1f\x8b", "gzip data"),
    (b"BZh", "bzip2 data"),
    (b"\xfd7zXZ\x00", "xz data"),
    (b"\x28\xb5\x2f\xfd", "zstandard data"),
    (b"7z\xbc\xaf\x27\x1c", "a 7z archive"),
    (b"\x7fELF", "an ELF program"),
    (b"PAR1", "a Parquet file"),
    (b"SQLite format 3\x00", "an SQLite database"),
    (b"ID3", "an MP3 file"),
    (b"OggS", "an Ogg file"),
    (b"wOFF", "a font"),
    (b"wOF2", "a font"),
    (b"\xd0\xcf\x11\xe0", "a Microsoft compound file"),
)
_CONTROLS: Final = bytes((*range(0x09), 0x0B, *range(0x0E, 0x1B), *range(0x1C, 0x20), 0x7F))
MAX_CONTROLS: Final = 0.02
"""Share of control bytes above which bytes are no text.  Random bytes hold 11%, text next to none."""

_META: Final = re.compile(rb"<meta\s[^>]{0,400}?charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:-]{1,40})", re.IGNORECASE)
_XML: Final = re.compile(rb"^\s*<\?xml\s[^>]{0,200}?encoding\s*=\s*[\"']([A-Za-z0-9_.:-]{1,40})[\"']")
_HIGH: Final = re.compile(rb"[\x80-\xff]")
_HIGH_BYTES: Final = bytes(range(0x80, 0x100))
_TAG: Final = re.compile(rb"<[A-Za-z/!][^<>]{0,2000}>")
GOOD_PER_BAD: Final = 10
"""Bytes beyond ASCII in valid UTF-8 characters for each byte that is in none, from which a page is UTF-8 with flaws.
Legacy text reaches 1.3 at most (``python -m bench.repair.detectors``)."""

GOOD_PER_BAD_DECLARED: Final = 2
"""The same for a page that says it is UTF-8: above what legacy text reaches, nothing speaks against it."""

_MULTI_BYTE: Final = frozenset({"GBK", "gb18030", "Big5", "EUC-JP", "Shift_JIS", "EUC-KR"})
_SEVEN_BIT: Final = frozenset({"ISO-2022-JP", "hz", "utf-7"})

CHANCE_UTF8: Final = 8
"""Characters beyond ASCII from which valid UTF-8 is no chance even where a double-byte encoding is declared: the two
bytes of a character of GB 2312 are valid UTF-8 once in seven."""


def decode_bytes(raw: bytes, *, declared: str | None, markup: bool) -> Decoded:
    """Read ``raw`` as text: see :func:`corpuskit.repair.decode`."""
    for mark, name, codec in _MARKS:
        if raw.startswith(mark):
            return _read(raw[len(mark) :], name, codec, "a byte order mark")
    wide = _wide_without_mark(raw)
    if wide is not None:
        return wide
    _refuse_binary(raw)
    labels = list(_declarations(raw, declared, markup=markup))
    if raw.isascii() and not any(name in _SEVEN_BIT for name, _ in labels):
        return Decoded(raw.decode("ascii"), "UTF-8", "ASCII", lossy=False)
    needed = GOOD_PER_BAD_DECLARED if any(name == "UTF-8" for name, _ in labels) else GOOD_PER_BAD
    return _unflawed(raw, labels) or _nearly_utf8(raw, needed) or _flawed(raw, labels)


def _unflawed(raw: bytes, labels: list[tuple[str, str]]) -> Decoded | None:
    """Read ``raw`` by an encoding that fits every byte: valid UTF-8 is no chance, whatever else is declared."""
    utf8 = _strict(raw, "utf-8")
    for name, where in labels:
        if utf8 is not None and name not in _SEVEN_BIT and not (name in _MULTI_BYTE and _few_beyond_ascii(utf8)):
            break
        text = _strict(raw, python_codec(name))
        if text is not None:
            return Decoded(text, name, f"{where} declares it", lossy=False)
    return None if utf8 is None else Decoded(utf8, "UTF-8", "valid UTF-8", lossy=False)


def _flawed(raw: bytes, labels: list[tuple[str, str]]) -> Decoded:
    """Read ``raw`` by the first legacy encoding declared, though not every byte fits, or by what is detected."""
    for name, where in labels:
        if name != "UTF-8":
            return _read(raw, name, python_codec(name), f"{where} declares it, though not every byte fits")
    return _detect(raw)


def _declarations(raw: bytes, declared: str | None, *, markup: bool) -> Iterator[tuple[str, str]]:
    """Yield the encodings somebody says the bytes are in, with who says so."""
    name = encoding_name(declared) if declared else None
    if name:
        yield name, "the transfer header"
    if markup:
        for pattern, where in ((_XML, "the XML declaration"), (_META, "a meta element")):
            match = pattern.search(raw[:PRESCAN])
            name = encoding_name(match[1].decode("ascii")) if match else None
            if name:
                # What could be scanned byte by byte is not UTF-16, whatever it says (HTML standard, 13.2.3.2).
                yield ("UTF-8" if name.startswith("UTF-16") else name), where


def _strict(raw: bytes, codec: str) -> str | None:
    try:
        return raw.decode(codec)
    except UnicodeDecodeError:
        return None


def _read(raw: bytes, name: str, codec: str, evidence: str) -> Decoded:
    text = _strict(raw, codec)
    if text is not None:
        return Decoded(text, name, evidence, lossy=False)
    return Decoded(raw.decode(codec, "replace"), name, evidence, lossy=True)


def _few_beyond_ascii(text: str) -> bool:
    return len(text.encode("utf-8")) - len(text) < CHANCE_UTF8


def _wide_without_mark(raw: bytes) -> Decoded | None:
    """Read UTF-16 that lost its mark: in most scripts of the web every other byte of its markup and spaces is NUL."""
    sample = raw[:4096]
    half = len(sample) // 2
    for name, codec, odd in (("UTF-16LE", "utf-16-le", 1), ("UTF-16BE", "utf-16-be", 0)):
        if sample[odd::2].count(0) > half * 0.4 and sample[1 - odd :: 2].count(0) < half * 0.05:
            text = _strict(raw, codec)
            if text is not None and not _dense_in_controls(text[:4096].encode("utf-8", "replace")):
                return Decoded(text, name, "every other byte is NUL", lossy=False)
    return None


def _refuse_binary(raw: bytes) -> None:
    for magic, what in _MAGIC:
        if raw.startswith(magic):
            message = f"not text: starts like {what} ({magic!r})"
            raise DecodeError(message)
    nul = raw.find(0, 0, SAMPLE)
    if nul >= 0 and (raw.count(0, 0, SAMPLE) > len(raw[:SAMPLE]) * MAX_CONTROLS / 10 or _dense_in_controls(raw)):
        message = f"not text: NUL bytes, the first at offset {nul}"
        raise DecodeError(message)
    if _dense_in_controls(raw):
        message = (
            f"not text: more than {MAX_CONTROLS:.0%} of its first {len(raw[:SAMPLE])} bytes are control characters"
        )
        raise DecodeError(message)


def _dense_in_controls(raw: bytes) -> bool:
    sample = raw[:SAMPLE]
    controls = len(sample) - len(sample.translate(None, _CONTROLS))
    return controls > max(2, len(sample) * MAX_CONTROLS)


def _nearly_utf8(raw: bytes, needed: float) -> Decoded | None:
    """Read UTF-8 with a few bytes of something else in it: those are read as windows-1252, broken characters are lost.

    ``needed`` is how many bytes beyond ASCII must be in valid characters for each that is in none.

    Pages are pasted together from parts in two encodings, and are cut in the middle of a character.
    """
    ascii_bytes = len(raw.translate(None, _HIGH_BYTES))
    good = len(raw.decode("utf-8", "ignore").encode("utf-8")) - ascii_bytes
    bad = len(raw) - ascii_bytes - good
    if good < bad * needed:
        return None
    text = raw.decode("utf-8", "corpuskit.stray-bytes")
    return Decoded(text, "UTF-8", f"UTF-8 but for {bad} bytes", lossy="\ufffd" in text)


def _read_stray_bytes(error: UnicodeError) -> tuple[str, int]:
    """Read one byte that is no UTF-8 as windows-1252; a character cut short becomes U+FFFD."""
    if not isinstance(error, UnicodeDecodeError):
        raise error
    stray = error.object[error.start : error.end]
    if len(stray) > 1 or error.reason == "unexpected end of data":
        return "\ufffd", error.end
    return stray.decode("cp1252", "replace"), error.end


codecs.register_error("corpuskit.stray-bytes", _read_stray_bytes)


def _detect(raw: bytes) -> Decoded:
    """Ask the detector about the part of ``raw`` that says something: lines with bytes beyond ASCII."""
    import chardet

    guess = chardet.detect(_telling_sample(raw))
    name = encoding_name(guess["encoding"] or "")
    if name is None or name == "UTF-8" or name.startswith("UTF-"):
        return _read(raw, "windows-1252", "cp1252", "nothing declared or detected; windows-1252 as browsers do")
    return _read(raw, name, python_codec(name), f"detected (confidence {guess['confidence']:.2f})")


def _telling_sample(raw: bytes) -> bytes:
    """Return at most :data:`SAMPLE` bytes of ``raw``, from the first byte beyond ASCII on, without tags."""
    first = _HIGH.search(raw)
    start = max(0, first.start() - 256) if first else 0
    return _TAG.sub(b" ", raw[start : start + SAMPLE])
