"""Dates as machines and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.describe.markup_dates import machine_date, url_date, written_date

MACHINE = {
    "2023-04-03": "2023-04-03",
    "2023/04/03 10:20": "2023-04-03T10:20:00",
    "20230403": "2023-04-03",
    "2023-04": "2023-04",
    "2023-04-03T10:20:30.5+0200": "2023-04-03T10:20:30+02:00",
    "2023-04-03T25:00:00": "2023-04-03",
    "1680517230": "2023-04-03T10:20:30+00:00",
    "2023-02-30": None,
    "2023": None,
    "": None,
    "yesterday": None,
}


@pytest.mark.parametrize(("value", "expected"), MACHINE.items())
def test_machine_date(value: str, expected: str | None) -> None:
    assert machine_date(value) == expected


WRITTEN = {
    "April 3, 2023": "2023-04-03",
    "Mon 3rd April 2023 at noon": "2023-04-03",
    "3. März 2021": "2021-03-03",
    "3 de abril de 2023": "2023-04-03",
    "le 1er août 2022": "2022-08-01",
    "03.04.2023, 10:00": "2023-04-03",
    "2023年4月3日": "2023-04-03",
    "25/12/2022": "2022-12-25",
    "12/25/2022": "2022-12-25",
    "03/04/2023": None,
    "version 1.2.2023.4": None,
    "April 31, 2023": None,
    "no date": None,
}


@pytest.mark.parametrize(("text", "expected"), WRITTEN.items())
def test_written_date(text: str, expected: str | None) -> None:
    assert written_date(text) == expected


def test_month_first_settles_slashes() -> None:
    assert written_date("03/04/2023", month_first=True) == "2023-03-04"
    assert written_date("03/04/2023", month_first=False) == "2023-04-03"


URLS = {
    "https://example.org/2023/04/03/a": "2023-04-03",
    "https://example.org/news-20230403-a": "2023-04-03",
    "https://example.org/2023/13/03/a": None,
    "https://example.org/a?d=/2023/04/03/": None,
    "https://example.org/12345678901/": None,
}


@pytest.mark.parametrize(("url", "expected"), URLS.items())
def test_url_date(url: str, expected: str | None) -> None:
    assert url_date(url) == expected


@given(st.dates(min_value=__import__("datetime").date(1980, 1, 1), max_value=__import__("datetime").date(2090, 1, 1)))
def test_iso_dates_come_back(day: object) -> None:
    assert machine_date(str(day)) == str(day)


@given(st.text())
def test_no_text_breaks_it(text: str) -> None:
    for found in (machine_date(text), written_date(text), url_date(text)):
        assert found is None or found[:4].isdigit()
