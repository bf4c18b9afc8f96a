"""Faults for tests: a pass over pages in which some pages do harm to the process that works on them.

Processes of every engine import this by name; nothing of it is in the product.
"""

from __future__ import annotations

import ctypes
import os
import re
import signal
import sys
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from corpuskit import flow
from corpuskit.config import defaults
from corpuskit.flow import process
from corpuskit.model import Page
from corpuskit.passes import pages
from corpuskit.passes.pages import PagePass

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from corpuskit.config import Config
    from corpuskit.model import Document
    from corpuskit.passes.pages import Piece
    from corpuskit.run import Desk


def _raise() -> None:
    message = "as told"
    raise LookupError(message)


def _hang_in_a_library() -> None:
    ctypes.PyDLL(None).sleep(600)  # it holds the interpreter's lock, so that no other thread runs


def _eat_memory() -> None:
    held = []
    while True:
        held.append(bytearray(b"x" * 10_000_000))


HARM: dict[bytes, Callable[[], Any]] = {
    b"raise": _raise,
    b"recurse": lambda: re.compile("(" * 100_000),
    b"hang": lambda: time.sleep(600),
    b"hang in a library": _hang_in_a_library,
    b"SIGKILL": lambda: os.kill(os.getpid(), signal.SIGKILL),
    b"SIGSEGV": lambda: os.kill(os.getpid(), signal.SIGSEGV),
    b"SIGABRT": os.abort,
    b"exit": lambda: os._exit(3),
    b"memory": _eat_memory,
    b"print": lambda: os.write(1, b"\x80\x05 what a library prints") and sys.stdout.flush(),
}
"""What a page that is ``!word!`` and nothing else does."""


def harmful(page: Page, config: Config, **more: Any) -> Document:  # noqa: ANN401 - whatever the flow takes
    """Take a page through the flow, or do what it says."""
    harm = HARM.get(page.raw.strip().strip(b"!")) if page.raw.startswith(b"!") else None
    if harm is not None:
        harm()
    return process(page, config, **more)


@dataclass(frozen=True, slots=True)
class FaultyPass(PagePass):
    """The pass over pages, with small parts, in which pages do what they say."""

    most_pages: int = 4

    def __call__(self, task: Sequence[Piece], desk: Desk) -> None:
        """Do ``task``."""
        vars(pages)["MOST_PAGES"] = self.most_pages
        # Wherever the pass takes it from.
        vars(pages)["process"] = vars(flow)["process"] = harmful
        PagePass.__call__(self, task, desk)


# What the first page would load is loaded here, so that the short time limit of the tests is for pages alone.
process(Page(b"A line of text.", "text/plain", "-", "-"), defaults())
