"""Addresses as pages write them: some are none (``http://[``), and cost nothing but themselves."""

from __future__ import annotations

from typing import Final
from urllib.parse import SplitResult, urljoin, urlsplit

_NOTHING: Final = SplitResult("", "", "", "", "")


def split(address: str) -> SplitResult:
    """Return the parts of ``address``; of one that cannot be read all are empty.

    >>> split("https://port.example/a").hostname
    'port.example'
    >>> split("http://[").scheme
    ''
    """
    try:
        return urlsplit(address)
    except ValueError:
        return _NOTHING


def absolute(base: str | None, href: str) -> str | None:
    """Return ``href`` as seen from the page at ``base``, as it is without one; ``None`` where it cannot be read.

    >>> absolute("https://port.example/news/", "../a")
    'https://port.example/a'
    >>> absolute("https://port.example/news/", "http://[") is None
    True
    """
    try:
        address = urljoin(base or "", href)
        urlsplit(address)  # what is joined to nothing has not been looked at
    except ValueError:
        return None
    return address
