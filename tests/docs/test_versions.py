"""The page on versions shows the rules as they are."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from corpuskit.package.bump import rules

if TYPE_CHECKING:
    from pathlib import Path


def table() -> str:
    lines = ["| a release that | `strict` | `corrections` | why |", "| --- | --- | --- | --- |"]
    lines += [f"| {rule.what} | {rule.strict} | {rule.corrections} | {rule.why} |" for rule in rules().values()]
    return "\n".join(lines)


def test_the_table_is_made_from_the_rules(root: Path) -> None:
    """Where this fails: put what it prints between the two marks."""
    page = (root / "docs" / "versions.md").read_text(encoding="utf-8")
    shown = re.search(r"<!-- table -->\n(.*?)\n<!-- /table -->", page, re.DOTALL)
    assert shown is not None
    assert shown[1] == table()
