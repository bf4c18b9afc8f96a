"""Bytes to text: by the strongest evidence, and never by accident."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.repair import DecodeError, decode
from corpuskit.repair.labels import encoding_name, python_codec

RUSSIAN = "Завтра в городе откроется новая станция метро, сообщили в мэрии. Дети играли во дворе."


@pytest.mark.parametrize(
    ("raw", "declared", "markup", "encoding"),
    [
        (b"plain", None, False, "UTF-8"),
        (b"", None, False, "UTF-8"),
        ("é".encode(), None, False, "UTF-8"),
        ("é".encode("utf-8-sig"), "windows-1251", False, "UTF-8"),
        ("é".encode("utf-16"), None, False, "UTF-16LE"),
        ("plain words".encode("utf-16-be"), None, False, "UTF-16BE"),
        (RUSSIAN.encode("cp1251"), "windows-1251", False, "windows-1251"),
        (RUSSIAN.encode("koi8-r"), "koi8-r", False, "KOI8-R"),
        (RUSSIAN.encode("cp1251"), "utf-8", False, "windows-1251"),
        (RUSSIAN.encode(), "windows-1251", False, "UTF-8"),
        ("café".encode("latin-1"), "ISO-8859-1", False, "windows-1252"),
        (b'<meta charset="windows-1251">' + RUSSIAN.encode("cp1251"), None, True, "windows-1251"),
        (b'<?xml version="1.0" encoding="koi8-r"?>' + RUSSIAN.encode("koi8-r"), None, True, "KOI8-R"),
        ("日本語です。".encode("iso2022-jp"), "iso-2022-jp", False, "ISO-2022-JP"),
        ("今天天气很好，我们去公园。".encode("gbk"), "gb2312", False, "GBK"),
        (RUSSIAN.encode("cp1251"), "no-such-charset", False, "windows-1251"),
    ],
)
def test_the_strongest_evidence_wins(raw: bytes, declared: str | None, *, markup: bool, encoding: str) -> None:
    decoded = decode(raw, declared=declared, markup=markup)
    assert decoded.encoding == encoding
    assert not decoded.lossy
    assert decoded.evidence


def test_a_declaration_beats_what_is_utf_8_by_chance() -> None:
    raw = "胁".encode("gbk")
    assert raw.decode()
    assert decode(raw, declared="gbk").text == "胁"


def test_a_few_stray_bytes_do_not_spoil_utf_8() -> None:
    decoded = decode(RUSSIAN.encode() + b" caf\xe9 " + RUSSIAN.encode())
    assert decoded.text == f"{RUSSIAN} café {RUSSIAN}"
    assert (decoded.encoding, decoded.lossy) == ("UTF-8", False)


def test_a_page_cut_within_a_character_is_lossy_utf_8() -> None:
    decoded = decode(RUSSIAN.encode()[:-2])
    assert (decoded.encoding, decoded.lossy) == ("UTF-8", True)
    assert decoded.text.endswith("\ufffd")


@pytest.mark.parametrize(
    ("raw", "why"),
    [
        (b"\x89PNG\r\n\x1a\n", "PNG"),
        (b"%PDF-1.7", "PDF"),
        (b"PK\x03\x04", "ZIP"),
        (b"\x1f\x8b\x08", "gzip"),
        (b"\x00\x01\x02\x03" * 10, "NUL"),
        (bytes(range(1, 9)) * 10, "control"),
    ],
)
def test_binary_is_refused_with_a_reason(raw: bytes, why: str) -> None:
    with pytest.raises(DecodeError, match=why):
        decode(raw)


@given(st.binary(), st.sampled_from((None, "utf-8", "latin-1", "gbk", "utf-16")))
def test_any_bytes_are_text_or_refused(raw: bytes, declared: str | None) -> None:
    with suppress(DecodeError):
        decoded = decode(raw, declared=declared, markup=True)
        assert decoded.lossy <= ("\ufffd" in decoded.text)
        assert not any("\ud800" <= character <= "\udfff" for character in decoded.text)


@pytest.mark.parametrize(
    ("label", "name"),
    [
        (" Latin1 ", "windows-1252"),
        ("iso-8859-9", "windows-1254"),
        ("tis-620", "windows-874"),
        ("ks_c_5601-1987", "EUC-KR"),
        ("x-sjis", "Shift_JIS"),
        ("cp437", "cp437"),
        ("rot13", None),
        ("", None),
    ],
)
def test_labels_mean_what_browsers_take_them_for(label: str, name: str | None) -> None:
    assert encoding_name(label) == name


def test_every_encoding_has_a_codec() -> None:
    assert "x".encode(python_codec("Big5")) == b"x"


def test_a_page_that_says_it_is_utf_8_may_have_more_stray_bytes() -> None:
    raw = "<p>© Zürich, Bücher</p>".encode() + "<p>Café für alle</p>".encode("cp1252")
    assert decode(b'<meta charset="utf-8">' + raw, markup=True).text.endswith("<p>Café für alle</p>")
    latin = "<meta charset=utf-8><p>Bücher für Zürich, Café</p>"
    assert decode(latin.encode("cp1252"), markup=True).text == latin
