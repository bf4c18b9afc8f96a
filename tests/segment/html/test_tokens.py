"""Hashed tokens: what element names and texts give, and that the hash never changes under shipped weights."""

from __future__ import annotations

from zlib import crc32

import pytest

from corpuskit.segment.html.tags import TAGS
from corpuskit.segment.html.tokens import BUCKETS, element_buckets, name_tokens, text_checksums

NAMES = {
    "postBody": ["post", "body", "post-body"],
    "related_posts": ["related", "posts", "related-posts"],
    "c-123": ["c"],
    "123": [],
    "größe-2": ["größe"],
    "a-b-c-d-e": ["a", "b", "c", "d", "e"],
}


@pytest.mark.parametrize(("name", "expected"), NAMES.items(), ids=NAMES)
def test_name_tokens(name: str, expected: list[str]) -> None:
    assert [token.decode() for token in name_tokens(name)] == expected


def buckets_of(before: str, *tokens: str) -> list[int]:
    return [crc32(f"{before}:{token}".encode()) % BUCKETS for token in tokens]


def test_the_hash_is_fixed() -> None:
    assert element_buckets(1, "post")[1] % BUCKETS == 23615
    assert text_checksums("The")[0] % BUCKETS == 26611


def test_each_token_of_an_element_counts_once_as_near_and_as_around() -> None:
    tag = TAGS["div"].code
    both = element_buckets(tag, "ad-slot ad big")
    tokens = (f"<{tag}>", "ad", "slot", "ad-slot", "big")
    assert [one % BUCKETS for one in both] == buckets_of("n", *tokens)
    assert [one // BUCKETS for one in both] == buckets_of("f", *tokens)


def test_of_long_names_only_so_many_tokens_count() -> None:
    assert len(element_buckets(1, " ".join(f"{chr(97 + i)}{chr(97 + j)}" for i in range(26) for j in range(26)))) <= 25


TEXTS = {
    "": buckets_of("t", ""),
    "Read more": [*buckets_of("w", "read", "more"), *buckets_of("t", "read more"), *buckets_of("b", "read more")],
    "12 comments": [
        *buckets_of("w", "12", "comments"),
        *buckets_of("t", "0 comments"),
        *buckets_of("b", "12 comments"),
    ],
    "one " * 30 + "two three": [
        *buckets_of("w", *["one"] * 6),
        *buckets_of("e", "one", "two", "three"),
        *buckets_of("b", *["one one"] * 3),
    ],
    "_" * 80 + " the end": buckets_of("e", "the", "end"),
    "a, b": [*buckets_of("w", "a", ",", "b"), *buckets_of("t", "a , b"), *buckets_of("b", "a ,", ", b")],
}


@pytest.mark.parametrize(("text", "expected"), TEXTS.items(), ids=[text[:12] for text in TEXTS])
def test_text_checksums(text: str, expected: list[int]) -> None:
    assert [checksum % BUCKETS for checksum in text_checksums(text)] == expected
