"""What a build counts on the way, for the card and the manifest."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from corpuskit.model import Status

if TYPE_CHECKING:
    from corpuskit.model import Decision, Document


@dataclass(slots=True)
class Stats:
    """Counts over the pages of one build; characters are those of blocks."""

    pages: Counter[str] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    blocks: Counter[tuple[str, str]] = field(default_factory=Counter)
    characters: Counter[tuple[str, str]] = field(default_factory=Counter)
    repairs: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    rights: Counter[str] = field(default_factory=Counter)
    licenses: Counter[str] = field(default_factory=Counter)
    related: int = 0

    def count(self, decision: Decision, document: Document | None) -> None:
        """Count one page: its decision, and where it was kept what is in it."""
        self.pages["read"] += 1
        self.pages[decision.status.value] += 1
        if decision.status is not Status.KEPT:
            self.reasons[decision.rule or f"{decision.stage}: {decision.error}"] += 1
        if document is None or decision.status is not Status.KEPT:
            return
        for block in document.blocks:
            self.blocks[block.role, block.kind] += 1
            self.characters[block.role, block.kind] += len(block.text)
        for repair in document.repairs:
            self.repairs[repair.rule] += 1
        self.related += len(document.related)
        self.languages[document.metadata.language or "unknown"] += 1
        self.rights[document.metadata.rights.value] += 1
        self.licenses[document.metadata.license or "none named"] += 1

    def by_status(self) -> dict[str, int]:
        """Return pages read, kept, rejected and quarantined."""
        return {name: self.pages[name] for name in ("read", "kept", "rejected", "quarantined")}
