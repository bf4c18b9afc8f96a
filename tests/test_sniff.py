"""What a page is where nothing but its bytes says so."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.sniff import media_type_in

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path
    from subprocess import CompletedProcess

    Program = Callable[..., CompletedProcess[str]]

DOCUMENTS = [
    "<!DOCTYPE html><title>Ferry</title>",
    "<!doctype HTML PUBLIC '-//W3C//DTD HTML 4.01//EN'>",
    "\n\t <html lang='is'>",
    "<HEAD><meta charset='koi8-r'>",
    "<body\nclass=a>",
    "<?xml version='1.0' encoding='utf-8'?>\n<!DOCTYPE html>",
    "<!-- saved from the web --><!-- twice --> <html>",
]
TEXTS = [
    "",
    "The ferry sails at nine.",
    "The first line of a page is <!DOCTYPE html>.",
    "<htmlx>",
    "<p align='center'><img src='logo.png'></p>",
    "<div>\n\n# A project\n",
    "<!-- badges -->\n# A project\n",
    "<!-- never closed <html>",
    "<?xml version='1.0'?><rss><channel>",
    "<header>",
    "# Notes\n\n<html>",
]


@pytest.mark.parametrize("text", DOCUMENTS)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"])
def test_documents_are_html(text: str, encoding: str) -> None:
    assert media_type_in(text.encode(encoding)) == "text/html"


@pytest.mark.parametrize("text", TEXTS)
def test_anything_else_is_text(text: str) -> None:
    assert media_type_in(text.encode()) == "text/plain"


@given(st.text().filter(lambda text: "<" not in text), st.binary())
def test_what_begins_with_no_tag_is_text(text: str, after: bytes) -> None:
    begins = ("word" + text).encode("utf-8", "surrogatepass")
    assert media_type_in(begins + after) == "text/plain"


PAGE = "<!doctype html><title>Ferry</title><p>The ferry sails at nine, and comes back in the evening.</p>"


def test_clean_reads_a_document_as_html_unless_it_is_told_otherwise() -> None:
    assert ck.clean(PAGE).page.media_type == "text/html"
    assert ck.clean(PAGE.encode()).text == "The ferry sails at nine, and comes back in the evening."
    assert ck.clean(PAGE, media_type="text/plain").page.media_type == "text/plain"


def test_a_document_from_a_pipe_is_html(program_here: Program, tmp_path: Path) -> None:
    (tmp_path / "saved").write_text(PAGE)
    said = program_here("clean", tmp_path / "saved", "--json").stdout
    assert json.loads(said)["media_type"] == "text/html"
