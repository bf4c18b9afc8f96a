"""Cue phrases: what is looked for once a page says the same of each line as the line alone."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import Kind
from corpuskit.segment import cues

LINES = st.sampled_from(
    (
        *("All rights reserved.", "© 2024 Harbour Times. All rights reserved", "Comments (12)", "▸ Share", "版权所有"),
        *(
            "Home About Contact",
            "Home the harbour",
            "Read more: the tide",
            "It was a quiet night.",
            "[Home](/) | [About](/a)",
        ),
        *(
            "“The opinions expressed here do not necessarily reflect those of the paper.”",
            "•",
            "7",
            "Все права защищены",
        ),
    )
)


@given(st.lists(LINES, max_size=8))
def test_a_page_says_of_its_lines_what_each_says_alone(lines: list[str]) -> None:
    assert cues.find_all([cues.fold(line) for line in lines]) == [cues.find(line) for line in lines]


@pytest.mark.parametrize(
    ("text", "kind", "whole"),
    [
        ("Comments (12)", Kind.COMMENTS, True),
        ("Home About Contact", Kind.NAVIGATION, True),
        ("© 2024 Harbour Times. All rights reserved", Kind.RIGHTS, False),
        ("版权所有 港湾晚报社", Kind.RIGHTS, False),
    ],
)
def test_the_surest_cue_is_found(text: str, kind: Kind, *, whole: bool) -> None:
    found = cues.find(text)
    assert found is not None
    assert (found.kind, found.whole) == (kind, whole)


@pytest.mark.parametrize("text", ["It was a quiet night.", "Home the harbour", "", "•"])
def test_other_lines_have_none(text: str) -> None:
    assert cues.find(text) is None
