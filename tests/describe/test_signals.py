"""What pages tell machines."""

from __future__ import annotations

from typing import Any

import pytest

import corpuskit as ck
from corpuskit.config import TdmRule
from corpuskit.describe.rights import rights_of
from corpuskit.describe.signals import Signals, read_signals, reserves

RULES = (
    TdmRule("/", reserved=True, policy="https://harbour.example/tdm"),
    TdmRule("/open/*", reserved=False),
    TdmRule("/open/*.pdf$", reserved=True),
)

CASES: list[tuple[str, dict[str, Any], tuple[tuple[str, ...], bool | None, str | None]]] = [
    ("nothing", {"headers": {}}, ((), None, None)),
    ("robots header", {"headers": {"x-robots-tag": "NoAI, noimageai"}}, (("noai", "noimageai"), None, None)),
    (
        "for one robot",
        {"headers": {"x-robots-tag": "otherbot: noai, nofollow"}},
        (("otherbot: noai", "otherbot: nofollow"), None, None),
    ),
    (
        "with a value",
        {"headers": {"x-robots-tag": "max-snippet: 20, noindex"}},
        (("max-snippet: 20", "noindex"), None, None),
    ),
    (
        "meta and header add up",
        {"headers": {"x-robots-tag": "noindex"}, "meta": [("robots", "noai")]},
        (("noai", "noindex"), None, None),
    ),
    ("tdm header", {"headers": {"tdm-reservation": "1"}}, ((), True, None)),
    (
        "tdm header with policy",
        {"headers": {"tdm-reservation": "1", "tdm-policy": "https://a.example/p"}},
        ((), True, "https://a.example/p"),
    ),
    ("tdm not reserved", {"headers": {"tdm-reservation": "0"}}, ((), False, None)),
    ("a policy alone says nothing", {"headers": {"tdm-policy": "https://a.example/p"}}, ((), None, None)),
    ("neither 0 nor 1", {"headers": {"tdm-reservation": "yes"}}, ((), None, None)),
    (
        "a policy that is no address",
        {"headers": {"tdm-reservation": "1", "tdm-policy": "javascript:x"}},
        ((), True, None),
    ),
    (
        "html before header",
        {"headers": {"tdm-reservation": "1"}, "meta": [("tdm-reservation", "0")]},
        ((), False, None),
    ),
    (
        "header before file",
        {"headers": {"tdm-reservation": "0"}, "rules": RULES, "url": "https://harbour.example/x"},
        ((), False, None),
    ),
    (
        "file",
        {"headers": {}, "rules": RULES, "url": "https://harbour.example/news"},
        ((), True, "https://harbour.example/tdm"),
    ),
    ("longest location", {"headers": {}, "rules": RULES, "url": "https://harbour.example/open/a"}, ((), False, None)),
    ("with its end", {"headers": {}, "rules": RULES, "url": "https://harbour.example/open/a.pdf"}, ((), True, None)),
    ("no address, no rule", {"headers": {}, "rules": RULES}, ((), None, None)),
]


@pytest.mark.parametrize(("given", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_signals(given: dict[str, Any], expected: tuple[tuple[str, ...], bool | None, str | None]) -> None:
    found = read_signals(**given)
    assert (found.robots, found.tdm_reserved, found.tdm_policy) == expected
    assert {note.field for note in found.evidence} == {
        name for name in ("robots", "tdm_reserved", "tdm_policy") if getattr(found, name) not in {None, ()}
    }


def test_silence_says_nothing() -> None:
    assert read_signals({}) == Signals()


@pytest.mark.parametrize(
    ("robots", "tdm", "expected"),
    [
        (("noindex", "noimageai"), None, []),
        (("noai",), None, ["robots: noai"]),
        (("otherbot: noai",), None, []),
        ((), True, ["tdm-reservation: 1"]),
        ((), False, []),
    ],
)
def test_what_reserves(robots: tuple[str, ...], tdm: bool | None, expected: list[str]) -> None:  # noqa: FBT001
    assert reserves(robots, tdm) == expected


def test_a_page_keeps_what_its_markup_says() -> None:
    head = '<meta name="robots" content="noai"><meta name="TDM-Reservation" content="1">'
    document = ck.clean(f"<html><head>{head}</head><body><p>Text of a page.</p></body></html>", media_type="text/html")
    assert (document.metadata.robots, document.metadata.tdm_reserved) == (("noai",), True)


@pytest.mark.parametrize(
    ("license_id", "statement", "rights"),
    [
        ("CC-BY-4.0", "x", "open"),
        ("CC-BY-SA-3.0", "x", "open"),
        ("CC0-1.0", None, "open"),
        ("CC-BY-NC-4.0", "x", "reserved"),
        ("LicenseRef-CC-BY-ND", "x", "reserved"),
        (None, "© 2024 The Paper", "reserved"),
        (None, None, "unknown"),
    ],
)
def test_open_is_for_any_use_and_any_change(license_id: str | None, statement: str | None, rights: str) -> None:
    assert rights_of(license_id, statement) == rights
