"""The report is one page, harmless whatever the pages say, bounded, and the same every time."""

from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import TYPE_CHECKING

import corpuskit as ck
from corpuskit.package import report

if TYPE_CHECKING:
    from pathlib import Path

    import pytest

ATTACK = "<script>alert(1)</script><img src=x onerror=alert(2)></details></html>\u202e\x01"


class Tags(HTMLParser):
    """Collects tags and attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.attributes: set[str] = set()
        self.open: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.attributes |= {name for name, _ in attrs}
        if tag not in {"meta", "rect"}:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if tag in self.open:
            assert self.open.pop() == tag


def parsed(page: str) -> Tags:
    tags = Tags()
    tags.feed(page)
    tags.close()
    return tags


def test_what_pages_say_is_shown_and_not_obeyed(corpus: Path) -> None:
    page = corpus / "pages" / "a.txt"
    page.write_text(page.read_text().replace("By Ada Marsh", ATTACK).replace("Home", ATTACK) + ATTACK, "utf-8")
    (corpus / "pages" / f"{'x' * 20}<b>.txt").write_text("Too short.", encoding="utf-8")
    made = (ck.build(corpus / "corpus.toml").path / "report.html").read_text(encoding="utf-8")
    found = parsed(made)
    assert found.open == []
    assert not found.tags & {"script", "img", "b", "link", "iframe", "a", "form", "object"}
    assert not {name for name in found.attributes if name.startswith("on")} | {"src", "href"} & found.attributes
    assert "Content-Security-Policy" in made
    assert "default-src &#x27;none&#x27;" in made
    assert "&lt;b&gt;.txt" in made
    outside = re.sub(r'xmlns="[^"]*"', "", made)
    assert "http:" not in outside
    assert "https:" not in outside


def test_it_shows_pages_blocks_and_what_was_lost(corpus: Path) -> None:
    (corpus / "pages" / "short.txt").write_text("Too short.", encoding="utf-8")
    made = (ck.build(corpus / "corpus.toml").path / "report.html").read_text(encoding="utf-8")
    for words in ("The ferry runs again", "metadata / title", "main / paragraph", "1 of 1 pages that were not kept"):
        assert words in made
    assert made.count("<svg") == 7


def test_its_size_is_bounded(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(report, "PAGES", 2)
    monkeypatch.setattr(report, "CHARACTERS", 300)
    for page in (corpus / "pages").iterdir():
        page.write_text(page.read_text() + "A sentence that is repeated many times over, to no end.\n" * 500, "utf-8")
    made = (ck.build(corpus / "corpus.toml").path / "report.html").read_text(encoding="utf-8")
    assert made.count("<details>") == 2
    assert len(made) < 30_000
