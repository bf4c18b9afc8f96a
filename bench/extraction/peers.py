"""The systems of the benchmark: each takes the markup and the address, and gives the main text.

A peer that is not installed is left out, and the table says so.
"""

from __future__ import annotations

import importlib.util
from typing import TYPE_CHECKING, Any

import lxml.html

from corpuskit.describe.markup import metadata
from corpuskit.model import main_text
from corpuskit.segment.html import Engine, label, read_markup

if TYPE_CHECKING:
    from collections.abc import Callable

    System = Callable[[str, str | None], str]
    Reader = Callable[[str, str | None], dict[str, Any]]


def ours(engine: Engine) -> System:
    """Return one of our engines: text and metadata, since they share the parse."""

    def extract(markup: str, url: str | None) -> str:
        page = read_markup(markup)
        blocks = label(page, engine, markup)
        metadata(page, url)
        return main_text(blocks)

    return extract


def _trafilatura(*, fast: bool = False, favor_precision: bool = False) -> System:
    import trafilatura

    def extract(markup: str, url: str | None) -> str:
        del url
        return trafilatura.extract(markup, fast=fast, favor_precision=favor_precision) or ""

    return extract


def _trafilatura_metadata() -> System:
    import trafilatura

    def extract(markup: str, url: str | None) -> str:
        found = trafilatura.bare_extraction(markup, url=url, with_metadata=True)
        return getattr(found, "text", None) or ""

    return extract


def _readability() -> System:
    from readability import Document

    def extract(markup: str, url: str | None) -> str:
        del url
        summary = Document(markup).summary(html_partial=True)
        return "\n".join(lxml.html.fromstring(summary).itertext()) if summary.strip() else ""

    return extract


def _resiliparse() -> System:
    from resiliparse.extract.html2text import extract_plain_text

    def extract(markup: str, url: str | None) -> str:
        del url
        return str(extract_plain_text(markup, main_content=True, alt_texts=False))

    return extract


def _justext() -> System:
    import justext

    stops = justext.get_stoplist("English")

    def extract(markup: str, url: str | None) -> str:
        del url
        paragraphs = justext.justext(markup.encode("utf-8", "replace"), stops, encoding="utf-8")
        return "\n".join(paragraph.text for paragraph in paragraphs if not paragraph.is_boilerplate)

    return extract


PEERS: dict[str, tuple[str, Callable[[], System]]] = {
    "corpuskit": ("corpuskit", lambda: ours(Engine.CORPUSKIT)),
    "corpuskit auto": ("corpuskit", lambda: ours(Engine.AUTO)),
    "trafilatura": ("trafilatura", _trafilatura),
    "trafilatura fast": ("trafilatura", lambda: _trafilatura(fast=True)),
    "trafilatura precision": ("trafilatura", lambda: _trafilatura(favor_precision=True)),
    "trafilatura metadata": ("trafilatura", _trafilatura_metadata),
    "readability-lxml": ("readability", _readability),
    "resiliparse": ("resiliparse", _resiliparse),
    "jusText": ("justext", _justext),
}
"""Name to (module it needs, maker).  ``trafilatura metadata`` is ``bare_extraction(with_metadata=True)``."""


def installed() -> dict[str, System]:
    """Return the peers whose module is there."""
    return {name: make() for name, (module, make) in PEERS.items() if importlib.util.find_spec(module)}


def our_metadata(markup: str, url: str | None) -> dict[str, Any]:
    """Return title, authors and date as we read them."""
    found = metadata(read_markup(markup), url)
    return {"title": found.title, "authors": found.authors, "date": found.date_published}


def trafilatura_metadata(markup: str, url: str | None) -> dict[str, Any]:
    """Return title, authors and date as trafilatura reads them."""
    import trafilatura

    found = trafilatura.bare_extraction(markup, url=url, with_metadata=True)
    title, author, date = (getattr(found, name, None) for name in ("title", "author", "date"))
    return {"title": title, "authors": (author or "").split("; "), "date": date}


READERS: dict[str, Reader] = {"corpuskit": our_metadata, "trafilatura": trafilatura_metadata}
