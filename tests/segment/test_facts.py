"""What can be seen of a line by itself, in a time that grows with the line and no faster."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment import facts
from corpuskit.segment.facts import Facts
from corpuskit.segment.labeller import Line


def line(text: str) -> Facts:
    return Facts(Line(0, len(text), text, 1))


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
