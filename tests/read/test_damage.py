"""Cut, damaged and hostile files: what was whole is read, the rest is accounted for, nothing is raised."""

from __future__ import annotations

import contextlib
import functools
import io
import random
import struct
import tracemalloc
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from corpuskit import read
from corpuskit.config import LimitSettings, SourceSettings
from corpuskit.read import opening

from . import made
from .made import COMPRESS, Record

if TYPE_CHECKING:
    from collections.abc import Callable

    from _typeshed import WriteableBuffer

    from .made import Found

    Reading = Callable[..., Found]

ROWS = [{"text": f"The ferry, crossing {n}.", "url": f"https://port.example/{n}"} for n in range(6)]
RECORDS = [Record(warc={"WARC-Record-ID": f"<{n}>"}, body=f"<p>Crossing {n}.</p>".encode()) for n in range(6)]
MEMBERS = [(f"{n}.txt", f"The ferry, crossing {n}.".encode()) for n in range(6)]

WHOLE: dict[str, bytes] = {
    "p.warc": made.warc(RECORDS, gzipped=False),
    "p.warc.gz": made.warc(RECORDS),
    "p.warc.zst": COMPRESS[".zst"](made.warc(RECORDS, gzipped=False)),
    "whole/p.warc.gz": COMPRESS[".gz"](made.warc(RECORDS, gzipped=False)),
    "p.zip": made.zipped(MEMBERS),
    "p.tar": made.tar(MEMBERS),
    "p.parquet": made.parquet(ROWS),
    "p.arrow": made.arrow(ROWS, stream=True),
    "p.feather": made.arrow(ROWS, stream=False),
    **{f"p.jsonl{ending}": compress(made.jsonl(ROWS)) for ending, compress in COMPRESS.items()},
    **{f"p.tar{ending}": compress(made.tar(MEMBERS)) for ending, compress in COMPRESS.items() if ending},
    **{f"p.csv{ending}": compress(made.delimited(ROWS)) for ending, compress in COMPRESS.items() if ending},
    **{f"p.html{ending}": compress(b"<p>The ferry.</p>") for ending, compress in COMPRESS.items() if ending},
}
"""Files whose end can be told; a page of text, or a table of CSV, may end anywhere."""

BETWEEN: dict[str, Callable[[bytes], bool]] = {
    "p.warc": lambda cut: cut.rstrip(b"\r\n").endswith((b"</p>", b"software: tests")),
    "p.warc.gz": lambda cut: _ends_a_member(cut),  # noqa: PLW0108 - it is defined below
    "p.jsonl": lambda cut: not cut or cut.rstrip(b"\n").endswith(b"}"),
    "p.arrow": lambda _: True,  # a stream's end mark is optional; between batches nothing tells
}
"""Where a file may be cut so that what is left is a whole file."""


def _ends_a_member(data: bytes) -> bool:
    import zlib

    while data:
        member = zlib.decompressobj(31)
        with contextlib.suppress(zlib.error):
            member.decompress(data)
        if not member.eof:
            return False
        data = member.unused_data
    return True


def found_in(folder: Path, name: str, data: bytes, limits: LimitSettings | None = None) -> Found:
    path = folder / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    source = SourceSettings("s", name)
    units = read.units(source, folder)
    return made.sort(item for unit in units for item in read.pages(unit, source, limits or LimitSettings()))


@functools.cache
def _whole(folder: Path, name: str) -> Found:
    whole = found_in(folder, name, WHOLE[name])
    assert len(whole.pages) == (1 if "html" in name else 6)
    assert whole.unreadable == []
    return whole


ANY = settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])


@pytest.mark.parametrize("name", WHOLE)
@ANY
@given(data=st.data())
def test_a_file_cut_anywhere_gives_its_first_pages_and_says_that_there_is_more(
    name: str, tmp_path: Path, data: st.DataObject
) -> None:
    whole = _whole(tmp_path, name)
    cut = WHOLE[name][: data.draw(st.integers(0, len(WHOLE[name]) - 1))]
    found = found_in(tmp_path, name, cut)
    assert found.pages == whole.pages[: len(found.pages)]
    if len(found.pages) < len(whole.pages) and not (name in BETWEEN and BETWEEN[name](cut)):
        assert len(found.unreadable) >= 1
    ids = [page.id for page in found.pages] + [item.id for item in found.unreadable]
    assert len(set(ids)) == len(ids)


@pytest.mark.parametrize("name", WHOLE)
@ANY
@given(data=st.data())
def test_damage_anywhere_is_never_raised(name: str, tmp_path: Path, data: st.DataObject) -> None:
    damaged = bytearray(WHOLE[name])
    for _ in range(data.draw(st.integers(1, 4))):
        damaged[data.draw(st.integers(0, len(damaged) - 1))] = data.draw(st.integers(0, 255))
    found_in(tmp_path, name, bytes(damaged))


@pytest.mark.parametrize("name", sorted(WHOLE))
@pytest.mark.parametrize("data", [b"", b"hello", b"\0" * 2000, b"\xff" * 600], ids=["empty", "text", "zeros", "ones"])
def test_a_file_that_is_something_else_is_one_unreadable_unit(data: bytes, name: str, tmp_path: Path) -> None:
    found = found_in(tmp_path, name, data)
    assert found.pages == []
    if name == "p.jsonl" and data == b"":
        assert found.unreadable == []
    elif not (name.startswith("p.tar") and set(data) == {0}) and not (name == "p.jsonl" and data.isspace()):
        assert len(found.unreadable) == 1


MEGABYTE = bytes(1_000_000)
BOMBS = {
    "p.jsonl.gz": COMPRESS[".gz"](MEGABYTE * 7),
    "p.jsonl.bz2": COMPRESS[".bz2"](MEGABYTE * 7),
    "p.jsonl.xz": COMPRESS[".xz"](MEGABYTE * 7),
    "p.jsonl.zst": COMPRESS[".zst"](MEGABYTE * 7),
    "p.tar.gz": COMPRESS[".gz"](made.tar([("a.txt", b"a"), ("b.png", MEGABYTE * 7)])),
    "p.zip": made.zipped([("a.jsonl", MEGABYTE * 7)]),
    "p.warc.gz": COMPRESS[".gz"](
        made.warc([Record()], gzipped=False)
        + b"WARC/1.0\r\nWARC-Type: metadata\r\nContent-Length: 7000000\r\n\r\n"
        + MEGABYTE * 7
    ),
}


@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_ends_at_the_limit_and_not_in_memory(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(BOMBS[name]) < 32_000
    monkeypatch.setattr(opening, "EXPANDS_FREELY", 500_000)
    limits = LimitSettings(max_page_bytes=10_000)
    tracemalloc.start()
    try:
        found = found_in(tmp_path, name, BOMBS[name], limits)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert [m for m in found.errors.values() if "limits.max_" in m]
    assert found.texts in ([], ["a"], ["<p>The ferry runs again.</p>"])
    window = 8_388_608 if name.endswith(".xz") else 0  # a decoder's own memory, set by who compressed
    assert most < 2_000_000 + window  # the file expands to 7 MB
    generous = LimitSettings(max_page_bytes=10_000, max_expansion=1_000_000)
    assert not [m for m in found_in(tmp_path, name, BOMBS[name], generous).errors.values() if "max_expansion" in m]


class Counting(io.FileIO):
    """A file that knows how much of it was read."""

    taken = 0

    def readinto(self, buffer: WriteableBuffer) -> int:
        got = super().readinto(buffer) or 0
        Counting.taken += got
        return got


@pytest.mark.parametrize(
    "name", ["p.jsonl", "p.jsonl.gz", "p.jsonl.zst", "p.csv", "p.warc", "p.warc.gz", "p.tar", "p.zip"]
)
def test_pages_come_while_the_file_is_read(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    bodies = [random.Random(n).randbytes(10_000).hex() for n in range(200)]  # noqa: S311 - hardly to be compressed
    rows = [{"text": body, "url": f"https://a.example/{n}"} for n, body in enumerate(bodies)]
    plain = {
        "jsonl": lambda: made.jsonl(rows),
        "csv": lambda: made.delimited(rows),
        "warc": lambda: made.warc([Record(body=body.encode()) for body in bodies], gzipped=name.endswith("gz")),
        "tar": lambda: made.tar([(f"{n}.txt", body.encode()) for n, body in enumerate(bodies)]),
        "zip": lambda: made.zipped([(f"{n}.txt", body.encode()) for n, body in enumerate(bodies)]),
    }[name.split(".")[1]]()
    ending = Path(name).suffix
    data = COMPRESS[ending](plain) if "jsonl" in name and ending in COMPRESS else plain
    (tmp_path / name).write_bytes(data)

    def counted(path: Path, mode: str = "r") -> io.BufferedReader:
        assert mode == "rb"
        return io.BufferedReader(Counting(str(path)))

    monkeypatch.setattr(Path, "open", counted)
    monkeypatch.setattr(Counting, "taken", 0)
    source = SourceSettings("s", name)
    (unit,) = read.units(source, tmp_path)
    tracemalloc.start()
    try:
        items = read.pages(unit, source, LimitSettings())
        for _ in range(10):
            next(items)
        early = Counting.taken
        assert sum(1 for _ in items) == 190
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    assert early < len(data) / 4
    assert most < 2_000_000  # the file holds 4 MB of text


@pytest.mark.parametrize("name", ["p.arrow", "p.feather"])
def test_text_that_would_end_beyond_its_buffer_is_not_read(name: str, tmp_path: Path) -> None:
    """Arrow itself believes offsets, and the process would end."""
    ends = struct.pack("<i", sum(len(row["text"].encode()) for row in ROWS[:2]))  # of a batch
    assert ends in WHOLE[name]
    found = found_in(tmp_path, name, WHOLE[name].replace(ends, struct.pack("<i", (1 << 31) - 1)))
    assert found.pages == []
    assert len(found.unreadable) == 1
