from __future__ import annotations

import re
from pathlib import Path

import pytest

from corpuskit.check import pages, rules

DOCS = Path(__file__).parents[2] / "docs" / "rules"
RULES = rules.load()
SOURCES = Path(rules.__file__).parent


def test_the_pages_are_the_ones_made_from_the_rules() -> None:
    """Where this fails: ``python -m corpuskit.check.pages docs/rules``."""
    assert {path.name: path.read_text(encoding="utf-8") for path in DOCS.iterdir()} == pages.render_all()


def test_pages_of_rules_that_are_no_more_go(tmp_path: Path) -> None:
    (tmp_path / "old-rule.md").write_text("old", encoding="utf-8")
    pages.write(tmp_path)
    assert {path.stem for path in tmp_path.iterdir()} == {"README", *RULES}


@pytest.mark.parametrize("rule", RULES.values(), ids=list(RULES))
def test_a_rule_says_what_is_wrong_why_and_what_to_do(rule: rules.Rule) -> None:
    assert re.fullmatch(r"[a-z]+(-[a-z]+)*", rule.id)
    assert rule.level in pages.LEVELS
    for sentence in (rule.summary, rule.why, rule.do):
        assert sentence.endswith((".", ")")), sentence
        assert sentence[0].isupper() or sentence[0] in '`"', sentence


def test_every_rule_is_used_and_every_used_one_is_there() -> None:
    code = "\n".join(path.read_text(encoding="utf-8") for path in SOURCES.glob("*.py"))
    used = set(re.findall(r'"([a-z]+(?:-[a-z]+)+)"', code)) | {"survival"}
    assert set(RULES) <= used
