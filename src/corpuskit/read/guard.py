"""What goes wrong with a file becomes an item of what is read from it."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from corpuskit.errors import CorpuskitError, PageError
from corpuskit.model import Stage
from corpuskit.read.unit import Skipped, Unreadable

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.model import Page


def guarded(
    found: Iterator[Page | Unreadable | Skipped], source: str, name: str
) -> Iterator[Page | Unreadable | Skipped]:
    """Yield what is ``found``; where reading ends with an error, that is the last item, under ``name``.

    Decompressors, parsers and stores have exceptions of many classes: any of them means that the rest of this file
    cannot be read, and none that another cannot.

    Raises:
        CorpuskitError: the settings do not fit: it is not the file's fault.
    """
    try:
        yield from found
    except CorpuskitError:
        raise
    except PageError as error:
        yield Unreadable(source, name, error)
    except BaseException as error:
        if not isinstance(error, Exception) and type(error).__name__ != "PanicException":
            raise  # what a library written in Rust calls a panic is no Exception, though it is one here
        said = " ".join(str(error).split())
        yield Unreadable(source, name, PageError(Stage.READ, f"cannot be read on: {type(error).__name__}: {said}"))


def summed(found: Iterator[Page | Unreadable | Skipped], source: str) -> Iterator[Page | Unreadable | Skipped]:
    """Yield the pages that are ``found``, and what was skipped, counted, at the end."""
    skipped: Counter[str] = Counter()
    for item in found:
        if isinstance(item, Skipped):
            skipped[item.what] += item.count
        else:
            yield item
    for what, count in sorted(skipped.items()):
        yield Skipped(source, what, count)
