"""Damage on purpose: sentences, codecs, depths, losses and mixtures, with what should come back.

Damage is reversible where the damaged text still holds every byte; lossy where something in it was dropped or replaced.
"""

from __future__ import annotations

import random
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Final

from corpuskit.repair.misreadings import misread

if TYPE_CHECKING:
    from collections.abc import Iterator

SENTENCES: Final = Path(__file__).with_name("sentences.toml")

UTF8_READERS: Final = (
    "latin-1", "cp1250", "cp1251", "cp1252", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258", "iso8859-2",
    "iso8859-7", "iso8859-15", "mac-roman", "cp437", "cp850", "cp866", "koi8-r", "cp874", "gbk", "cp932", "big5",
    "cp949",
)  # fmt: skip
"""Python's names of the codecs UTF-8 is read with."""

LEGACY_PAIRS: Final = (
    *((written, read) for written in (
        "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "iso8859-2", "koi8-r", "cp874", "gbk", "big5",
        "cp932",
        "cp949",
    ) for read in ("latin-1", "cp1252")),
    ("latin-1", "cp1251"), ("cp1252", "cp1251"), ("koi8-r", "cp1251"), ("cp1251", "koi8-r"),
    ("latin-1", "iso8859-2"), ("cp1252", "cp1250"), ("cp1250", "iso8859-2"), ("iso8859-2", "cp1250"),
)  # fmt: skip
"""Legacy encodings and the codecs their bytes are read with."""


@dataclass(frozen=True, slots=True)
class Case:
    """A damaged text, what it was, and how it was damaged."""

    language: str
    codec: str
    kind: str
    damaged: str
    clean: str
    reversible: bool


def sentences() -> dict[str, list[str]]:
    """Return the sentences by language."""
    with SENTENCES.open("rb") as file:
        return tomllib.load(file)


def cases(seed: int = 0) -> Iterator[Case]:
    """Yield every kind of damage of every language, always the same for one ``seed``."""
    random_ = random.Random(seed)  # noqa: S311 - reproducible, not secret
    for language, lines in sentences().items():
        page = "\n".join(lines)
        for codec in UTF8_READERS:
            yield from _utf8(language, lines, page, codec, random_)
        for written, read in LEGACY_PAIRS:
            try:
                damaged = misread(page.encode(written), read)
            except UnicodeEncodeError:
                continue
            if damaged != page and misread_back(damaged, read) == page.encode(written):
                yield Case(language, f"{written}>{read}", "legacy", damaged, page, reversible=True)


def _utf8(language: str, lines: list[str], page: str, codec: str, random_: random.Random) -> Iterator[Case]:
    damaged = clean = page
    for kind in ("once", "twice", "thrice"):
        previous, damaged = damaged, misread(damaged.encode(), codec)
        if damaged == previous or misread_back(damaged, codec) != previous.encode():
            break
        yield Case(language, codec, kind, damaged, clean, reversible=True)
        if kind == "once":
            yield from _sentences(language, lines, codec)
            yield from _mixed(language, lines, codec, random_)
            yield from _lossy(language, damaged, clean, codec, random_)


def _sentences(language: str, lines: list[str], codec: str) -> Iterator[Case]:
    for line in lines[:2]:
        damaged = misread(line.encode(), codec)
        if damaged != line and misread_back(damaged, codec) == line.encode():
            yield Case(language, codec, "sentence", damaged, line, reversible=True)


def _mixed(language: str, lines: list[str], codec: str, random_: random.Random) -> Iterator[Case]:
    """Damage every other line, and every other word of a line."""
    by_line = "\n".join(misread(line.encode(), codec) if i % 2 else line for i, line in enumerate(lines))
    yield Case(language, codec, "mixed lines", by_line, "\n".join(lines), reversible=True)
    words = random_.choice(lines).split(" ")
    if len(words) > 3:
        half = len(words) // 2
        damaged = " ".join([*words[:half], *(misread(word.encode(), codec) for word in words[half:])])
        if damaged != " ".join(words):
            yield Case(language, codec, "mixed words", damaged, " ".join(words), reversible=True)


def _lossy(language: str, damaged: str, clean: str, codec: str, random_: random.Random) -> Iterator[Case]:
    beyond = [i for i, character in enumerate(damaged) if ord(character) > 0x7F]
    for kind, replacement in (("lost to U+FFFD", "\ufffd"), ("lost to ?", "?")):
        lost = set(random_.sample(beyond, max(1, len(beyond) // 20)))
        yield Case(
            language, codec, kind, "".join(replacement if i in lost else c for i, c in enumerate(damaged)), clean,
            reversible=False,
        )  # fmt: skip
    dropped = "".join(character for character in damaged if not "\x80" <= character <= "\x9f")
    if dropped != damaged:
        yield Case(language, codec, "C1 dropped", dropped, clean, reversible=False)
    spaced = damaged.replace("\u00a0", " ")
    if spaced != damaged:
        yield Case(language, codec, "NBSP to space", spaced, clean, reversible=False)


def misread_back(text: str, codec: str) -> bytes | None:
    """Return the bytes that ``codec`` would read as ``text``, as far as anybody could tell, or ``None``."""
    raw = bytearray()
    for character in text:
        for candidate in (codec, "sloppy-windows-1252"):
            try:
                raw += character.encode(candidate)
                break
            except UnicodeEncodeError:
                continue
        else:
            return None
    return bytes(raw)
