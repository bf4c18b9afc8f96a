"""A line that stands on the other pages of its source is the source's."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Label, Line
from corpuskit.segment.lines import split_lines
from corpuskit.segment.text.evidence import LineCounts, weigh

CREDIT = "Reporting by the staff of the Harbour Desk; editing by the night shift"


def _page(number: int) -> list[Line]:
    body = (
        f"Report {'abcdefgh'[number]} on the dredging of the {'abcdefgh'[number] * 3} harbour, which began in spring, "
    )
    body += "has cost more than was planned, and is to end before the first storms of the winter reach the coast.\n"
    return split_lines(body + CREDIT + "\nAll the best, the team")


def _main(lines: list[Line], score: float = 0.8) -> list[Label]:
    return [Label(Role.MAIN, Kind.PARAGRAPH, score, "a paragraph") for _ in lines]


def _count(pages: list[list[Line]]) -> LineCounts:
    counts = LineCounts()
    for lines in pages:
        counts.add(lines)
    return counts


def test_a_credit_on_every_page_is_boilerplate() -> None:
    pages = [_page(number) for number in range(4)]
    body, credit, regards = weigh(pages[0], _main(pages[0]), _count(pages))
    assert body.role is Role.MAIN
    assert (credit.role, credit.kind) == (Role.BOILERPLATE, Kind.OTHER)
    assert credit.reason == "stands on 4 of 4 pages of its source"
    assert regards.role is Role.BOILERPLATE


def test_a_source_of_one_page_changes_nothing() -> None:
    lines = _page(0)
    assert weigh(lines, _main(lines), _count([lines])) == _main(lines)


def test_a_copy_of_a_page_changes_nothing() -> None:
    lines = _page(0)
    assert weigh(lines, _main(lines), _count([lines, _page(1), lines])) == _main(lines)


def test_repetition_makes_other_labels_surer() -> None:
    pages = [_page(number) for number in range(4)]
    labels = [_main(pages[0])[0], *(Label(Role.RELATED, Kind.TITLE, 0.6, "a title") for _ in range(2))]
    weighed = weigh(pages[0], labels, _count(pages))
    assert [label.role for label in weighed] == [label.role for label in labels]
    assert weighed[1].score > 0.9


@given(st.lists(st.integers(0, 7), min_size=1, max_size=8), st.integers(0, 8))
def test_counting_does_not_depend_on_the_order_or_on_who_counts(numbers: list[int], cut: int) -> None:
    pages = [_page(number) for number in numbers]
    together = _count(pages)
    apart = _count(pages[cut:][::-1])
    apart.merge(_count(pages[:cut]))
    assert apart.pages == together.pages
    assert (apart.table == together.table).all()


@pytest.mark.parametrize(("text", "same"), [("Page 1 of 20", "page 7 of 31"), ("Join  us\u00a0here!", "JOIN US HERE!")])
def test_digits_case_and_spaces_do_not_tell_lines_apart(text: str, same: str) -> None:
    counts = _count([split_lines(text), split_lines(same)])
    assert counts.of(text) == counts.of(same) == 2
    assert counts.of("something else") == 0
