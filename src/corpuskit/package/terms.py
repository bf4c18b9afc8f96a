"""What documents may be used for, and whether one release allows less than another.

A licence is a set of restrictions, in ``terms.toml``: one set is tighter than another where it holds something that
the other does not.  That is a partial order, as it should be: neither of CC-BY-SA and CC-BY-NC is the looser one, and
a change from either to the other tightens something.
"""

from __future__ import annotations

import functools
import re
import tomllib
from importlib import resources
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

Terms = frozenset[str]
"""Restrictions, all of which hold."""

_VERSION: Final = re.compile(r"-\d+(?:\.\d+)*(?:-(?:only|or-later))?\+?(?:-[A-Z]{2,3})?$")
"""What an SPDX identifier ends with where the licence has versions or jurisdictions: ``-3.0``, ``-2.0-only``."""


@functools.cache
def _data() -> Mapping[str, Mapping[str, list[str]]]:
    return tomllib.loads((resources.files("corpuskit.package") / "terms.toml").read_text(encoding="utf-8"))


def of_document(rights: str | None, license_id: str | None) -> tuple[Terms, ...]:
    """Return what a document's user may choose from: one set of restrictions for each alternative.

    >>> [sorted(terms) for terms in of_document("open", "CC-BY-SA-4.0 OR MIT")]
    [['attribution', 'share-alike'], ['attribution']]
    """
    if license_id:
        return _of_expression(license_id)
    classes = _data()["rights"]
    return (Terms(classes.get(rights or "unknown", classes["unknown"])),)


def tightened(before: Iterable[Terms], after: Iterable[Terms]) -> bool:
    """Whether something was allowed that is not any more: an alternative that none of those now is as loose as.

    >>> tightened(of_document("open", "CC-BY-4.0"), of_document("open", "CC-BY-NC-4.0"))
    True
    >>> tightened(of_document("reserved", None), of_document("unknown", None))
    False
    """
    now = tuple(after)
    return any(not any(new <= old for new in now) for old in before)


def of_whole(documents: Iterable[tuple[str | None, str | None]]) -> Terms:
    """Return the restrictions on a dataset as a whole: those of every document, each under its loosest alternative."""
    return Terms().union(*(min(of_document(*document), key=len) for document in documents))


@functools.cache
def _of_expression(expression: str) -> tuple[Terms, ...]:
    """Return the alternatives of an SPDX expression: ``OR`` gives several, ``AND`` adds restrictions up.

    Parentheses are read; ``WITH`` only ever permits more, and is left aside.
    """
    tokens = re.findall(r"[()]|[^\s()]+", expression)
    alternatives, rest = _either(tokens)
    return alternatives if not rest else (_of_identifier(expression),)


def _either(tokens: list[str]) -> tuple[tuple[Terms, ...], list[str]]:
    found, tokens = _both(tokens)
    while tokens[:1] and tokens[0].upper() == "OR":
        more, tokens = _both(tokens[1:])
        found += more
    return tuple(dict.fromkeys(found)), tokens


def _both(tokens: list[str]) -> tuple[tuple[Terms, ...], list[str]]:
    found, tokens = _one(tokens)
    while tokens[:1] and tokens[0].upper() == "AND":
        more, tokens = _one(tokens[1:])
        found = tuple(one | other for one in found for other in more)
    return found, tokens


def _one(tokens: list[str]) -> tuple[tuple[Terms, ...], list[str]]:
    if tokens[:1] == ["("]:
        found, tokens = _either(tokens[1:])
        return found, tokens[1:]
    found = (_of_identifier(tokens[0]),) if tokens else (Terms(),)
    tokens = tokens[1:]
    return found, tokens[2:] if tokens[:1] and tokens[0].upper() == "WITH" else tokens


def _of_identifier(identifier: str) -> Terms:
    """Return the restrictions of one licence; one that is not known is as tight as can be, in a way of its own."""
    known = {name.lower(): terms for name, terms in _data()["licence"].items()}
    stem = identifier.removeprefix("LicenseRef-")
    for name in (stem, _VERSION.sub("", stem)):
        if name.lower() in known:
            return Terms(known[name.lower()])
    return Terms((*_data()["rights"]["unknown"], f"terms of {identifier}"))
