"""Pages that are rows: JSON Lines, CSV, Parquet, Arrow, saved datasets."""

from __future__ import annotations

import doctest
from typing import TYPE_CHECKING, Any

import pytest

from corpuskit.config import FieldSettings, LimitSettings
from corpuskit.errors import SourceError
from corpuskit.read import patterns, rows

from . import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from types import ModuleType

    from .made import Found

    Reading = Callable[..., Found]

FILES: dict[str, bytes] = {
    "p.jsonl": made.jsonl(made.ROWS),
    "p.ndjson": b"\xef\xbb\xbf" + made.jsonl(made.ROWS),
    "p.csv": made.delimited(made.ROWS),
    "p.tsv": made.delimited(made.ROWS, "\t"),
    "semicolons.csv": made.delimited(made.ROWS, ";"),
    "p.parquet": made.parquet(made.ROWS),
    "p.arrow": made.arrow(made.ROWS, stream=True),
    "p.feather": made.arrow(made.ROWS, stream=False),
    **{f"p.jsonl{ending}": compress(made.jsonl(made.ROWS)) for ending, compress in made.COMPRESS.items()},
    **{f"p.csv{ending}": compress(made.delimited(made.ROWS)) for ending, compress in made.COMPRESS.items()},
}


@pytest.mark.parametrize("name", FILES)
def test_every_format_gives_the_same_pages(name: str, tmp_path: Path, reading: Reading) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    found = reading()
    assert found.texts == made.TEXTS
    assert [page.url for page in found.pages] == [page.locator for page in found.pages]
    assert {(page.media_type, page.encoding) for page in found.pages} == {("text/plain", "utf-8")}
    assert found.unreadable == []


ROW = {"text": "A ferry.", "url": "https://port.example/1", "key": 7, "meta": {"when": "2024-05-17T06:30:00+02:00"}}


@pytest.mark.parametrize(
    ("fields", "row", "expected"),
    [
        ({}, ROW, {"locator": "https://port.example/1", "url": "https://port.example/1"}),
        ({"id": "key"}, ROW, {"locator": "7", "url": "https://port.example/1"}),
        ({"url": "nothing"}, ROW, {"locator": "p.jsonl#row-1", "url": None}),
        ({"date": "meta.when"}, ROW, {"fetched_at": "2024-05-17T04:30:00Z"}),
        ({}, {**ROW, "date": "yesterday"}, {"fetched_at": None}),
        ({}, {**ROW, "date": "2024-05-17"}, {"fetched_at": "2024-05-17T00:00:00Z"}),
        ({}, {**ROW, "html": "<p>A ferry.</p>"}, {"media_type": "text/html", "raw": b"<p>A ferry.</p>"}),
        ({"text": "body"}, {"body": "x"}, {"raw": b"x", "media_type": "text/plain"}),
        ({}, {**ROW, "media_type": "application/xhtml+xml; a=b"}, {"media_type": "text/html"}),
        ({}, {**ROW, "url": "not an address"}, {"url": None, "locator": "not an address"}),
        ({}, {**ROW, "language": "de"}, {"headers": {"content-language": "de"}}),
        ({}, {**ROW, "headers": {"X-Robots-Tag": "noai", "Age": None}}, {"headers": {"x-robots-tag": "noai"}}),
        ({}, {**ROW, "headers": '{"Server": "x"}'}, {"headers": {"server": "x"}}),
        ({}, {**ROW, "headers": [["Server", "x"], 3]}, {"headers": {"server": "x"}}),
        ({}, {"text": "half \ud83d a pair \ud83d\ude00"}, {"raw": "half \ufffd a pair 😀".encode()}),
    ],
)
def test_columns_become_what_the_settings_say(
    fields: dict[str, str], row: dict[str, Any], expected: dict[str, Any], tmp_path: Path, reading: Reading
) -> None:
    import json

    (tmp_path / "p.jsonl").write_text(json.dumps(row) + "\n")
    (page,) = reading(fields=FieldSettings(**fields)).pages
    assert {name: getattr(page, name) for name in expected} == expected


BAD_LINES = {
    b"{": "is no JSON",
    b"[1, 2]": "is no JSON object but list",
    b'{"url": "https://port.example/x"}': "has no column 'html' and no column 'text', but 'url'",
    b"{}": "has no column 'html' and no column 'text', but none",
    b'{"text": null}': "its text is empty",
    b'{"text": ""}': "is an empty row",
    b'{"text": 3}': "its text is no text but int",
    b'{"text": ' + b"[" * 100_000: "is no JSON: nested too deeply",
    b'{"text": "' + b"x" * 1_500 + b'"}': "is larger than limits.max_page_bytes",
    b'{"text": "' + b"x" * 9_000 + b'"}': "is a row of more than 6 times limits.max_page_bytes",
}


@pytest.mark.parametrize(("line", "said"), BAD_LINES.items())
def test_a_bad_line_costs_itself_alone(line: bytes, said: str, tmp_path: Path, reading: Reading) -> None:
    limit = 1_000_000 if line.count(b"[") > 9 else 1_000
    (tmp_path / "p.jsonl").write_bytes(b'{"text": "a"}\n\n' + line + b'\n{"text": "b"}\n')
    found = reading(limits=LimitSettings(max_page_bytes=limit))
    assert found.texts == ["a", "b"]
    ((locator, message),) = found.errors.items()
    assert locator in {"p.jsonl#row-3", "https://port.example/x"}
    assert said in message


@pytest.mark.parametrize("module", [rows, patterns], ids=lambda module: module.__name__)
def test_examples_in_docstrings_run(module: ModuleType) -> None:
    assert doctest.testmod(module).failed == 0


def test_bytes_that_are_no_utf8_reach_the_page_as_they_were(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "p.jsonl").write_bytes('{"text": "café"}\n'.encode("latin-1"))
    (tmp_path / "p.csv").write_bytes("url,text\nhttps://a.example/,café\n".encode("latin-1"))
    assert [(page.raw, page.encoding) for page in reading().pages] == [(b"caf\xe9", None)] * 2


def test_a_declared_encoding_is_used_for_rows(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "p.csv").write_bytes("url,text\nhttps://a.example/,渡し船\n".encode("gb18030"))
    assert reading(encoding="gb18030").texts == ["渡し船"]


def test_delimited_text_in_utf_16_is_said_to_be(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "p.csv").write_text("url,text\nhttps://a.example/,b\n", encoding="utf-16")
    assert reading().errors == {"p.csv": "is in UTF-16, where lines cannot be told: save it as UTF-8"}


def test_columns_that_are_there_are_named_so_that_they_can_be_read(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "p.csv").write_bytes(b"url,,caf\xe9\n1,2,3\n")
    (said,) = reading().errors.values()
    assert "but '', 'caf\\udce9', 'url': [source.fields]" in said


def test_records_of_csv_may_have_lines_in_them_and_may_be_bad(tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "p.csv").write_text('url,text\nhttps://a.example/1,"two\nlines"\n1,2,3,4\nhttps://a.example/2,b\n')
    found = reading()
    assert found.texts == ["two\nlines", "b"]
    assert found.errors == {"p.csv#row-2": "has 4 fields, and there are 2 columns"}


@pytest.mark.parametrize("name", ["p.csv", "p.parquet", "p.arrow"])
def test_a_file_without_the_columns_is_quarantined_and_says_which_it_has(
    name: str, tmp_path: Path, reading: Reading
) -> None:
    (tmp_path / name).write_bytes(FILES[name])
    found = reading(fields=FieldSettings(text="body"))
    assert found.errors == {
        name: "has no column 'body', but 'text', 'url': [source.fields] says which column is what",
    }


def test_parquet_reads_bytes_and_nested_columns_and_only_those_needed(
    tmp_path: Path, reading: Reading, monkeypatch: pytest.MonkeyPatch
) -> None:
    import pyarrow.parquet as pq

    row = {"page": {"body": b"\xa5\xb3", "size": 2}, "charset": "Shift_JIS", "vector": [1.0] * 99}
    (tmp_path / "p.parquet").write_bytes(made.parquet([row]))
    asked: list[list[str]] = []
    iterate = pq.ParquetFile.iter_batches

    def watched(self: object, *args: object, columns: list[str], **options: object) -> object:
        asked.append(columns)
        return iterate(self, *args, columns=columns, **options)

    monkeypatch.setattr(pq.ParquetFile, "iter_batches", watched)
    (page,) = reading(fields=FieldSettings(html="page.body", encoding="charset")).pages
    assert (page.raw, page.encoding, page.locator) == (b"\xa5\xb3", "Shift_JIS", "p.parquet#row-1")
    assert asked == [["charset", "page.body"]]


def test_a_flipped_byte_in_parquet_is_found_by_its_checksum(tmp_path: Path, reading: Reading) -> None:
    rows = [{"text": f"The ferry, part {number}. " * 9} for number in range(9)]
    data = bytearray(made.parquet(rows, write_page_checksum=True, compression="none", use_dictionary=False))
    data[data.index(b"The ferry, part 4") + 4] ^= 1
    (tmp_path / "p.parquet").write_bytes(data)
    found = reading()
    assert found.pages == []
    assert "CRC" in found.errors["p.parquet"]


def test_a_saved_dataset_is_read_by_its_split(tmp_path: Path, reading: Reading) -> None:
    from datasets import Dataset, DatasetDict

    Dataset.from_list(made.ROWS).save_to_disk(tmp_path / "one")
    DatasetDict({"train": Dataset.from_list(made.ROWS[:1]), "test": Dataset.from_list(made.ROWS[1:])}).save_to_disk(
        tmp_path / "two"
    )
    (tmp_path / "one" / "cache-1.arrow").write_bytes(b"left by map()")
    assert reading("one", format="hf").texts == made.TEXTS
    assert reading("two", format="hf").texts == made.TEXTS[:1]
    assert reading("two", format="hf", split="test").texts == made.TEXTS[1:]
    with pytest.raises(SourceError, match="no split 'none'"):
        reading("two", format="hf", split="none")


def test_a_dataset_that_datasets_opens_is_read_as_a_stream(tmp_path: Path, reading: Reading) -> None:
    folder = tmp_path / "set"
    folder.mkdir()
    for number, row in enumerate(made.ROWS):
        (folder / f"train-{number}.parquet").write_bytes(made.parquet([row]))
    found = reading("set", format="hf")
    assert sorted(found.texts) == sorted(made.TEXTS)


def test_a_dataset_of_the_hub_needs_a_revision(reading: Reading) -> None:
    with pytest.raises(SourceError, match="has no revision"):
        reading("someone/something", format="hf")
