"""What a page is, by how it begins: asked where neither settings, names nor headers say."""

from __future__ import annotations

import re
from typing import Final

_LOOKED_AT: Final = 4096
"""Bytes of a page that are looked at: what stands before a document's first tag is brief."""

_DOCUMENT: Final = re.compile(
    rb"(?:\xef\xbb\xbf|\xff\xfe|\xfe\xff)?\s*(?:<\?xml\b[^>]*>\s*)?(?:<!--.*?-->\s*)*<(?:!doctype\s+html|html|head|body)[\s>]",
    re.IGNORECASE | re.DOTALL,
)
"""A document of HTML as WHATWG's MIME Sniffing (section 7.1) knows it, comments aside.

Of its tags only those are here that open a document: Markdown often begins with a ``div``, a heading or an image.
"""


def media_type_in(raw: bytes) -> str:
    """Return ``text/html`` where ``raw`` begins as a document of HTML does, in whatever encoding, else ``text/plain``.

    >>> media_type_in(b"<!DOCTYPE html><title>Rain</title>")
    'text/html'
    >>> media_type_in(b"<p align=center>A project</p>")
    'text/plain'
    """
    begins = raw[:_LOOKED_AT].replace(b"\0", b"")  # of UTF-16 its ASCII stays
    return "text/html" if _DOCUMENT.match(begins) else "text/plain"
