from __future__ import annotations

import textwrap

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Label
from corpuskit.segment.lines import join_fenced, rejoin, split_lines


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


PARAGRAPHS = [
    (
        "The ferry to the island had not run for eleven days when the harbour master opened the ticket office again,"
        " and nobody on the quay believed the notice at first."
    ),
    (
        "By noon the queue reached the [fish market](https://port.example/market/fish-and-other-things), where the"
        " first crossing left with every bench full and half of the benches of the second one taken."
    ),
    (
        "Those who had waited longest were not the first aboard: the captain let the post on before them, which had"
        " lain in the shed since the storm, and two goats."
    ),
]


@given(st.integers(50, 110), st.permutations(PARAGRAPHS), st.booleans())
def test_paragraphs_that_a_program_wrapped_are_whole_again(
    width: int,
    paragraphs: list[str],
    breaks_at_hyphens: bool,  # noqa: FBT001 - drawn
) -> None:
    wrapped = [
        textwrap.fill(paragraph, width, break_long_words=False, break_on_hyphens=breaks_at_hyphens)
        for paragraph in paragraphs * 2
    ]
    assert [line.text for line in split_lines("\n\n".join(wrapped))] == wrapped


def test_links_and_lists_that_are_not_wrapped_do_not_hide_that_the_rest_is() -> None:
    menu = "\n".join(
        f"  * [ Timetable of the crossings to island {n} ](/timetable/{'x' * 5 * n})" for n in range(1, 20)
    )
    wrapped = [textwrap.fill(paragraph, 78, break_long_words=False) for paragraph in PARAGRAPHS * 2]
    found = [line.text for line in split_lines("\n\n".join([menu, *wrapped, menu]))]
    assert found[19:-19] == wrapped


UNWRAPPED = {
    "headlines": "\n".join(
        f"Ferry {n} runs again after {'a long ' * (n % 7)}storm, says the harbour" for n in range(40)
    ),
    "a timetable": "\n".join(f"{n}:00 The ferry leaves for the island with post and goats" for n in range(24)),
    "lines without spaces": "\n".join(
        ("渡轮停航十一天后港务长重新打开了售票处" * 3)[: 20 + 7 * n % 30] for n in range(40)
    ),
    "paragraphs one below the other": "\n".join(PARAGRAPHS * 3),
}


@pytest.mark.parametrize("text", UNWRAPPED.values(), ids=UNWRAPPED)
def test_lines_that_were_not_wrapped_stay(text: str) -> None:
    assert [line.text for line in split_lines(text)] == text.split("\n")


SENTENCES = [
    "The ferry had not run for eleven days when the office opened again.",
    "Nobody on the quay believed the notice at first.",
    "“They were taken down within the hour.”",
    "By noon, though, the queue reached the market.",
]
GLUED = "Harbour newsShare" + "".join(SENTENCES * 12)


def test_text_flattened_with_nothing_between_is_cut_where_elements_met() -> None:
    assert [line.text for line in split_lines(f"Menu\n{GLUED}")] == ["Menu", "Harbour news", "Share", *SENTENCES * 12]


def test_a_long_line_that_is_not_glued_is_one() -> None:
    prose = " ".join(SENTENCES * 12) + "The end of PowerPoint.Or not."
    assert [line.text for line in split_lines(f"Menu\n{prose}")] == ["Menu", prose]


def test_a_glued_line_is_one_again_where_all_of_it_has_one_role() -> None:
    text = f"Menu\n{GLUED}\nFooter"
    lines = split_lines(text)
    assert len(lines) > 20
    joined, _ = rejoin(text, lines, [OTHER, *[MAIN] * (len(lines) - 2), OTHER])
    assert [line.text for line in joined] == ["Menu", GLUED, "Footer"]
