"""HTML or text: settings decide, then labels and names, then how a page begins."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from . import made

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .made import Found

    Reading = Callable[..., Found]

DOCUMENT = b"<!doctype html><title>Ferry</title><p>The ferry sails at nine."
PART = b"<p>The harbour is closed."
TEXT = b"The ferry sails at nine."


@pytest.mark.parametrize(
    ("name", "raw", "expected"),
    [
        ("page.html", PART, "text/html"),
        ("page.txt", PART, "text/plain"),
        ("page.txt", DOCUMENT, "text/html"),
        ("page.md", DOCUMENT, "text/html"),
        ("page.md", TEXT, "text/plain"),
        ("page.htm.gz", made.COMPRESS[".gz"](PART), "text/html"),
        ("page.txt.gz", made.COMPRESS[".gz"](DOCUMENT), "text/html"),
        ("rows.jsonl", made.jsonl([{"text": DOCUMENT.decode()}]), "text/html"),
        ("rows.jsonl", made.jsonl([{"text": TEXT.decode()}]), "text/plain"),
        ("rows.jsonl", made.jsonl([{"html": TEXT.decode()}]), "text/html"),
        ("rows.jsonl", made.jsonl([{"text": DOCUMENT.decode(), "media_type": "text/plain"}]), "text/plain"),
    ],
)
def test_a_page_is_what_it_is_called_or_begins_as(
    name: str, raw: bytes, expected: str, tmp_path: Path, reading: Reading
) -> None:
    (tmp_path / name).write_bytes(raw)
    assert [page.media_type for page in reading().pages] == [expected]


@pytest.mark.parametrize("stated", ["text/plain", "text/html"])
def test_settings_outrank_all_of_it(stated: str, tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "page.txt").write_bytes(DOCUMENT)
    (tmp_path / "page.html").write_bytes(TEXT)
    assert {page.media_type for page in reading(media_type=stated).pages} == {stated}
