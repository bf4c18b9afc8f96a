"""What is said of every release alike: the texts are in ``words.toml``."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources


@dataclass(frozen=True, slots=True)
class Words:
    """Sentences in English, without Markdown.

    Attributes:
        protocol: how a release is made, step by step.
        limits: what to bear in mind.
        personal: what there is of people.
        rights: what the column says.
        trust: how a release can be checked.
        uses: what it is good for.
        maintenance: what becomes of it.
    """

    protocol: list[str]
    limits: list[str]
    personal: list[str]
    rights: str
    trust: str
    uses: list[str]
    maintenance: str


@functools.cache
def words() -> Words:
    """Return the texts."""
    return Words(**tomllib.loads((resources.files("corpuskit.package") / "words.toml").read_text(encoding="utf-8")))
