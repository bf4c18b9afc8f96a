"""Hashed tokens: what element names and texts give, and that the hash never changes under shipped weights."""

from __future__ import annotations

import pytest

from corpuskit.segment.html.tokens import bucket, name_tokens, text_buckets

NAMES = {
    "postBody": ["post", "body", "post-body"],
    "related-posts related_posts": ["related", "posts", "related-posts"],
    "c-123 x9": ["c", "x"],
    "": [],
    "ad-slot ad": ["ad", "slot", "ad-slot"],
}


@pytest.mark.parametrize(("names", "expected"), NAMES.items(), ids=NAMES)
def test_name_tokens(names: str, expected: list[str]) -> None:
    assert name_tokens(names) == expected


def test_the_hash_is_fixed() -> None:
    assert [bucket("n:post"), bucket("w:the")] == [23615, 26611]


def test_long_names_are_cut() -> None:
    assert len(name_tokens(" ".join(f"{chr(97 + i)}{chr(97 + j)}" for i in range(26) for j in range(26)))) <= 24


def test_short_texts_are_known_whole() -> None:
    assert len(set(text_buckets("Read more")) & set(text_buckets("Read"))) < len(text_buckets("Read more"))
    assert text_buckets("") == [bucket("t:")]
