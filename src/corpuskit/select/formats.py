"""What is no page at all: feeds, site maps and data, which crawls and folders hold under the names of pages."""

from __future__ import annotations

import json
import re
from typing import Final

RULE: Final = "format"
"""The rule by which they are rejected."""
_ROOT: Final = re.compile(r"\s*(?:<\?[^>]*>\s*|<!--.*?-->\s*|<!DOCTYPE[^>]*>\s*)*<([A-Za-z][\w:.-]*)", re.DOTALL)
_BEGINNING: Final = 1 << 12
"""Characters in which the first element of a document stands, with all that may be before it."""
_ROOTS: Final = {
    "rss": "an RSS feed",
    "rdf:rdf": "an RSS feed or other RDF",
    "feed": "an Atom feed",
    "opml": "a list of feeds (OPML)",
    "urlset": "a site map",
    "sitemapindex": "a site map",
}
_BRACKETS: Final = {"{": "}", "[": "]"}


def data_format(text: str) -> str | None:
    """Return what ``text`` is if it is no page but a feed, a site map or JSON, in words; else ``None``.

    >>> data_format('<?xml version="1.0"?><rss version="2.0"><channel/></rss>')
    'an RSS feed'
    >>> data_format("[Verse 1] It rains") is None
    True
    """
    root = _ROOT.match(text, 0, _BEGINNING)
    if root is not None:
        return _ROOTS.get(root[1].lower())
    stripped = text.strip()
    if stripped and _BRACKETS.get(stripped[0]) == stripped[-1]:
        try:
            json.loads(stripped)
        except (ValueError, RecursionError):
            return None
        return "JSON"
    return None
