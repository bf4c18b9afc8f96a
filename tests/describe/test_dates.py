from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.dates import find_dates

CASES = [
    ("Date 2023-04-03 View 2,417", ["2023-04-03"]),
    ("Updated: 2021-06-08 07:50", ["2021-06-08T07:50:00"]),
    ("3. Mai 2024, 14:05 Uhr", ["2024-05-03T14:05:00"]),
    ("3. Mai 2024 um 14.05 Uhr", ["2024-05-03T14:05:00"]),
    ("Publié le 3 mai 2024 à 14h05", ["2024-05-03T14:05:00"]),
    ("1er mars 2024", ["2024-03-01"]),
    ("May 3, 2024, 4:15 PM EDT", ["2024-05-03T16:15:00"]),
    ("May 3rd, 2024 at 4:15 p.m.", ["2024-05-03T16:15:00"]),
    ("12:30 AM, but no date", []),
    ("April 13, 2024 12:01 AM", ["2024-04-13T00:01:00"]),
    ("2024年5月3日 10:20", ["2024-05-03T10:20:00"]),
    ("2024年5月3日 5時00分", ["2024-05-03T05:00:00"]),
    ("2024년 5월 3일", ["2024-05-03"]),
    ("입력 2024.05.03. 오후 2:10", ["2024-05-03T14:10:00"]),
    ("3 de mayo de 2024", ["2024-05-03"]),
    ("٣ مايو 2024", ["2024-05-03"]),
    ("3 мая 2024 г., 10:20", ["2024-05-03T10:20:00"]),
    ("Thu, 02 May 2024 10:00:00 GMT", ["2024-05-02T10:00:00Z"]),
    ("2024-05-03T10:00:00+02:00", ["2024-05-03T10:00:00+02:00"]),
    ("2024-05-03 10:00 (UTC+9)", ["2024-05-03T10:00:00+09:00"]),
    ("12 juillet 2023 à 06h00, mis à jour le 13 juillet 2023 à 11h47", ["2023-07-12T06:00:00", "2023-07-13T11:47:00"]),
    # What is no date, or could be two.
    ("03/04/2024", []),
    ("13/04/2024", ["2024-04-13"]),
    ("04/13/2024", ["2024-04-13"]),
    ("04/04/2024", ["2024-04-04"]),
    ("Wednesday (July 3)", []),
    ("31 Feb 2024", []),
    ("1 listopada 2024", ["2024-11-01"]),
    ("news-p.v1.20250723.aeda", []),
    ("version 2024.13.1", []),
]


@pytest.mark.parametrize(("text", "dates"), CASES, ids=[text for text, _ in CASES])
def test_dates_as_pages_write_them(text: str, dates: list[str]) -> None:
    assert [found.iso for found in find_dates(text)] == dates


def test_the_language_of_the_page_settles_day_and_month() -> None:
    assert [found.iso for found in find_dates("09/08/2023 às 14h20", day_first=True)] == ["2023-08-09T14:20:00"]


@given(st.text(alphabet=st.sampled_from("0123456789/.-: ,年月日May3rdTZ+PM")))
def test_whatever_is_found_is_a_date_in_the_text(text: str) -> None:
    for found in find_dates(text):
        assert 0 <= found.start < found.end <= len(text)
        assert re.fullmatch(r"\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}:\d{2}(Z|[+-]\d{2}:\d{2})?)?", found.iso)
