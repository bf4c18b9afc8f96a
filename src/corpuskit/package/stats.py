"""What a build counts on the way; everything else is measured on the tables (:mod:`corpuskit.package.figures`)."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpuskit.model import Decision, Document


@dataclass(slots=True)
class Stats:
    """Pages of one build, by status."""

    pages: Counter[str] = field(default_factory=Counter)

    def count(self, decision: Decision, document: Document | None = None) -> None:  # noqa: ARG002 - see pipeline
        """Count one page."""
        self.pages["read"] += 1
        self.pages[decision.status.value] += 1

    def by_status(self) -> dict[str, int]:
        """Return pages read, kept, rejected and quarantined."""
        return {name: self.pages[name] for name in ("read", "kept", "rejected", "quarantined")}
