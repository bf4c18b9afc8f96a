"""Whole pages, as data: what each line is, and what the page says of itself.

A case is a file in ``tests/cases/pages``: TOML between ``+++`` lines, then the page with the role and kind of each
line in its margin.  ``known_failures`` in the TOML lists the beginnings of lines whose role the rules get wrong, so
that a case can stand for what is still to be done; one that comes right must be taken off the list.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pytest

import corpuskit as ck
from corpuskit.config import SegmentSettings, defaults
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


KNOWN: dict[str, list[str]] = tomllib.loads(
    (Path(__file__).parents[1] / "cases" / "learned_failures.toml").read_text(encoding="utf-8")
)

case = pytest.mark.parametrize("path", CASES, ids=lambda path: path.stem)


def test_there_are_enough_cases_in_enough_languages() -> None:
    languages = {read_case(path).expected["language"] for path in CASES}
    assert len(CASES) >= 20
    assert len(languages) >= 8


RULES = replace(defaults(), segment=SegmentSettings(text="rules"))


def read_page(text: str) -> ck.Document:
    """Read a page with the rules alone, which must get every case right but for what it lists itself."""
    return ck.clean(text, config=RULES)


def wrong_lines(expected: Case, document: ck.Document) -> dict[str, str]:
    """Return the lines whose role is wrong, by how they begin: a wrapped paragraph is one block of several lines."""
    starts = [match.end() - 1 for match in re.finditer(r"(?<![^\n])[^\S\n]*\S", expected.text)]
    assert len(starts) == len(expected.labels)
    wrong = {}
    for start, label in zip(starts, expected.labels, strict=True):
        block = next(block for block in document.blocks if block.end > start)
        if label.split("/")[0] != block.role:
            line = expected.text[start:].partition("\n")[0]
            wrong[line[:40]] = f"is {label}, not {block.role}/{block.kind} ({block.reason})"
    return wrong


@case
def test_the_rules_give_every_line_its_role(path: Path) -> None:
    expected = read_case(path)
    wrong = wrong_lines(expected, read_page(expected.text))
    known = expected.expected.get("known_failures", [])
    assert {line: why for line, why in wrong.items() if not line.startswith(tuple(known))} == {}
    assert [line for line in known if not any(found.startswith(line) for found in wrong)] == [], "is right now"


@case
def test_the_default_labeller_gets_no_other_line_wrong_than_it_did(path: Path) -> None:
    """What it is known to get wrong is listed; a line that comes right must be taken off the list."""
    expected = read_case(path)
    wrong = wrong_lines(expected, ck.clean(expected.text))
    assert sorted(wrong) == sorted(KNOWN.get(path.stem, []))


@case
def test_metadata_is_what_the_page_states(path: Path) -> None:
    expected = read_case(path)
    metadata = read_page(expected.text).metadata
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
    found = find_related(read_page(expected.text).blocks)
    names = ("title", "source", "age", "text")
    assert [
        {name: getattr(item, name) for name in names if getattr(item, name)} for item in found
    ] == expected.expected.get("related", [])


def test_every_metadata_value_has_its_evidence() -> None:
    for path in CASES:
        metadata = read_page(read_case(path).text).metadata
        used = {evidence.field for evidence in metadata.evidence if evidence.used}
        fields = ("title", "authors", "date_published", "date_modified", "publisher", "section", "language")
        assert {name for name in fields if getattr(metadata, name)} <= used
