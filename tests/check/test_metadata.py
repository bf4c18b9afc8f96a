from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

from corpuskit.check.metadata import examine_metadata
from corpuskit.check.report import Policy
from corpuskit.errors import CorpuskitError

if TYPE_CHECKING:
    from pathlib import Path

    from tests.check.conftest import Release


@pytest.fixture
def rows(release: Release) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = release.rows("documents")
    return made


def write(path: Path, rows: list[Any]) -> Path:
    path.write_text("".join(f"{json.dumps(row, ensure_ascii=False)}\n" for row in rows), encoding="utf-8")
    return path


def test_documents_of_a_release_are_sound_as_json_lines(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    report = examine_metadata(write(tmp_path / "a.jsonl", rows))
    assert (report.clean, report.pages) == (True, 10)


def test_every_error_is_found_with_its_line(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    rows[1] |= {"url": "nowhere", "language": "English", "raw_bytes": -1}
    rows[2]["date"] = "1999-01-01"
    del rows[3]["title"]
    report = examine_metadata(write(tmp_path / "a.jsonl", rows))
    assert {(finding.rule, finding.line, finding.pointer) for finding in report.findings} == {
        ("row-schema", 2, "/url"),
        ("row-schema", 2, "/language"),
        ("row-schema", 2, "/raw_bytes"),
        ("date-basis", 3, "/date"),
        ("row-schema", 4, ""),
    }


@pytest.mark.parametrize("line", [b"{", b"[]", b"null", b"\xff\xfe", b'{"a": ' * 100_000])
def test_a_line_that_is_no_object_is_found(rows: list[dict[str, Any]], tmp_path: Path, line: bytes) -> None:
    path = write(tmp_path / "a.jsonl", rows[:1])
    path.write_bytes(path.read_bytes() + line + b"\n")
    assert [(f.rule, f.line) for f in examine_metadata(path).findings] == [("metadata-unreadable", 2)]


def test_columns_of_ones_own_are_checked(rows: list[dict[str, Any]], tmp_path: Path) -> None:
    own = tmp_path / "own.json"
    own.write_text('{"properties": {"x-mood": {"enum": ["good"]}}}', encoding="utf-8")
    path = write(tmp_path / "a.jsonl", [{**rows[0], "x-mood": "good"}, {**rows[1], "x-mood": "sad"}])
    found = examine_metadata(path, Policy(extends=own)).findings
    assert [(finding.rule, finding.line, finding.pointer) for finding in found] == [("row-schema", 2, "/x-mood")]


def test_a_file_that_cannot_be_read_is_an_error(tmp_path: Path) -> None:
    with pytest.raises(CorpuskitError, match="cannot be read"):
        examine_metadata(tmp_path / "none.jsonl")
