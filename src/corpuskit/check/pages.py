"""The documentation of the rules, made from the rules: ``python -m corpuskit.check.pages docs/rules``."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Final

from corpuskit.check import rules

if TYPE_CHECKING:
    from corpuskit.check.rules import Rule

LEVELS: Final = {
    "files": "Files: is it what was released?",
    "release": "Release: does the manifest say what is there?",
    "table": "Tables: are the rows what is declared, and do the configs fit each other?",
    "card": "Card: does it say what is in the files?",
    "page": "Pages: is the metadata plausible?",
    "corpus": "Corpus: is the release like the last one?",
    "metadata": "Metadata: rows outside of a release",
}
"""The levels, in the order of the index, with their headings."""


def render(rule: Rule) -> str:
    """Return the page of one rule, as Markdown."""
    return (
        f"# {rule.id}\n\n{rule.summary}\n\n"
        f"Level: {rule.level}. Severity: {rule.severity}.\n\n"
        f"## Why\n\n{rule.why}\n\n## What to do\n\n{rule.do}\n\n"
        f'## Settings\n\n```toml\n[[validate.rule]]\nid = "{rule.id}"\nseverity = "warning"  # or "error" or "off"\n'
        "budget = 0.001        # optional: the share of pages that may have it\n```\n"
    )


def render_index() -> str:
    """Return the list of all rules, as Markdown."""
    parts = ["# Rules", "Made from `src/corpuskit/check/rules.toml` by `python -m corpuskit.check.pages docs/rules`."]
    for level, heading in LEVELS.items():
        rows = [
            f"| [{rule.id}]({rule.id}.md) | {rule.severity} | {rule.summary} |"
            for rule in rules.load().values()
            if rule.level == level
        ]
        parts += [f"## {heading}", "\n".join(("| rule | severity | what is wrong |", "| --- | --- | --- |", *rows))]
    return "\n\n".join(parts) + "\n"


def render_all() -> dict[str, str]:
    """Return the text of every file of the documentation, by its name."""
    return {"README.md": render_index(), **{f"{rule.id}.md": render(rule) for rule in rules.load().values()}}


def write(folder: Path) -> None:
    """Write the documentation to ``folder``, and take out pages of rules that are no more."""
    folder.mkdir(parents=True, exist_ok=True)
    made = render_all()
    for path in folder.glob("*.md"):
        if path.name not in made:
            path.unlink()
    for name, text in made.items():
        (folder / name).write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    write(Path(sys.argv[1]))
