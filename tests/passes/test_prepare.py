"""What is loaded once, before workers split off, so that no first page of theirs waits for it."""

from __future__ import annotations

from typing import Literal

import pytest

from corpuskit.config import Config, DatasetSettings, SourceSettings
from corpuskit.model import Page
from corpuskit.passes.pages import EXAMPLES, Piece, one_page
from corpuskit.pipeline import expected
from corpuskit.read import Unit

DATASET = DatasetSettings("t", "1.0.0", "t", "t")


@pytest.mark.parametrize("media_type", EXAMPLES)
def test_an_example_needs_what_pages_need(media_type: str) -> None:
    page = Page(EXAMPLES[media_type].encode(), media_type, "example", "example")
    document = one_page(page, Config(DATASET, ())).document
    assert document is not None
    assert [repair.rule for repair in document.repairs] == ["mojibake"]
    assert document.metadata.date_published == "2024-05-03"
    assert document.metadata.language == "en"
    assert media_type != "text/html" or "text" in document.blocks[0].reason.partition(":")[0]  # the second opinion too


@pytest.mark.parametrize(
    ("stated", "names", "found"),
    [
        ("text/html", ["a.jsonl"], {"text/html"}),
        ("auto", ["news/a.html", "b.htm"], {"text/html"}),
        ("auto", ["a.html", "b.md"], {"text/html", "text/plain"}),
        ("auto", ["a.jsonl", "b.parquet"], set()),
    ],
)
def test_what_is_expected_is_what_settings_and_names_tell(
    stated: Literal["auto", "text/html"], names: list[str], found: set[str]
) -> None:
    source = SourceSettings("s", ".", media_type=stated)
    pieces = [Piece(Unit("s", name, "files", name, ""), name) for name in names]
    assert expected(Config(DATASET, (source,)), pieces) & EXAMPLES.keys() == found
