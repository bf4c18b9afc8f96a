"""Which date of a line is which."""

from __future__ import annotations

import pytest

from corpuskit.describe.dated import dates_in

LINES = {
    "August 16, 2019 - Updated July 9, 2025": [("date_published", "2019-08-16"), ("date_modified", "2025-07-09")],
    "Published on Oct 21, 2025 Updated on Mar 9, 2026": [
        ("date_published", "2025-10-21"),
        ("date_modified", "2026-03-09"),
    ],
    "Written: 2023-11-07 15:03:30 / Updated: 2023-11-07 15:30:46": [
        ("date_published", "2023-11-07T15:03:30"),
        ("date_modified", "2023-11-07T15:30:46"),
    ],
    "-Aktualisiert am 28.04.2023-19:20": [("date_modified", "2023-04-28T19:20:00")],
    "2024年4月3日更新": [("date_modified", "2024-04-03")],
    "15 августа 2016, 13:43": [("date_published", "2016-08-15T13:43:00")],
    "Opens in May": [],
    "Joined: March 3, 2009": [],
    "Mitglied seit 3. März 2009": [],
    "Joined: March 3, 2009 Posted: June 1, 2013": [("date_published", "2013-06-01")],
}


@pytest.mark.parametrize("line", LINES)
def test_fields_of_dates(line: str) -> None:
    assert [(found.field, found.iso) for found in dates_in(line, day_first=False)] == LINES[line]


def test_a_word_of_the_line_states_the_field() -> None:
    assert [found.stated for found in dates_in("Erstellt am 6. Mai 2014", day_first=True)] == [True]
    assert [found.stated for found in dates_in("6. Mai 2014", day_first=True)] == [False]


@pytest.mark.parametrize(("day_first", "expected"), [(True, "2023-04-03"), (None, "2023-03-04")])
def test_the_order_of_day_and_month(*, day_first: bool | None, expected: str) -> None:
    assert [found.iso for found in dates_in("03/04/2023", day_first=day_first)] == [expected]
    assert dates_in("03/04/2023", day_first=False) == []
