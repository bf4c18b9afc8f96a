"""The default corpus: its pages as they came, and what comes out of them."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

import pytest

import corpuskit as ck

if TYPE_CHECKING:
    from pathlib import Path

CHECKSUMS = {
    "000_d8a4042958e2b392.txt": "009d2931550637b11f4017918a3b619c792bf9a8b233f94a3252ac4d1c8b0f80",
    "001_2b1eec0bd7a87b1f.txt": "32ca55c38b206d26aaa5a129c1a7d54fd5828fbc527d1252d1734d5367e3e056",
    "002_075620075a1fb010.txt": "ca470038d48d518d6ecaca274c6fb837d960f139ba55d6c10f20fb0031f4aa81",
    "003_f88386e9262d2b64.txt": "e6cd51d628c05612bc9534cbb2578bc509aabddba8d9fb12653924eec03ec56f",
    "004_cb8a02c0b0832459.txt": "143e528ce95897f2c4c329cff9d63b952202afc1037baefc9cd7138be3dd380c",
}

# Main paragraphs, their first and last words, and the words that stand on the page but are not the article's.
ARTICLES = {
    "000": (
        8,
        "While NATO member states",
        "choices made in Washington.",
        ("Hashtags", "Related Articles", "Koo Yun-cheol"),
    ),
    "001": (7, "As the war in Ukraine", "", ("Sejong Focus", "hyunik@", "Senior Research Fellow")),
    "002": (11, '"Full-scale summit', "", ("본문", "bar_progress", "All rights reserved", "Yonhap News", "Join us")),
    "003": (13, "According to the latest", "such as the SCO.", ("Post a Comment", "Previous Post", "Search Here")),
    "004": (
        19,
        "The Shanghai Cooperation",
        "but not uniformity.",
        ("The author is", "Most Viewed", "Copyright", "Share"),
    ),
}


def page(root: Path, number: str) -> ck.Document:
    path = next((root / "seeds").glob(f"{number}_*.txt"))
    return ck.clean(path.read_bytes(), locator=path.name)


def test_seeds_are_byte_for_byte_what_was_scraped(root: Path) -> None:
    found = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in (root / "seeds").iterdir()}
    assert found == CHECKSUMS


@pytest.mark.parametrize("number", ARTICLES)
def test_text_is_the_article_and_nothing_else(root: Path, number: str) -> None:
    paragraphs, first, last, foreign = ARTICLES[number]
    document = page(root, number)
    assert sum(block.role == "main" for block in document.blocks) == paragraphs
    assert document.text.startswith(first)
    assert document.text.endswith(last)
    assert not [words for words in foreign if words in document.text]


def test_metadata_is_what_the_pages_state(root: Path) -> None:
    found = {number: page(root, number).metadata for number in ARTICLES}
    assert {number: (m.title, m.authors) for number, m in found.items()} == {
        "000": ("[Wang Son-taek] As NATO falters, the SCO advances", ("Wang Son-taek",)),
        "001": ("China-Russia Summit and South Korea's Diplomatic and Security Challenges", ("Hyun-ik Hong",)),
        "002": ("Xi-Putin Summit Follows SCO; Attention on Possible North Korea-China-Russia Summit", ()),
        "003": ("Against the Democratic West, Chinese and Russian leaders meet again at SCO summit", ()),
        "004": ("SCO is 20 and building on Sino-Russian ties", ("Alexander Lukin",)),
    }
    assert {number: (m.date_published, m.date_modified) for number, m in found.items()} == {
        "000": (None, None),
        "001": ("2023-04-03", None),
        "002": (None, None),
        "003": (None, None),
        "004": (None, "2021-06-08T07:50:00"),
    }
    assert {number: (m.publisher, m.rights, m.rights_holder) for number, m in found.items()} == {
        "000": (None, "unknown", None),
        "001": ("The Sejong Institute", "unknown", None),
        "002": ("The Asia Business Daily", "reserved", "The Asia Business Daily"),
        "003": (None, "unknown", None),
        "004": ("China Daily", "reserved", "China Daily Information Co (CDIC)"),
    }
    assert {m.language for m in found.values()} == {"en"}
    assert found["004"].section == ("Home", "Opinion", "Op-Ed Contributors")


def test_a_date_in_an_image_address_is_offered_and_not_used(root: Path) -> None:
    metadata = page(root, "000").metadata
    offered = [e for e in metadata.evidence if e.field == "date_published"]
    assert [(e.value, e.stated, e.used) for e in offered] == [("2025-07-23", False, False)]


def test_embedded_articles_are_records_of_their_own(root: Path) -> None:
    related = page(root, "000").related
    assert [(item.source, item.age) for item in related] == [
        ("Korea Herald", "4 hours ago"),
        ("Korea Herald", "10 hours ago"),
        ("Korea Herald", "15 hours ago"),
    ]
    assert all(item.title and item.text and len(item.text) > 1_000 for item in related)
    assert not any(page(root, number).related for number in ("001", "002", "003", "004"))


@pytest.mark.parametrize("number", ARTICLES)
def test_restore_gives_the_decoded_page(root: Path, number: str) -> None:
    path = next((root / "seeds").glob(f"{number}_*.txt"))
    assert page(root, number).restore() == path.read_bytes().decode()


def test_the_tail_of_one_seed_is_repaired_and_nothing_else_is(root: Path) -> None:
    """UTF-8 read as windows-1253, whose gap at 0x9F was read as windows-1252."""
    repairs = {number: [(r.before, r.after) for r in page(root, number).repairs] for number in ARTICLES}
    assert repairs == {"000": [], "001": [], "002": [], "003": [("πŸ‘‡", "👇")], "004": []}


def test_no_rule_knows_a_seed(root: Path) -> None:
    """Names of the sample pages' sites and stories stand in no rule."""
    names = (
        "korea herald",
        "daily8",
        "sejong",
        "asiae",
        "asia business daily",
        "china daily",
        "lukin",
        "lavrov",
        "putin",
    )
    sources = [path for path in (root / "src" / "corpuskit").rglob("*") if path.suffix in {".py", ".toml"}]
    assert len(sources) > 30
    for path in sources:
        text = path.read_text(encoding="utf-8").lower()
        assert not [name for name in names if name in text], path
