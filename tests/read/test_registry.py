"""Readers of others, and readers that lack a package."""

from __future__ import annotations

import sys
from importlib import metadata
from types import SimpleNamespace
from typing import TYPE_CHECKING, BinaryIO

import pytest

from corpuskit.errors import SourceError
from corpuskit.model import Page
from corpuskit.read import registry

from . import made

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from .made import Found

    Reading = Callable[..., Found]


@pytest.fixture
def others(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Let another package bring the reader `mail`, and one that would take the name of ours."""

    def pages_of_stream(stream: BinaryIO, name: str, *_: object) -> Iterator[Page]:
        yield Page(stream.read().upper(), "text/plain", name, "s")

    reader = SimpleNamespace(suffixes=(".eml",), pages_of_stream=pages_of_stream)
    entries = [
        SimpleNamespace(name="mail", load=lambda: reader),
        SimpleNamespace(name="files", load=lambda: reader),
    ]
    monkeypatch.setattr(metadata, "entry_points", lambda group: entries if group == registry.GROUP else [])
    caches = (registry.third_party, registry.reader, registry._suffixes)
    for cached in caches:
        cached.cache_clear()
    yield
    for cached in caches:
        cached.cache_clear()


@pytest.mark.usefixtures("others")
def test_another_package_brings_a_reader(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "a.eml").write_text("mail")
    (tmp_path / "b.txt").write_text("text")
    (tmp_path / "c.zip").write_bytes(made.zipped([("d.eml", b"packed")]))
    assert reading().texts == ["MAIL", "text", "PACKED"]
    assert reading(format="mail").texts == ["MAIL"]


def test_an_unknown_reader_is_an_error_that_names_those_there_are(reading: Reading) -> None:
    with pytest.raises(SourceError, match=r"no reader 'mail'\nThere are: arrow, csv, files, hf, jsonl"):
        reading(format="mail")


def test_a_package_that_is_missing_is_named(tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "p.warc").write_bytes(made.warc([made.Record()], gzipped=False))
    monkeypatch.setitem(sys.modules, "fastwarc", None)
    monkeypatch.setitem(sys.modules, "fastwarc.warc", None)
    with pytest.raises(SourceError, match=r"(?s)needs fastwarc, which is not installed.*pip install fastwarc"):
        reading()


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("a.txt", "files"),
        ("A.HTML", "files"),
        ("a.html.gz", "files"),
        ("a.jsonl.zst", "jsonl"),
        ("a.tar.gz", "tar"),
        ("a.tgz", "tar"),
        ("a.warc.gz", "warc"),
        ("a.warc.wet.gz", "wet"),
        ("a.parquet", "parquet"),
        ("a.parquet.gz", None),
        ("a.gz", None),
        ("a.pdf", None),
        ("txt", None),
    ],
)
def test_names_of_files_tell_the_format(name: str, expected: str | None) -> None:
    assert registry.format_of(name) == expected
