"""Lines partition the text, whatever a flattener did to it."""

from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Label
from corpuskit.segment.lines import rejoin, split_lines

SENTENCE = "The committee met on Tuesday and agreed that the harbour would be dredged before the winter storms arrive. "
PARAGRAPHS = [
    "The quick brown fox jumps over the lazy dog while twelve geese watch from the far side of the pond and wait.",
    "Nobody in the village could remember a summer as dry as this one, and the old well behind the church was empty.",
    "By the time the first rain fell in October the council had already voted to build a pipeline from the lakes.",
    "It was finished within a year, cost less than planned, and has not been needed once since the day it was opened.",
]

texts = st.text(st.sampled_from("ab .,!\n\r\t\u00a0\u2028\u0085语。é|•1"), max_size=400)


@given(texts | texts.map(lambda text: text * 12))
def test_lines_partition_the_text(text: str) -> None:
    position = 0
    for line in split_lines(text):
        assert text[line.start : line.end] == line.text
        assert line.text
        assert line.text == line.text.strip()
        assert not text[position : line.start].strip()
        position = line.end
    assert not text[position:].strip()


def test_a_wrapped_paragraph_is_one_line() -> None:
    text = "\n\n".join(textwrap.fill(paragraph, 40) for paragraph in PARAGRAPHS)
    assert [" ".join(line.text.split()) for line in split_lines(text)] == PARAGRAPHS


def test_few_wrapped_paragraphs_are_lines_where_sentences_go_on_below() -> None:
    text = "\n\n".join(["A Pipeline Nobody Needed", *(textwrap.fill(paragraph, 72) for paragraph in PARAGRAPHS[:3])])
    assert [" ".join(line.text.split()) for line in split_lines(text)] == ["A Pipeline Nobody Needed", *PARAGRAPHS[:3]]


@pytest.mark.parametrize(
    "text",
    [
        "\n".join(PARAGRAPHS),
        "\n".join(
            PARAGRAPHS[0:1] + [f"teaser {number} of a list, in lower case{'!' * number}" for number in (9, 3, 1)]
        ),
        "a river that was never crossed by me\nnor by the two that came before me here\nis wide\nand slow, and cold",
        "\n".join(["Home", "News", "Sport", "Weather", "Contact us", "Log in"] * 4),
        "\n".join(f"{number}. item of a list that is of about the same length as others" for number in range(12)),
        "Roses are red,\nViolets are blue,\nSugar is sweet,\nAnd so are you.",
    ],
    ids=["one paragraph a line", "teasers in lower case", "a poem in lower case", "a menu", "a list", "a poem"],
)
def test_other_lines_stay_apart(text: str) -> None:
    assert [line.text for line in split_lines(text)] == text.split("\n")


def test_gaps_count_line_breaks() -> None:
    assert [line.gap for line in split_lines("a\nb\r\n\r\n c\n \n\n\nd")] == [0, 1, 2, 4]


def test_a_page_on_one_line_is_cut_at_sentences() -> None:
    lines = split_lines(SENTENCE * 40)
    assert [line.text for line in lines] == [SENTENCE.strip()] * 40
    assert {line.gap for line in lines} == {0}


def test_a_short_page_on_one_line_is_cut_too() -> None:
    assert [line.text for line in split_lines(SENTENCE * 6)] == [SENTENCE.strip()] * 6
    assert len(split_lines(SENTENCE * 2)) == 1
    assert len(split_lines(f"{SENTENCE * 6}\n{SENTENCE}")) == 2


def test_a_menu_on_one_line_is_cut_into_pieces() -> None:
    lines = split_lines("Home News Sport Weather Travel Contact " * 100)
    assert len(lines) > 10
    assert max(len(line.text) for line in lines) <= 240


def test_a_long_wrapped_paragraph_takes_linear_time() -> None:
    text = textwrap.fill(SENTENCE * 3000, 72)
    assert len(split_lines(text)) == 1


def test_pieces_with_one_role_are_one_line_again() -> None:
    text = SENTENCE * 40
    lines = split_lines(text)
    main, other = (
        Label(role, kind, 0.5, "") for role, kind in ((Role.MAIN, Kind.PARAGRAPH), (Role.RELATED, Kind.TEXT))
    )
    joined, labels = rejoin(text, lines, [main] * 30 + [other] * 10)
    assert [line.text for line in joined] == [(SENTENCE * 30).strip(), (SENTENCE * 10).strip()]
    assert labels == [main, other]


@pytest.mark.parametrize("text", ["", "a", "a\nb\n\nc"])
def test_lines_that_were_never_cut_stay(text: str) -> None:
    lines = split_lines(text)
    labels = [Label(Role.MAIN, Kind.PARAGRAPH, 0.25, "")] * len(lines)
    assert rejoin(text, lines, labels) == (lines, labels)
