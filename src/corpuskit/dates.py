"""Dates as pages write them, to ISO 8601.

Nothing is guessed: a date without a year is no date, and a numeric date whose day and month could be swapped
(``03/04/2024``) is none either.  A time is kept with the precision it has, and an offset only where it is a number,
``Z`` or ``UTC``/``GMT``: abbreviations such as EST name more than one zone.
"""

from __future__ import annotations

import functools
import re
import tomllib
from dataclasses import dataclass
from datetime import date, time
from importlib import resources


@dataclass(frozen=True, slots=True)
class FoundDate:
    """A date found in a text at ``[start, end)``, as ISO 8601."""

    start: int
    end: int
    iso: str


_TIME = (
    r"(?:(?:[\s,;|T·•–—-]|\bat\b|\bà\b"
    r"|\bum\b|\ba las\b|\bàs\b|\bas\b|\balle\b|\bore\b|\bkl\.?|\bв\b|\bo\b|\bom\b|الساعة){0,6}"
    r"(?:(?P<ampm_before>오전|오후|上午|下午|午前|午後)\s*)?"
    r"(?<!\d)(?P<hour>\d{1,2})(?:[:：hH]|\s?[時时点點시]\s?|(?<=\d)[.](?=\d\d\s*(?:Uhr|hrs|uur)))(?P<minute>\d{2})(?!\d)(?::(?P<second>\d{2})(?:\.\d+)?)?"
    r"\s*(?P<ampm>[ap]\.?m\b\.?)?"
    r"\s*(?:\(?(?P<zone>(?:UTC|GMT)?\s?[+-]\d{1,2}:?\d{2}(?!\d)|(?:UTC|GMT)\s?[+-]\d{1,2}(?!\d)|(?:Z|UTC|GMT)\b)\)?)?)?"
)


_YEAR = re.compile(r"(?:19|20)\d\d")


@functools.cache
def _months() -> dict[str, int]:
    data = tomllib.loads((resources.files("corpuskit") / "months.toml").read_text(encoding="utf-8"))
    numbers: dict[str, set[int]] = {}
    for months in data.values():
        for number, names in enumerate(months, 1):
            for name in names:
                numbers.setdefault(name, set()).add(number)
    # A name that is one month here and another there says nothing.
    return {name: found.pop() for name, found in numbers.items() if len(found) == 1}


@functools.cache
def _pattern() -> re.Pattern[str]:
    names = "|".join(re.escape(name) for name in sorted(_months(), key=len, reverse=True))
    ordinal = r"(?:st|nd|rd|th|er|º|ª|\.)?"
    before_a_number = r"(?=[^\W\d_]+(?: [^\W\d_]+)?\.?\s+\d)"  # few words are: else each is compared with all names
    of = r"(?:\s+|\s*[-.]\s*|\s*(?:de|of|del)\s+)"
    forms = (
        r"(?P<y1>(?:19|20)\d{2})(?P<sep>[-/.])\s?(?P<m1>\d{1,2})(?P=sep)\s?(?P<d1>\d{1,2})\.?(?!\d)",
        r"(?P<y2>(?:19|20)\d{2})\s?[年년]\s?(?P<m2>\d{1,2})\s?[月월]\s?(?P<d2>\d{1,2})\s?[日일号號]",
        rf"(?P<d3>\d{{1,2}}){ordinal}{of}(?P<n3>{names})\b\.?,?(?:{of}|\s*,\s*|\s*)(?P<y3>(?:19|20)\d{{2}})(?:\s*(?:г\.|года|р\.))?",
        rf"\b{before_a_number}(?P<n4>{names})\b\.?\s+(?P<d4>\d{{1,2}}){ordinal},?\s+(?:de\s+)?(?P<y4>(?:19|20)\d{{2}})",
        rf"(?P<y5>(?:19|20)\d{{2}})\.?\s+(?P<n5>{names})\b\.?\s+(?P<d5>\d{{1,2}})\.?(?!\d)",
        r"(?P<d6>\d{1,2})\.\s?(?P<m6>\d{1,2})\.\s?(?P<y6>(?:19|20)\d{2})",
        r"(?P<a7>\d{1,2})(?P<s7>[/-])(?P<b7>\d{1,2})(?P=s7)(?P<y7>(?:19|20)\d{2})",
    )
    return re.compile(r"(?<![\d/.-])(?:" + "|".join(forms) + r")(?!\d)" + _TIME, re.IGNORECASE)


def has_year(text: str) -> bool:
    """Return whether ``text`` holds what may be a year; without one there is no full date in it."""
    return _YEAR.search(text) is not None


def find_dates(text: str, *, day_first: bool | None = False) -> list[FoundDate]:
    """Return the full dates in ``text``, in order.

    ``day_first`` settles ``03/04/2024``: true on a page in a language that only ever writes the day before the month
    (every one that uses this form but English), ``None`` on one that is known to write the month first.
    """
    if not has_year(text):
        return []
    return [
        FoundDate(match.start(), match.end(), iso)
        for match in _pattern().finditer(text)
        if (iso := _to_iso(match, day_first=day_first)) is not None
    ]


@functools.cache
def mention() -> re.Pattern[str]:
    """Return the pattern of a day as lines about other things mention it, with a year or without."""
    names = "|".join(re.escape(name) for name in sorted(_months(), key=len, reverse=True))
    year = r"(?:,?\s*(?:de\s+)?(?:19|20)\d{2})?"
    return re.compile(
        rf"(?<!\w)(?:\d{{1,2}}(?:st|nd|rd|th|er|º)?\.?\s+(?:de\s+)?(?:{names})\b\.?{year}|(?:{names})\b\.?\s*\d{{1,2}}(?:st|nd|rd|th)?(?!\d){year}"
        r"|\d{1,4}[./-]\d{1,2}[./-]\d{2,4}|(?:19|20)\d{2}\s?[年년][^,|]*?[日일]|(?:19|20)\d{2}(?!\w))",
        re.IGNORECASE,
    )


def _to_iso(match: re.Match[str], *, day_first: bool | None) -> str | None:
    """Return the date a match stands for; ``None`` where it is none in the calendar or could be two."""
    got = {key: value for key, value in match.groupdict().items() if value is not None}
    form = next(form for form in "1234567" if f"y{form}" in got)
    year = int(got[f"y{form}"])
    if form == "7":
        first, second = int(got["a7"]), int(got["b7"])
        if first <= 12 and second <= 12 and first != second and day_first is False:  # months
            return None
        day, month = (first, second) if first > 12 or day_first else (second, first)  # months
    else:
        day = int(got[f"d{form}"])
        name = got.get(f"n{form}")
        month = _months()[name.lower()] if name else int(got[f"m{form}"])
    try:
        iso = date(year, month, day).isoformat()
        return iso + _time(got)
    except ValueError:
        return None


def _time(got: dict[str, str]) -> str:
    """Return ``Thh:mm:ss`` with its offset, or nothing where the match has no time."""
    if "hour" not in got:
        return ""
    hour = int(got["hour"])
    half = got.get("ampm", "").lower()[:1] or {"오후": "p", "下午": "p", "午後": "p"}.get(
        got.get("ampm_before", ""), ""
    )
    if half == "p" and hour < 12:  # hours
        hour += 12
    elif half == "a" and hour == 12:  # hours
        hour = 0
    clock = time(hour, int(got["minute"]), int(got.get("second", "0"))).isoformat()
    zone = got.get("zone", "").upper().replace("UTC", "").replace("GMT", "").strip()
    if "zone" not in got:
        return f"T{clock}"
    if zone in ("", "Z"):
        return f"T{clock}Z"
    sign, digits = zone[0], zone[1:].replace(":", "")
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "00")  # hhmm
    return f"T{clock}{sign}{int(hours):02d}:{int(minutes):02d}"
