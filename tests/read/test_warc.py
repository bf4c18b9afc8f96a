"""WARC and WET."""

from __future__ import annotations

import gzip
import hashlib
import zlib
from typing import TYPE_CHECKING

import brotli
import pytest

from corpuskit.config import LimitSettings

from . import made
from .made import Record

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from .made import Found

    Reading = Callable[..., Found]

HTML = ("Content-Type", "text/html")
BODY = b"<p>The ferry runs again.</p>"


@pytest.mark.parametrize("gzipped", [True, False])
@pytest.mark.parametrize("version", ["1.0", "1.1"])
def test_a_response_becomes_a_page_with_its_headers(
    version: str, gzipped: bool, tmp_path: Path, reading: Reading
) -> None:
    headers = (
        ("Content-Type", 'text/html; charset="Shift_JIS"'),
        ("X-Robots-Tag", "noai"),
        ("Link", "<https://a.example/l>; rel=license"),
        ("link", "<https://a.example/n>; rel=next"),
        ("TDM-Reservation", "1"),
    )
    record = Record(headers=headers, warc={"WARC-Record-ID": "<urn:uuid:1>"})
    (tmp_path / "p.warc").write_bytes(made.warc([record], gzipped=gzipped, version=version))
    (page,) = reading().pages
    assert (page.raw, page.media_type, page.encoding) == (BODY, "text/html", "Shift_JIS")
    assert (page.locator, page.url) == ("urn:uuid:1", "https://port.example/")
    assert page.fetched_at == "2024-05-17T06:30:00Z"
    assert page.headers["x-robots-tag"] == "noai"
    assert page.headers["tdm-reservation"] == "1"
    assert page.headers["link"] == "<https://a.example/l>; rel=license, <https://a.example/n>; rel=next"


@pytest.mark.parametrize(
    ("record", "said"),
    [
        (Record(status="404 Not Found"), "responses of status 404"),
        (Record(headers=(("Content-Type", "image/png"),), body=b"\x89PNG"), "records of other media types"),
        (Record(kind="resource", headers=(("Content-Type", "image/png"),)), "records of other media types"),
        (
            Record(kind="revisit", warc={"WARC-Profile": "p", "WARC-Refers-To": "<urn:uuid:1>"}),
            "revisit records, whose page was stored before",
        ),
    ],
)
def test_what_is_no_page_is_skipped_and_counted(record: Record, said: str, tmp_path: Path, reading: Reading) -> None:
    (tmp_path / "p.warc.gz").write_bytes(made.warc([record, Record(), record]))
    found = reading()
    assert len(found.pages) == 1
    assert (found.skipped, found.unreadable) == ({said: 2}, [])


def test_the_settings_say_which_responses_are_pages(tmp_path: Path, reading: Reading) -> None:
    records = [Record(status="404 Not Found"), Record(headers=(("Content-Type", "application/json"),), body=b"{}")]
    (tmp_path / "p.warc.gz").write_bytes(made.warc(records))
    found = reading(statuses=(200, 404), accept=("text/html", "application/json"))
    assert [page.media_type for page in found.pages] == ["text/html", "text/plain"]


def test_wet_is_text_in_utf8(tmp_path: Path, reading: Reading) -> None:
    record = Record(
        kind="conversion",
        body="Die Fähre fährt.".encode(),
        headers=(("Content-Type", "text/plain"),),
        warc={"WARC-Identified-Content-Language": "deu"},
    )
    (tmp_path / "p.warc.wet.gz").write_bytes(made.warc([record]))
    (page,) = reading().pages
    assert (page.raw.decode(), page.media_type, page.encoding) == ("Die Fähre fährt.", "text/plain", "utf-8")
    assert page.headers == {"warc-identified-content-language": "deu"}


CHUNKED = b"9\r\n<p>The fe\r\n13\r\nrry runs again.</p>\r\n0\r\n\r\n"
CODINGS = {
    "gzip": gzip.compress(BODY),
    "deflate": zlib.compress(BODY),
    "x-gzip": gzip.compress(BODY),
    "br": brotli.compress(BODY),
    "zstd": made.COMPRESS[".zst"](BODY),
    "gzip, ": gzip.compress(BODY),
    "identity": BODY,
    "none of these": BODY,
}


@pytest.mark.parametrize("coding", CODINGS)
def test_content_encodings_are_undone(coding: str, tmp_path: Path, reading: Reading) -> None:
    record = Record(headers=(HTML, ("Content-Encoding", coding)), body=CODINGS[coding])
    left = Record(headers=(HTML, ("Content-Encoding", coding)))  # stored decoded, with the header left in place
    (tmp_path / "p.warc.gz").write_bytes(made.warc([record, left]))
    assert [page.raw for page in reading().pages] == [BODY, BODY]


def test_chunks_are_joined_and_either_payload_may_have_the_digest(tmp_path: Path, reading: Reading) -> None:
    headers = (HTML, ("Transfer-Encoding", "chunked"))
    data = made.warc([Record(headers=headers, body=CHUNKED)], gzipped=False)
    joined = data.replace(_sha1(CHUNKED), _sha1(BODY))
    assert joined != data
    for name, content in (("sent", data), ("joined", joined)):
        (tmp_path / f"{name}.warc").write_bytes(content.replace(b"WARC-Block-Digest", b"X-None"))
    found = reading()
    assert [page.raw for page in found.pages] == [BODY, BODY]


def _sha1(data: bytes) -> bytes:
    import base64

    return base64.b32encode(hashlib.sha1(data, usedforsecurity=False).digest())


@pytest.mark.parametrize("kept", ["WARC-Block-Digest", "WARC-Payload-Digest"])
def test_a_damaged_record_is_quarantined(kept: str, tmp_path: Path, reading: Reading) -> None:
    data = made.warc([Record(), Record(url="https://port.example/2"), Record()], gzipped=False)
    other = ({"WARC-Block-Digest", "WARC-Payload-Digest"} - {kept}).pop()
    data = data.replace(other.encode(), b"X-" + other.encode()[2:])
    place = data.index(b"ferry", data.index(b"https://port.example/2"))
    (tmp_path / "p.warc").write_bytes(data[:place] + b"berry" + data[place + 5 :])
    found = reading()
    assert len(found.pages) == 2
    assert [message.partition(" (")[0] for message in found.errors.values()] == [
        f"is damaged: its {kept.split('-')[1].lower()} has another digest than the record says"
    ]
    assert len(reading(verify_digests=False).pages) == 3


@pytest.mark.parametrize(
    "digest",
    ["sha1:{hex}", "SHA-1:{hex}", "sha1:{b32}", "sha1:{b64}", "sha999:abc", "sha1:!", ""],
)
def test_digests_are_read_in_every_writing_and_unknown_ones_are_let_be(
    digest: str, tmp_path: Path, reading: Reading
) -> None:
    import base64

    raw = hashlib.sha1(BODY, usedforsecurity=False).digest()
    value = digest.format(hex=raw.hex(), b32=base64.b32encode(raw).decode(), b64=base64.b64encode(raw).decode())
    data = made.warc([Record()], gzipped=False).replace(b"WARC-Block-Digest", b"X-None")
    (tmp_path / "p.warc").write_bytes(data.replace(b"sha1:" + _sha1(BODY), value.encode()))
    assert len(reading().pages) == 1


def test_other_faults_cost_their_record(tmp_path: Path, reading: Reading) -> None:
    records = [
        Record(warc={"WARC-Record-ID": "<cut>", "WARC-Truncated": "length"}),
        Record(warc={"WARC-Record-ID": "<empty>"}, body=b""),
        Record(warc={"WARC-Record-ID": "<large>"}, body=b"x" * 2_000),
        Record(warc={"WARC-Record-ID": "<bomb>"}, headers=(HTML, ("Content-Encoding", "gzip")), body=BOMB),
        Record(warc={"WARC-Record-ID": "<good>"}),
    ]
    (tmp_path / "p.warc.gz").write_bytes(made.warc(records))
    found = reading(limits=LimitSettings(max_page_bytes=1_000))
    assert [page.locator for page in found.pages] == ["good"]
    assert {locator: message.partition(" (")[0] for locator, message in found.errors.items()} == {
        "cut": "was cut when it was fetched",
        "empty": "is an empty record",
        "large": "is larger than limits.max_page_bytes",
        "bomb": "is larger than limits.max_page_bytes",
    }


BOMB = gzip.compress(bytes(500_000))

HEADS = {
    b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n": "page",
    b"HTTP/1.1 200\r\nContent-Type: text/html\r\n folded: x\r\nno colon\r\n\r\n": "skipped",
    b"HTTP/2 200 OK\r\n\r\n": "page",
    b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n": "has no end of its HTTP headers",
    b"HTTP/1.1 200 OK\r\nA: " + b"x" * 200_000 + b"\r\n\r\n": "has no end of its HTTP headers",
    b"hello\r\n\r\n": "is no HTTP response",
}


@pytest.mark.parametrize(("head", "expected"), HEADS.items(), ids=range(len(HEADS)))
def test_odd_http_headers(head: bytes, expected: str, tmp_path: Path, reading: Reading) -> None:
    block = head + b"x" * 10
    (tmp_path / "p.warc").write_bytes(
        b"WARC/1.0\r\nWARC-Type: response\r\nWARC-Record-ID: <odd>\r\nWARC-Target-URI: <https://a.example/>\r\n"
        b"WARC-Date: 2024-05-17T06:30:00Z\r\nContent-Type: application/http; msgtype=response\r\n"
        b"Content-Length: %d\r\n\r\n%s\r\n\r\n" % (len(block), block)
    )
    found = reading()
    if expected == "page":
        assert [(page.raw, page.url) for page in found.pages] == [(b"x" * 10, "https://a.example/")]
    elif expected == "skipped":
        assert list(found.skipped) == ["records of other media types"]
    else:
        assert found.errors == {"odd": expected}


def test_a_record_without_an_id_goes_by_address_and_date(tmp_path: Path, reading: Reading) -> None:
    data = made.warc([Record()], gzipped=False).replace(b"WARC-Record-ID", b"X-None")
    (tmp_path / "p.warc").write_bytes(data)
    assert [page.locator for page in reading().pages] == ["https://port.example/ 2024-05-17T06:30:00Z"]
