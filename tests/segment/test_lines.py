from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Label
from corpuskit.segment.lines import join_fenced, split_lines


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


MAIN = Label(Role.MAIN, Kind.PARAGRAPH, 0.8, "why")
OTHER = Label(Role.BOILERPLATE, Kind.OTHER, 0.6, "why")
CODE = "```python\nfor name in names:\n\n    print(name)\n```"
FENCED = {
    "code between text": (f"Text.\n\n{CODE}\n\nMore.", ["Text.", CODE, "More."]),
    "a fence that is not closed": ("```\nx = 1\ny = 2", ["```", "x = 1", "y = 2"]),
    "nothing between": ("```\n```\nx", ["```", "```", "x"]),
    "a longer fence around a shorter one": ("````\n```\nx\n```\n````", ["````\n```\nx\n```\n````"]),
    "one that opens does not close": ("```\nx\n```js\ny\n```", ["```\nx\n```js\ny\n```"]),
    "ornaments": ("~~~~~~~~\nText.\n~~~~~~~~", ["~~~~~~~~", "Text.", "~~~~~~~~"]),
    "code in a line": ("```x = 1```\nText.\n```y```", ["```x = 1```", "Text.", "```y```"]),
}


@pytest.mark.parametrize(("text", "expected"), FENCED.values(), ids=FENCED)
def test_code_between_fences_is_one_line_as_it_stands(text: str, expected: list[str]) -> None:
    lines = split_lines(text)
    joined, labels = join_fenced(text, lines, [MAIN] * len(lines))
    assert [line.text for line in joined] == expected
    assert [label.kind for label in labels] == [Kind.CODE if "\n" in line.text else Kind.PARAGRAPH for line in joined]


def test_code_between_fences_has_the_role_of_most_of_it() -> None:
    lines = split_lines(CODE)
    for labels, role in (([OTHER, MAIN, OTHER, OTHER], Role.MAIN), ([MAIN, OTHER, MAIN, MAIN], Role.BOILERPLATE)):
        (_,), (label,) = join_fenced(CODE, lines, labels)
        assert label.role is role
