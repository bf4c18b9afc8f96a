"""Whole pages, as data: what each line is, and what the page says of itself.

A case is a file in ``tests/cases/pages``: TOML between ``+++`` lines, then the page with the role and kind of each
line in its margin.  ``known_failures`` in the TOML lists the beginnings of lines whose role the rules get wrong, so
that a case can stand for what is still to be done; one that comes right must be taken off the list.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

import corpuskit as ck
from corpuskit.describe import find_related

CASES = sorted((Path(__file__).parents[1] / "cases" / "pages").glob("*.txt"))


@dataclass(frozen=True)
class Case:
    expected: dict[str, Any]
    text: str
    labels: list[str]


def read_case(path: Path) -> Case:
    _, head, body = path.read_text(encoding="utf-8").split("+++\n", 2)
    labels, lines = [], []
    for row in body.removesuffix("\n").split("\n"):
        margin, _, line = row.partition("| " if "| " in row else "|")
        labels += [margin.strip()] if margin.strip() else []
        lines.append(line)
    return Case(tomllib.loads(head), "\n".join(lines), labels)


case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


def test_there_are_enough_cases_in_enough_languages() -> None:
    languages = {read_case(path).expected["language"] for path in CASES}
    assert len(CASES) >= 20
    assert len(languages) >= 8


def _block_of_each_line(text: str) -> list[ck.Block]:
    """Return the block that each visible line begins in: a wrapped paragraph is one block of several lines."""
    blocks = ck.clean(text).blocks
    starts = [match.start() for match in re.finditer(r"(?<![^\n])[^\S\n]*\S", text)]
    return [next(block for block in blocks if block.end > start) for start in starts]


@case
def test_every_line_has_its_role(path: Path) -> None:
    expected = read_case(path)
    blocks = _block_of_each_line(expected.text)
    assert len(blocks) == len(expected.labels)
    wrong = [
        f"{block.text[:40]!r} is {label}, not {block.role}/{block.kind} ({block.reason})"
        for block, label in zip(blocks, expected.labels, strict=True)
        if label.split("/")[0] != block.role
    ]
    known = expected.expected.get("known_failures", [])
    assert [line for line in wrong if not any(start in line for start in known)] == []
    assert [start for start in known if not any(start in line for line in wrong)] == [], "is right now: take it off"


@case
def test_metadata_is_what_the_page_states(path: Path) -> None:
    expected = read_case(path)
    metadata = ck.clean(expected.text).metadata
    stated = expected.expected["metadata"]
    known = expected.expected.get("known_missing", [])
    for name in ("title", "authors", "date_published", "date_modified", "publisher"):
        value = getattr(metadata, name)
        found = list(value) if isinstance(value, tuple) else value
        wanted = stated.get(name, [] if name == "authors" else None)
        if name in known:
            assert found in (None, []), "a field that is known to be missed may be missing, but not wrong"
        else:
            assert found == wanted, name
    for name in ("section", "rights"):
        if name in stated:
            value = getattr(metadata, name)
            assert (list(value) if isinstance(value, tuple) else value) == stated[name], name
    assert metadata.language == expected.expected["language"]


@case
def test_related_items_are_records(path: Path) -> None:
    expected = read_case(path)
    found = find_related(ck.clean(expected.text).blocks)
    names = ("title", "source", "age", "text")
    assert [
        {name: getattr(item, name) for name in names if getattr(item, name)} for item in found
    ] == expected.expected.get("related", [])


def test_every_metadata_value_has_its_evidence() -> None:
    for path in CASES:
        metadata = ck.clean(read_case(path).text).metadata
        used = {evidence.field for evidence in metadata.evidence if evidence.used}
        fields = ("title", "authors", "date_published", "date_modified", "publisher", "section", "language")
        assert {name for name in fields if getattr(metadata, name)} <= used
