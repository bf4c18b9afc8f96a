"""Sentences that were broken at links are put together, and nothing else is."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment.lines import split_lines

BROKEN = """\
The ferry runs again
by Ann Reed
The harbour master told the
Island Gazette
that the ferry, which had not run for eleven days, would
sail at nine
.
Nobody on the quay believed the notice at first
, since the last three had been taken down.
Share
about us
contact
Herring prices fall again this week
iSchool opens its doors"""

WHOLE = [
    "The ferry runs again",
    "by Ann Reed",
    (
        "The harbour master told the\nIsland Gazette\nthat the ferry, which had not run for eleven days, would"
        "\nsail at nine\n."
    ),
    "Nobody on the quay believed the notice at first\n, since the last three had been taken down.",
    "Share",
    "about us",
    "contact",
    "Herring prices fall again this week",
    "iSchool opens its doors",
]


def test_pieces_of_a_sentence_are_one_line() -> None:
    assert [line.text for line in split_lines(BROKEN)] == WHOLE


APART = {
    "a poem": """\
Inventory of the upper field
is a word the wind leaves out
when it reads the list aloud
to the hedge and the rake""",
    "menus in small letters": """\
home
about us and our many harbours
what the ferry costs this year
contact the harbour master""",
    "one mark alone": """\
The ferry had not run for eleven days
, since the storm
the office was shut""",
    "paragraphs": """\
The ferry had not run for days

, since the storm

; the office was shut

and the goats waited""",
}


@pytest.mark.parametrize("text", APART.values(), ids=APART)
def test_lines_stay_apart_that_nothing_says_belong_together(text: str) -> None:
    assert [line.text for line in split_lines(text)] == [line for line in text.split("\n") if line]


def test_what_ended_is_not_gone_on_with_but_by_a_mark() -> None:
    found = split_lines("The ferry runs.\n, comma.\nthe office opened.\n; semicolon.")
    assert [line.text for line in found] == ["The ferry runs.\n, comma.", "the office opened.\n; semicolon."]


PIECES = st.sampled_from(
    ["The ferry sails at nine", "from the old quay of the harbour", ", they say", ".", "Gazette", ""]
)


@given(st.lists(PIECES).map("\n".join))
def test_every_piece_is_in_one_line_in_order(text: str) -> None:
    assert "\n".join(line.text for line in split_lines(text)).split() == text.split()
