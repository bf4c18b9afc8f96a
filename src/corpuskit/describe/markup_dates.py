"""Dates as pages write them, to ISO 8601 with the precision and the offset that are written, and no more."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime
from email.utils import parsedate_to_datetime
from typing import Final

_ISO: Final = re.compile(
    r"^\s*[\"']?(\d{4})-?/?(\d{1,2})(?:-?/?(\d{1,2}))?"
    r"(?:[T ,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:[.,]\d+)?)?\s*(Z|UTC|GMT|[+-]\d{2}:?\d{2}|[+-]\d{2}(?!\d))?)?",
    re.IGNORECASE,
)
_COMPACT: Final = re.compile(r"^\s*(\d{4})(\d{2})(\d{2})(?:T(\d{2})(\d{2})(\d{2})?(Z|[+-]\d{4})?)?\s*$")
_EPOCH: Final = re.compile(r"^\s*(\d{10})(?:\d{3})?\s*$")
_EPOCH_DAY: Final = date(1970, 1, 1)
_EARLIEST: Final = 1900
_LATEST: Final = 2100

_MONTHS: Final = (
    "jan january januar jänner jänner janvier enero ene gennaio gen janeiro januari stycznia styczeń leden ledna",
    "feb february februar février fevrier febrero febbraio fevereiro fev februari lutego luty února",
    "mar march märz maerz mär mars marzo março marco maart mrt marca března marts",
    "apr april avril avr abril abr aprile kwietnia dubna",
    "may mai mayo maggio mag maio mei maj maja května",
    "jun june juni juin junio giugno giu junho czerwca června",
    "jul july juli juillet juil julio luglio lug julho lipca července",
    "aug august août aout agosto ago augusti augustus sierpnia srpna",
    "sep sept september septembre septiembre settembre set setembro września září",
    "oct october oktober okt octobre octubre ottobre ott outubro out października října",
    "nov november novembre noviembre novembro listopada listopadu",
    "dec december dezember dez décembre decembre diciembre dic dicembre dezembro desember grudnia prosince",
)
_MONTH: Final = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
_NAMES: Final = "|".join(sorted(_MONTH, key=len, reverse=True))
_WRITTEN: Final = (
    # 3 April 2023, 3. April 2023, 3 de abril de 2023, 3rd April, 2023
    re.compile(
        rf"\b(?P<d>\d{{1,2}})(?:st|nd|rd|th|er|º)?\.?\s*(?:de\s+|of\s+|-)?(?P<m>{_NAMES})\b\.?,?\s*(?:de\s+|-)?(?P<y>\d{{4}})\b",
        re.IGNORECASE,
    ),
    # April 3, 2023, Apr. 3rd 2023
    re.compile(rf"\b(?P<m>{_NAMES})\b\.?\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})\b", re.IGNORECASE),
    # 2023年4月3日, 2023년 4월 3일
    re.compile(r"(?P<y>\d{4})\s*[年년]\s*(?P<n>\d{1,2})\s*[月월]\s*(?P<d>\d{1,2})\s*[日일]"),
    # 03.04.2023 is written day first wherever it is written with dots
    re.compile(r"(?<![\d.])(?P<d>\d{1,2})\.\s?(?P<n>\d{1,2})\.\s?(?P<y>\d{4})(?![\d.])"),
    # 2023-04-03, 2023/04/03, 2023.04.03
    re.compile(r"(?<![\d.])(?P<y>\d{4})[-/.](?P<n>\d{1,2})[-/.](?P<d>\d{1,2})(?![\d.])"),
)
_SLASHED: Final = re.compile(r"(?<![\d/])(\d{1,2})/(\d{1,2})/(\d{4})(?![\d/])")
_IN_URL: Final = re.compile(r"[/_-]((?:19|20)\d{2})[/_-](0?[1-9]|1[0-2])[/_-](0?[1-9]|[12]\d|3[01])(?=[/_.-]|$)")
_IN_URL_COMPACT: Final = re.compile(r"[/_-]((?:19|20)\d{2})(0[1-9]|1[0-2])(0[1-9]|[12]\d|3[01])(?=[/_.-]|$)")


def _day(year: str, month: str | int, day: str) -> str | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    if not _EARLIEST <= found.year <= _LATEST or found == _EPOCH_DAY:  # what a database says that has no date
        return None
    return found.isoformat()


def machine_date(value: str) -> str | None:
    """Return the date in ``value``, a value meant for machines, as ISO 8601; ``None`` if it is not one.

    >>> machine_date("2023-04-03T10:20:30.123Z")
    '2023-04-03T10:20:30+00:00'
    >>> machine_date("Mon, 03 Apr 2023 10:20:30 GMT")
    '2023-04-03T10:20:30+00:00'
    >>> machine_date("0000-00-00") is None
    True
    """
    value = value.strip()
    if found := _COMPACT.match(value):
        year, month, day, hour, minute, second, zone = found.groups()
        return _with_time(_day(year, month, day), hour, minute, second, zone)
    if found := _EPOCH.match(value):
        moment = datetime.fromtimestamp(int(found[1]), UTC)
        return moment.isoformat() if moment.year >= 1995 else None
    if found := _ISO.match(value):
        year, month, day, hour, minute, second, zone = found.groups()
        if day is None:
            rest = value[found.end() :].strip(" \"'")
            good = not rest and "-" in value and _day(year, month, "1")
            return f"{year}-{int(month):02d}" if good else None
        return _with_time(_day(year, month, day), hour, minute, second, zone)
    if re.match(r"^[A-Za-z]{3},? \d", value):
        try:
            return parsedate_to_datetime(value).isoformat()
        except (ValueError, TypeError, IndexError):
            pass
    return written_date(value)


def _with_time(
    day: str | None, hour: str | None, minute: str | None, second: str | None, zone: str | None
) -> str | None:
    if day is None or hour is None or minute is None:
        return day
    if int(hour) > 23 or int(minute) > 59 or int(second or 0) > 59:
        return day
    zone = (zone or "").upper()
    if zone in {"Z", "UTC", "GMT"}:
        zone = "+00:00"
    elif zone and ":" not in zone:
        zone = f"{zone[:3]}:{zone[3:] or '00'}"
    return f"{day}T{int(hour):02d}:{minute}:{second or '00'}{zone}"


def written_date(text: str, *, month_first: bool | None = None) -> str | None:
    """Return the first date written out in ``text``, to the day; ``None`` where there is none.

    ``03/04/2023`` is a date only where one of the numbers is over 12, or ``month_first`` says how it is read.

    >>> written_date("Updated 3. März 2021, 10:00")
    '2021-03-03'
    >>> written_date("03/04/2023") is None
    True
    """
    best: tuple[int, str] | None = None
    for pattern in _WRITTEN:
        for found in pattern.finditer(text):
            parts = found.groupdict()
            month = parts["n"] if "n" in parts else _MONTH[parts["m"].lower()]
            day = _day(parts["y"], month, parts["d"])
            if day and (best is None or found.start() < best[0]):
                best = (found.start(), day)
                break
    for found in _SLASHED.finditer(text):
        one, two, year = found.groups()
        if int(one) > 12 or month_first is False:
            day = _day(year, two, one)
        elif int(two) > 12 or month_first:
            day = _day(year, one, two)
        else:
            continue
        if day and (best is None or found.start() < best[0]):
            best = (found.start(), day)
    return best[1] if best else None


def url_date(url: str) -> str | None:
    """Return the full date in the path of ``url``; ``None`` where there is none.

    >>> url_date("https://example.org/2023/04/03/a-title")
    '2023-04-03'
    """
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*", "", url)
    found = _IN_URL.search(path) or _IN_URL_COMPACT.search(path)
    return _day(*found.groups()) if found else None
