"""What can be seen of a line by itself, in a time that grows with the line and no faster."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment import cues, facts
from corpuskit.segment.facts import Facts, facts_of, read_cues


def line(text: str) -> Facts:
    return Facts(text)


@pytest.mark.parametrize(
    ("text", "is_date"),
    [
        ("Published 12 March 2024", True),
        ("Last updated: 3 May 2023, 10:15 am", True),
        ("12.03.2024 – 10:15 Uhr", True),
        ("Aktualisiert am 3. Mai 2023 um 10:15 Uhr", True),
        ("2024-03-12", True),
        ("The bridge has stood closed to lorries since 12 March 2024", False),
        ("A market hall opens on 12 March 2024 in the old station", False),
    ],
)
def test_date_lines(text: str, *, is_date: bool) -> None:
    assert line(text).date_line is is_date


def test_dates_and_times_before_a_name_are_read_in_no_time() -> None:
    text = "2017/9/28-10/31 10:00 - 22:00 " * 4 + "Harbour Road"
    assert not line(text).date_line  # with backtracking this would not end


PARTS = st.sampled_from(
    (
        *("English", "DEUTSCH", "polski", "中文", "photo", "Foto:", "(AP", "via Reuters", "提供"),
        *("Photographs by", "crédito de", "写真/", "© dpa", ".", "By Ada Low", "2024-03-12", "·", "a@b.org", "\u3000"),
        *("[a](b)", "*", "_", "!", "tide"),
    )
)


@given(st.lists(PARTS, min_size=1, max_size=6).map(" ".join))
def test_what_is_looked_for_first_rules_nothing_out(text: str) -> None:
    plain = facts._MARKUP.sub(lambda match: match[1] or "", text).strip()
    assert line(text).plain == plain
    credited = bool(facts._CAPTION.match(plain) or facts._CREDIT.search(plain.casefold()))
    assert line(text).caption is credited
    named = re.findall("|".join(facts._LANGUAGES), text, re.IGNORECASE)
    switch = len({name.lower() for name in named}) >= 2 and not line(text).ends_sentence
    assert line(text).language_switch is switch
    held = (name for name in facts._SHAPED if getattr(line(text), name))
    assert line(text).shaped == next(held, None)


@pytest.mark.parametrize(
    ("text", "is_doubled"),
    [
        ("Harbour bridge reopens Harbour bridge reopens", True),
        ("Harbour bridge reopens\n  harbour  bridge reopens", True),
        ("Harbour bridge reopens Harbour bridge reopened", False),
        ("Harbour bridge reopens, and with it the quay", False),
        ("Home Home", False),
    ],
)
def test_lines_that_say_a_thing_twice(text: str, *, is_doubled: bool) -> None:
    assert line(text).doubled is is_doubled


def test_short_lines_are_remembered_and_long_ones_are_not() -> None:
    assert facts_of("Sign in to comment") is facts_of("Sign in to comment")
    assert facts_of("The tide " * 20) is not facts_of("The tide " * 20)


@given(st.lists(st.sampled_from(("Share", "Home About Contact", "It was a quiet night.", "All rights reserved. " * 9))))
def test_remembered_lines_have_the_cues_they_have_alone(texts: list[str]) -> None:
    assert read_cues([facts_of(text) for text in texts]) == [cues.find(text) for text in texts]
