"""WARC 1.0 and 1.1, and WET: one page a response, resource or conversion record.

fastwarc splits records and headers: it is the fastest there is (``python -m bench.reading``).
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import io
import re
import zlib
from typing import TYPE_CHECKING, Any, BinaryIO, Final

from corpuskit.errors import PageError
from corpuskit.model import Page, Stage
from corpuskit.read import rows
from corpuskit.read.files import check_size
from corpuskit.read.opening import budget, opened, over_budget, zstd
from corpuskit.read.unit import Skipped, Unreadable
from corpuskit.sniff import media_type_in

if TYPE_CHECKING:
    from collections.abc import Generator, Iterable, Iterator, Mapping

    from corpuskit.config import LimitSettings, SourceSettings
    from corpuskit.read.unit import Unit

_CHARSET: Final = re.compile(r"charset\s*=\s*[\"']?\s*([A-Za-z0-9_.:+-]{1,40})", re.IGNORECASE)
_ALGORITHMS: Final = {"md5": 16, "sha1": 20, "sha256": 32, "sha512": 64}
"""The digests that can be checked, with their bytes."""

_WRITTEN_IN: Final = {"conversion": "utf-8"}
"""The charset of record types that have one by definition: what a WET file holds is text that a crawler decoded."""

MAX_HEAD: Final = 1 << 16
"""Bytes that the headers of a response may take."""

_LINE_END: Final = re.compile(r"\r?\n")
_STATUS: Final = re.compile(r"HTTP/[\d.]+ +(\d{3})\b")
_GZIP: Final = b"\x1f\x8b"


def pages(unit: Unit, source: SourceSettings, limits: LimitSettings) -> Iterator[Page | Unreadable | Skipped]:
    """Yield the page of every record that is one by the settings.

    Revisit records, whose page was stored before, and responses of other statuses and media types are skipped and
    counted; requests, metadata and warcinfo are no pages.
    """
    with opened(unit.address) as file:
        last = yield from _records(file, source, limits, budget(unit.bytes, limits))
        if last is not None:
            _check_end(file, last.stream_pos)


def pages_of_stream(
    stream: BinaryIO, _name: str, source: SourceSettings, limits: LimitSettings
) -> Iterator[Page | Unreadable | Skipped]:
    """Yield what :func:`pages` does, from a stream that is expanded already."""
    yield from _records(stream, source, limits, None)


def _records(
    stream: BinaryIO, source: SourceSettings, limits: LimitSettings, left: int | None
) -> Generator[Page | Unreadable | Skipped, None, Any]:
    """Yield what the records are, of which ``left`` bytes may come in all, and return the last one."""
    from fastwarc.warc import ArchiveIterator, WarcRecordType

    types = WarcRecordType.response | WarcRecordType.resource | WarcRecordType.conversion
    record = None
    for record in ArchiveIterator(stream, parse_http=False, fsspec_args=False):
        kind = record.record_type
        if not (record.headers.get("Content-Length") or "").strip():  # what is left of headers that are cut has none
            raise PageError(Stage.READ, "ends within the headers of a record")
        if left is not None and (left := left - record.content_length) < 0:
            raise over_budget(limits)
        if kind & types:
            yield _item(record, source, limits)
            continue
        if kind == WarcRecordType.revisit:
            yield Skipped(source.name, "revisit records, whose page was stored before", 1)
        if record.reader.consume() < record.content_length:
            raise PageError(Stage.READ, "ends within a record")
    if record is None:
        raise PageError(Stage.READ, "holds no record that is whole")
    return record


def _item(record: Any, source: SourceSettings, limits: LimitSettings) -> Page | Unreadable | Skipped:  # noqa: ANN401 - a class of fastwarc, which is imported where it is needed
    """Return the page of a record, or why there is none."""
    warc = {name.lower(): value for name, value in record.headers.items()}
    url = warc.get("warc-target-uri", "").strip("<> ") or None
    date = warc.get("warc-date")
    locator = warc.get("warc-record-id", "").strip("<> ") or f"{url} {date}"
    try:
        found = _content(record, warc, source, limits)
    except PageError as error:
        return Unreadable(source.name, locator, error)
    if isinstance(found, str):
        return Skipped(source.name, found, 1)
    raw, content_type, http = found
    charset = _CHARSET.search(content_type)
    media_type = rows.media_type_of_label(content_type) or media_type_in(raw)
    return Page(
        raw=raw,
        media_type=media_type if source.media_type == "auto" else source.media_type,
        locator=locator,
        source=source.name,
        url=rows.address(url),
        fetched_at=rows.timestamp(date),
        headers=http,
        encoding=charset[1] if charset else _WRITTEN_IN.get(warc.get("warc-type", "")) or source.encoding,
    )


def _content(
    record: Any,  # noqa: ANN401 - see _item
    warc: Mapping[str, str],
    source: SourceSettings,
    limits: LimitSettings,
) -> tuple[bytes, str, Mapping[str, str]] | str:
    """Return a record's content, its media type as stated and its HTTP headers, or what kind of thing it is instead.

    Raises:
        PageError: it is cut, too large, damaged or empty.
    """
    label = warc.get("content-type", "")
    http: Mapping[str, str] = {}
    head = b""
    if label.lower().startswith("application/http"):
        head = _head(record.reader)
        status, http = _http(head)
        if status not in source.statuses:
            return f"responses of status {status}"
        label = http.get("content-type", "")
    if label and _kind(label) not in source.accept:
        return "records of other media types"
    size = record.content_length - len(head)
    check_size(size, limits)
    body = record.reader.read(size) if size else b""
    if len(body) < size:
        raise PageError(Stage.READ, f"ends after {len(body):,} of its {size:,} bytes")
    if source.verify_digests and not _check_digest(warc.get("warc-block-digest"), [(head, body)], "block"):
        _check_digest(warc.get("warc-payload-digest"), _payloads(body, http), "payload")
    if (cut := warc.get("warc-truncated")) is not None:
        raise PageError(Stage.READ, f"was cut when it was fetched (WARC-Truncated: {cut[:40]})")
    body = decoded(body, http, limits)
    if not body:
        raise PageError(Stage.READ, "is an empty record")
    if language := warc.get("warc-identified-content-language"):
        http = {**http, "warc-identified-content-language": language}
    return body, label, http


def _kind(label: str) -> str:
    return label.partition(";")[0].strip().lower()


def _head(reader: Any) -> bytes:  # noqa: ANN401 - see _item
    """Read the status line and the headers of a response, to the empty line that ends them."""
    lines: list[bytes] = []
    size = 0
    while size < MAX_HEAD and (line := reader.readline()):
        lines.append(line)
        size += len(line)
        if line in {b"\r\n", b"\n"} and lines[-2:-1] != [] and lines[-2].endswith(b"\n"):
            return b"".join(lines)
    raise PageError(Stage.READ, "has no end of its HTTP headers")


def _http(head: bytes) -> tuple[int | None, dict[str, str]]:
    """Return the status of a response, and its headers with lower-case names, those of one name joined by commas."""
    status, *lines = _LINE_END.split(head.decode("latin-1"))
    code = _STATUS.match(status)
    if code is None:
        raise PageError(Stage.READ, "is no HTTP response")
    headers: dict[str, str] = {}
    key = ""
    for line in lines:
        name, colon, value = line.partition(":")
        if line[:1] in {" ", "\t"} and key:  # a line that goes on with the last one
            headers[key] += f" {line.strip()}"
        elif colon:
            key, value = name.strip().lower(), value.strip()
            headers[key] = f"{headers[key]}, {value}" if key in headers else value
    return int(code[1]), headers


def _payloads(body: bytes, http: Mapping[str, str]) -> Iterator[tuple[bytes, ...]]:
    """Yield what crawlers take for the payload: the body as it was sent, or without its chunks."""
    yield (body,)
    if "chunked" in http.get("transfer-encoding", "").lower():
        yield (_without_chunks(body),)


def _check_digest(stated: str | None, contents: Iterable[tuple[bytes, ...]], what: str) -> bool:
    """Whether a digest is ``stated`` that can be checked, and is that of one of ``contents``, each in parts.

    Raises:
        PageError: it is that of none.
    """
    algorithm, _, value = (stated or "").partition(":")
    algorithm = algorithm.lower().replace("-", "")
    if algorithm not in _ALGORITHMS or (wanted := _digest(value.strip(), algorithm)) is None:
        return False
    for parts in contents:
        made = hashlib.new(algorithm, usedforsecurity=False)
        for part in parts:
            made.update(part)
        if made.digest() == wanted:
            return True
    raise PageError(Stage.READ, f"is damaged: its {what} has another digest than the record says ({stated})")


def _digest(value: str, algorithm: str) -> bytes | None:
    """Return a digest written in base 16, base 32 or base 64, which its length tells."""
    size = _ALGORITHMS[algorithm]
    for decode in (base64.b32decode, binascii.unhexlify, base64.b64decode):  # the first is the usual one
        try:
            found = decode(value.upper() if decode is base64.b32decode else value)
        except ValueError:
            continue
        if len(found) == size:
            return found
    return None


def decoded(body: bytes, http: Mapping[str, str], limits: LimitSettings) -> bytes:
    """Return ``body`` without its transfer and content encodings, or as it is where it has none in fact.

    Crawlers often store bodies decoded and leave the header; what does not begin as the header says is taken as it is.

    Raises:
        PageError: it expands to more than a page may have.
    """
    if "chunked" in http.get("transfer-encoding", "").lower():
        body = _without_chunks(body)
    if "content-encoding" not in http:
        return body
    for name in reversed(http["content-encoding"].lower().split(",")):
        try:
            body = _without_encoding(body, name.strip(), limits.max_page_bytes + 1)
        except (zlib.error, OSError, ValueError):
            return body
        check_size(len(body), limits)
    return body


def _without_chunks(body: bytes) -> bytes:
    from fastwarc.stream_io import ChunkedReader

    try:
        return ChunkedReader(io.BytesIO(body)).read(len(body)) or body
    except OSError:
        return body


def _without_encoding(body: bytes, name: str, most: int) -> bytes:
    """Return at most ``most`` bytes of what ``body`` is in the content encoding ``name``."""
    if name in {"gzip", "x-gzip"} and body.startswith(_GZIP):
        return zlib.decompressobj(zlib.MAX_WBITS | 16).decompress(body, most)
    if name == "deflate":
        try:
            return zlib.decompressobj().decompress(body, most)
        except zlib.error:
            return zlib.decompressobj(-zlib.MAX_WBITS).decompress(body, most)
    if name == "br":
        from fastwarc.stream_io import BrotliReader

        return BrotliReader(io.BytesIO(body)).read(most)
    if name == "zstd" and body.startswith(b"\x28\xb5\x2f\xfd"):
        return bytes(zstd().ZstdDecompressor().decompress(body, most))
    return body


def _check_end(file: BinaryIO, last: int) -> None:
    """Make sure that a gzip file does not end within a member, which fastwarc passes over; ``last`` begins the last.

    Raises:
        PageError: it does.
    """
    file.seek(last)
    if file.read(2) != _GZIP:
        file.seek(0)  # one member for the whole file: there, `last` is its end
        if file.read(2) != _GZIP:
            return
        last = 0
    file.seek(last)
    member = zlib.decompressobj(zlib.MAX_WBITS | 16)
    while data := file.read(1 << 16):
        while data:
            if member.eof:
                if not data.strip(b"\0"):
                    break
                member = zlib.decompressobj(zlib.MAX_WBITS | 16)
            member.decompress(data, 1 << 20)
            data = member.unconsumed_tail or member.unused_data
    if not member.eof:
        raise PageError(Stage.READ, "ends within a compressed record")
