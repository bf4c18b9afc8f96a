from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpuskit.segment.lines import split_lines


def test_lines_and_the_gaps_between_them() -> None:
    lines = split_lines("one\n\n  two \r\nthree\u2028four\n\n\n")
    assert [(line.text, line.gap) for line in lines] == [("one", 0), ("two", 2), ("three", 1), ("four", 1)]


@given(st.text(alphabet=st.one_of(st.characters(), st.sampled_from("\n\r\v\f\x85\u2028\u2029 \u00a0a"))))
def test_every_visible_character_is_in_one_line(text: str) -> None:
    position = 0
    for line in split_lines(text):
        assert text[position : line.start].strip() == ""
        assert line.text == text[line.start : line.end] == line.text.strip()
        position = line.end
    assert text[position:].strip() == ""
