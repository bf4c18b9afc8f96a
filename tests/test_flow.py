"""The pure part: its promises, for any text."""

from __future__ import annotations

from itertools import pairwise
from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.errors import PageError

if TYPE_CHECKING:
    from pathlib import Path

# Lines of the kinds that pages are made of, so that hypothesis gets beyond what no rule matches.
LINES = st.sampled_from(
    [
        *(
            "Home",
            "Menu",
            "By Ada Marsh",
            "May 3, 2024",
            "Share",
            "Comments",
            "Related Articles",
            "4 hours ago",
            "# Title",
        ),
        *(
            "![alt](/a.jpg)",
            "[a link](/b)",
            "- an entry",
            "1. Another",
            "> quoted",
            "```python",
            "```",
            "© 2024 The Paper. All rights reserved.",
        ),
        "A sentence that is long enough to be taken for running text, since it goes on and on until it ends here.",
        *(
            "关于我们 | 联系我们",
            "これは日本語の文です。",
            "جميع الحقوق محفوظة",
            "\u00a0",
            "",
            "\t",
            "\u2028",
            "\ufeff",
            "\x00",
        ),
    ]
)
PAGES = st.one_of(st.text(), st.lists(st.one_of(LINES, st.text(max_size=40)), max_size=30).map("\n".join))


@given(PAGES)
def test_blocks_partition_the_repaired_text(text: str) -> None:
    document = ck.clean(text)
    position = 0
    for block in document.blocks:
        assert document.repaired[position : block.start].strip() == ""
        assert document.repaired[block.start : block.end] == block.text == block.text.strip() != ""
        assert 0 <= block.score <= 1
        assert block.reason
        position = block.end
    assert document.repaired[position:].strip() == ""


@given(PAGES)
def test_restore_gives_the_input(text: str) -> None:
    assert ck.clean(text).restore() == text


@given(PAGES)
def test_the_same_page_gives_the_same_document(text: str) -> None:
    assert ck.clean(text) == ck.clean(text)


@given(st.binary(max_size=400))
def test_any_bytes_give_a_document_or_a_reason(raw: bytes) -> None:
    try:
        found: object = ck.clean(raw).restore()
    except PageError as error:
        found = error.message
    assert isinstance(found, str)


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n" + bytes(100), b"%PDF-1.7\n" + bytes(range(256)) * 4, bytes(5000)])
def test_binary_files_are_refused_with_a_reason(raw: bytes) -> None:
    with pytest.raises(PageError, match="decode: "):
        ck.clean(raw)


def test_a_page_over_the_limit_is_refused() -> None:
    with pytest.raises(PageError, match="max_page_bytes"):
        ck.clean(b"a" * 20_000_001)


def test_an_unknown_media_type_is_an_error() -> None:
    with pytest.raises(ValueError, match="text/html"):
        ck.clean("a", media_type="application/pdf")


def test_a_declared_charset_is_used() -> None:
    document = ck.clean("Größe".encode("iso-8859-1"), media_type="text/plain; charset=iso-8859-1")
    assert document.repaired == "Größe"


def test_a_line_of_five_megabytes_is_read_to_its_end() -> None:
    blocks = ck.clean("word " * 1_000_000).blocks
    assert blocks[0].start == 0
    assert blocks[-1].end == 4_999_999
    assert all(before.end + 1 == after.start for before, after in pairwise(blocks))


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ({"raw": None}, "raw is NoneType; it must be bytes or str"),
        ({"raw": 5}, "raw is int"),
        ({"raw": "a", "media_type": None}, "media_type is NoneType; it must be str"),
        ({"raw": "a", "url": 5}, "url is int; it must be str or None"),
        ({"raw": "a", "encoding": b"utf-8"}, "encoding is bytes"),
    ],
)
def test_clean_says_which_argument_is_of_another_type(arguments: dict[str, Any], said: str) -> None:
    with pytest.raises(TypeError, match=said):
        ck.clean(**arguments)


def test_clean_takes_settings_by_their_path(corpus: Path) -> None:
    with (corpus / "corpus.toml").open("a") as settings:
        settings.write("[repair]\nquotes = true\n")
    assert ck.clean("“Rain”", config=corpus).repaired == '"Rain"'
