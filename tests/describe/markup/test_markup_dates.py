"""Dates as machines and people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.describe.markup_dates import in_order, machine_date, url_date
from corpuskit.model import Evidence, Origin

MACHINE = {
    "2023-04-03": "2023-04-03",
    "2023/04/03 10:20": "2023-04-03T10:20:00",
    "20230403": "2023-04-03",
    "2023-04": "2023-04",
    "2023-04-03T10:20:30.5+0200": "2023-04-03T10:20:30+02:00",
    "2023-04-03T25:00:00": "2023-04-03",
    "3. März 2021, 10:20 Uhr": "2021-03-03T10:20:00",
    "1680517230": "2023-04-03T10:20:30+00:00",
    "2023-02-30": None,
    "2023": None,
    "": None,
    "yesterday": None,
}


@pytest.mark.parametrize(("value", "expected"), MACHINE.items())
def test_machine_date(value: str, expected: str | None) -> None:
    assert machine_date(value) == expected


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
    for found in (machine_date(text), url_date(text)):
        assert found is None or found[:4].isdigit()


def _candidate(value: str, where: str) -> Evidence:
    origin = {"url": Origin.URL, "time": Origin.MICRODATA, "block 3": Origin.BLOCK}.get(where, Origin.JSON_LD)
    return Evidence("date_published", value, origin, where, stated=True)


ORDERS = {
    "the same moment in the page's own zone": (
        [("2023-12-24T01:06:51+00:00", "json-ld datePublished"), ("2023-12-23T17:06:51-08:00", "time")],
        "2023-12-23T17:06:51-08:00",
    ),
    "the day the page shows west of Greenwich": (
        [("2023-12-23T01:48:19+00:00", "json-ld datePublished"), ("2023-12-22", "block 3")],
        "2023-12-22",
    ),
    "a day no clock could show then": (
        [("2023-12-23T14:48:19+00:00", "json-ld datePublished"), ("2023-12-22", "block 3")],
        "2023-12-23T14:48:19+00:00",
    ),
    "another date is no other clock": (
        [("2023-12-23T01:48:19+00:00", "json-ld datePublished"), ("2023-12-20", "url")],
        "2023-12-23T01:48:19+00:00",
    ),
    "the address decides between dates near the title": (
        [("2022-02-11", "time"), ("2023-06-08", "block 3"), ("2023-06-08", "url")],
        "2023-06-08",
    ),
    "the address does not overrule what the markup states": (
        [("2019-06-17", "json-ld datePublished"), ("2017-07-12", "url")],
        "2019-06-17",
    ),
}


@pytest.mark.parametrize("case", ORDERS)
def test_order_of_candidates(case: str) -> None:
    candidates, best = ORDERS[case]
    ordered = in_order([_candidate(*one) for one in candidates])
    assert ordered[0].value == best
    assert sorted(item.value for item in ordered) == sorted(value for value, _ in candidates)


def test_no_candidates_have_no_order() -> None:
    assert in_order([]) == []
