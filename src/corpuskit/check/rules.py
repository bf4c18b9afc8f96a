"""The rules: what each looks for, how bad it is, what to do.  They are data, in ``rules.toml``."""

from __future__ import annotations

import functools
import tomllib
from dataclasses import dataclass
from importlib import resources
from typing import TYPE_CHECKING

from corpuskit.check.findings import Severity

if TYPE_CHECKING:
    from collections.abc import Mapping


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule.  ``summary`` is a sentence on what is wrong, ``why`` on why it matters, ``do`` on what to do."""

    id: str
    level: str
    severity: Severity
    summary: str
    why: str
    do: str


@functools.cache
def load() -> Mapping[str, Rule]:
    """Return every rule by its id, in the order of ``rules.toml``."""
    data = tomllib.loads((resources.files("corpuskit.check") / "rules.toml").read_text(encoding="utf-8"))
    return {name: Rule(id=name, severity=Severity(entry.pop("severity")), **entry) for name, entry in data.items()}
