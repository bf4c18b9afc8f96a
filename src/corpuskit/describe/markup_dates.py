"""Dates as markup writes them, to ISO 8601 with the precision and the offset that are written, and no more."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, timedelta
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final

from corpuskit.dates import find_dates
from corpuskit.model import Origin

if TYPE_CHECKING:
    from corpuskit.model import Evidence

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
    return next((found.iso for found in find_dates(value)), None)


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


def url_date(url: str) -> str | None:
    """Return the full date in the path of ``url``; ``None`` where there is none.

    >>> url_date("https://example.org/2023/04/03/a-title")
    '2023-04-03'
    """
    path = re.sub(r"^[a-z]+://[^/]*|[?#].*", "", url)
    found = _IN_URL.search(path) or _IN_URL_COMPACT.search(path)
    return _day(*found.groups()) if found else None


def in_order(candidates: list[Evidence]) -> list[Evidence]:
    """Return the candidates for one date, the best first.

    They come in the order of how often their source is right.  Three things change it.  A moment that the page states
    in more than one time zone is taken in its own, not in UTC.  A moment in UTC whose neighbouring day is the one that
    the page shows (or has in its address) gives way to that day: it was that day where the page was published.  And of
    dates that merely stand near the title the one that is in the address is the page's.
    """
    if not candidates:
        return []
    first = candidates[0]
    best = _elsewhere(first, candidates) or _shown(first, candidates)
    if best is None and first.origin is not Origin.JSON_LD and not first.where.startswith(("meta", "itemprop")):
        days = {item.value[:10] for item in candidates if item.origin is Origin.URL}
        best = next((item for item in candidates if item.value[:10] in days), None)
    return candidates if best is None else [best, *(item for item in candidates if item is not best)]


def _elsewhere(first: Evidence, candidates: list[Evidence]) -> Evidence | None:
    """Return the candidate that is the moment of ``first``, which is in UTC, in another time zone."""
    moment = _in_utc(first.value)
    if moment is None:
        return None
    for item in candidates:
        if len(item.value) > 19 and not item.value.endswith("+00:00"):
            other = datetime.fromisoformat(item.value)
            if abs((other - moment).total_seconds()) < 60:
                return item
    return None


def _shown(first: Evidence, candidates: list[Evidence]) -> Evidence | None:
    """Return the candidate that is the day before or after ``first`` in UTC, as clocks west or east of it have it."""
    moment = _in_utc(first.value)
    if moment is None:
        return None
    west, east = (moment + _WEST).date().isoformat(), (moment + _EAST).date().isoformat()
    for item in candidates[1:]:
        if item.value[:10] == first.value[:10] and item.where != first.where and item.origin in _SHOWN:
            return None
        if item.origin in _SHOWN and item.value[:10] != first.value[:10] and item.value[:10] in {west, east}:
            return item
    return None


_WEST: Final = timedelta(hours=-10)
_EAST: Final = timedelta(hours=13)
_SHOWN: Final = (Origin.BLOCK, Origin.URL)


def _in_utc(value: str) -> datetime | None:
    return datetime.fromisoformat(value) if value.endswith("+00:00") and len(value) > 19 else None
