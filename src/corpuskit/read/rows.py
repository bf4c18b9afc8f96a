"""Pages that are rows: which column is what, and how a row becomes a page."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import asdict
from datetime import UTC, date, datetime
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote

from corpuskit.errors import PageError
from corpuskit.model import Page, Stage
from corpuskit.read.files import check_size
from corpuskit.read.unit import Unreadable
from corpuskit.sniff import media_type_in

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from corpuskit.config import LimitSettings, SourceSettings

_CONTENT: Final = ("html", "text")
"""Where a page's content may be, the richer first."""

_MEDIA_TYPES: Final = {
    "text/html": "text/html",
    "application/xhtml+xml": "text/html",
    "text/plain": "text/plain",
    "text/markdown": "text/plain",
}
"""What media types that pages come with are read as."""

_ADDRESS: Final = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:[!#-;=?-\[\]_a-z~]+")
_UTC: Final = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z")
_TIMESTAMP: Final = re.compile(r"\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d")


def columns(source: SourceSettings, present: Collection[str]) -> list[str]:
    """Return which of the columns ``present`` are needed.

    Raises:
        PageError: a column that the settings name is not there, or none has content: the file cannot be read.
    """
    wanted = {key: name for key, name in asdict(source.fields).items() if name is not None}
    missing = [name for key, name in wanted.items() if key in source.fields.named() and not _has(name, present)]
    found = {key: name for key, name in wanted.items() if _has(name, present)}
    if missing or not any(key in found for key in _CONTENT):
        raise PageError(Stage.READ, _lacks(missing or [wanted[key] for key in _CONTENT], present))
    return sorted(found.values())


def _lacks(names: Iterable[str], present: Collection[str]) -> str:
    """Say which columns are not there, and which are: most often the settings do not say yet which is the page."""
    lacking = " and no column ".join(map(repr, names))
    there = ", ".join(map(repr, sorted(present)[:20]))[:400] or "none"
    return f"has no column {lacking}, but {there}: [source.fields] says which column is what"


def _has(name: str, present: Collection[str]) -> bool:
    return name in present or name.partition(".")[0] in present


def page_of(row: Mapping[str, Any], fallback: str, source: SourceSettings, limits: LimitSettings) -> Page | Unreadable:
    """Return the page that ``row`` is.

    Its locator is its id where the settings name a column for it, else its address, else ``fallback``: the file and
    the number of the row.
    """
    fields = source.fields
    url = _text(_value(row, fields.url))
    locator = (_text(_value(row, fields.id)) if fields.id else None) or url or fallback
    try:
        content, is_html = _content(row, source)
        declared = _text(_value(row, fields.encoding)) or source.encoding
        raw, encoding = (content, declared) if isinstance(content, bytes) else encode(content)
        check_size(len(raw), limits)
        if not raw:
            raise PageError(Stage.READ, "is an empty row")  # noqa: TRY301 - it is the row's own error
    except PageError as error:
        return Unreadable(source.name, _printable(locator), error)
    labelled = media_type_of_label(_text(_value(row, fields.media_type)) or "")
    media_type = labelled or ("text/html" if is_html else media_type_in(raw))
    return Page(
        raw=raw,
        media_type=source.media_type if source.media_type != "auto" else media_type,
        locator=_printable(locator),
        source=source.name,
        url=address(url),
        fetched_at=timestamp(_value(row, fields.date)),
        headers=_headers(row, source),
        encoding=encoding,
    )


def _content(row: Mapping[str, Any], source: SourceSettings) -> tuple[str | bytes, bool]:
    for key in _CONTENT:
        value = _value(row, getattr(source.fields, key))
        if isinstance(value, (str, bytes)):
            return value, key == "html"
        if value is not None:
            raise PageError(Stage.READ, f"its {key} is no text but {type(value).__name__}")
    empty = next((key for key in _CONTENT if _has(getattr(source.fields, key), row)), None)
    names = [getattr(source.fields, key) for key in _CONTENT]
    raise PageError(Stage.READ, f"its {empty} is empty" if empty else _lacks(names, row))


def _value(row: Mapping[str, Any], name: str | None) -> Any:  # noqa: ANN401 - whatever the row holds
    """Return what ``row`` has under ``name``, whose dots lead into nested tables."""
    if name is None:
        return None
    if name in row:
        return row[name]
    value: Any = row
    for part in name.split("."):
        value = value.get(part) if isinstance(value, Mapping) else None
    return value


def _text(value: object) -> str | None:
    """Return an id or a label as text, if it has some."""
    if isinstance(value, bytes):
        value = value.decode("utf-8", "replace")
    if isinstance(value, (str, int, float)) and not isinstance(value, bool):
        return str(value).strip() or None
    return None


def encode(text: str) -> tuple[bytes, str | None]:
    """Return ``text`` in UTF-8, and the name of that encoding.

    Bytes of a file that were no text come back as they were, without a name: they must be looked at as those of any
    page.  Half a character becomes U+FFFD.
    """
    try:
        return text.encode(), "utf-8"
    except UnicodeEncodeError:
        pass
    try:
        return text.encode("utf-8", "surrogateescape"), None
    except UnicodeEncodeError:
        return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace").encode(), "utf-8"


def _printable(locator: str) -> str:
    """Return ``locator`` as text that every table can hold."""
    return locator.encode("utf-8", "replace").decode()


def media_type_of_label(label: str) -> str | None:
    """Return as what a page is read that comes with the media type ``label``, whose parameters do not count."""
    return _MEDIA_TYPES.get(label.partition(";")[0].strip().lower())


def address(url: str | None) -> str | None:
    """Return ``url`` if it is one, with what must not stand in one escaped; rows hold all kinds of things there.

    >>> address("https://port.example/渡し船 1")
    'https://port.example/%E6%B8%A1%E3%81%97%E8%88%B9%201'
    >>> address("port") is None
    True
    """
    if url is None or _ADDRESS.fullmatch(url):
        return url
    escaped = quote(url, safe="%/:?#[]@!$&'()*+,;=~", errors="replace")
    return escaped if _ADDRESS.fullmatch(escaped) else None


def timestamp(value: object) -> str | None:
    """Return ``value`` as an RFC 3339 date-time, where it says one; without an offset it is taken as UTC.

    >>> timestamp("2024-05-17 06:30:00")
    '2024-05-17T06:30:00Z'
    >>> timestamp("yesterday") is None
    True
    """
    try:
        if isinstance(value, str) and _TIMESTAMP.match(value):
            read = datetime.fromisoformat(value.strip())
            if _UTC.fullmatch(value):  # as WARC has it
                return value
            value = read
        if isinstance(value, datetime):
            aware = value if value.tzinfo else value.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat().replace("+00:00", "Z")
        if isinstance(value, date) or (isinstance(value, str) and len(value) == len("2024-05-17")):
            return f"{value if isinstance(value, date) else date.fromisoformat(value)}T00:00:00Z"
    except (ValueError, OverflowError):
        return None
    return None


def _headers(row: Mapping[str, Any], source: SourceSettings) -> dict[str, str]:
    """Return the HTTP headers that came with a row, and the language it states, with lower-case names."""
    found = _value(row, source.fields.headers)
    if isinstance(found, str):
        try:
            found = json.loads(found)
        except (ValueError, RecursionError):
            found = None
    if isinstance(found, list):
        found = {pair[0]: pair[1] for pair in found if isinstance(pair, (list, tuple)) and len(pair) == 2}
    headers = {str(k).lower(): str(v) for k, v in found.items() if v is not None} if isinstance(found, dict) else {}
    language = _text(_value(row, source.fields.language))
    return headers if language is None else {**headers, "content-language": language}
