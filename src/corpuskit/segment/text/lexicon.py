"""Words that stand in the furniture of web pages, by language, as evidence for the labeller.

Not rules: each group of ``lexicon.toml`` becomes one number per line (how many of its words the line has), and the
trained weights say what that means where it stands.  The lists cover the languages of the training pages only
thinly; their purpose is that a page in a language that training hardly saw still shows its share buttons, datelines
and comment sections.
"""

from __future__ import annotations

import tomllib
from functools import cache
from importlib import resources
from typing import Final

GROUPS: Final[dict[str, str]] = tomllib.loads(
    (resources.files(__package__) / "lexicon.toml").read_text(encoding="utf-8")
)
"""Group name to its words, separated by white space; a word may be in several groups."""


@cache
def word_groups() -> dict[str, int]:
    """Return for each case-folded word the groups it is in, a bit for each."""
    table: dict[str, int] = {}
    for number, words in enumerate(GROUPS.values()):
        for word in words.casefold().split():
            table[word] = table.get(word, 0) | 1 << number
    return table
