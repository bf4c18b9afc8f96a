"""What the documents of each source are like, and how far that is from the last release."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from corpuskit.check.findings import Finding
from corpuskit.model import Status

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

FIELDS: Final = ("title", "authors", "date", "publisher", "section", "language", "url")
"""The fields whose absence is counted."""

FEWEST: Final = 30
"""Documents, in both releases, from which a source's figures are compared: below it a single page moves them."""

LENGTH_RATIO: Final = 1.5
SHIFT: Final = 0.1


@dataclass(slots=True)
class Profile:
    """The figures of one source; sums, so that they can be added to batch by batch."""

    read: int = 0
    kept: int = 0
    documents: int = 0
    log_length: float = 0.0
    missing: Counter[str] = field(default_factory=Counter)
    languages: Counter[str] = field(default_factory=Counter)
    main_characters: int = 0
    other_characters: int = 0

    @property
    def survival(self) -> float:
        """The share of pages read that were kept."""
        return self.kept / self.read if self.read else 0.0

    @property
    def length(self) -> float:
        """The geometric mean of the texts' lengths, in characters."""
        return math.exp(self.log_length / self.documents) if self.documents else 0.0

    @property
    def other(self) -> float:
        """The share of related and boilerplate blocks in all characters that are one of these or main."""
        total = self.main_characters + self.other_characters
        return self.other_characters / total if total else 0.0


@dataclass(slots=True)
class Profiles:
    """The profiles of all sources."""

    sources: dict[str, Profile] = field(default_factory=dict)

    def of(self, source: str) -> Profile:
        """Return the profile of a source, which is made where there is none."""
        return self.sources.setdefault(source, Profile())

    def decisions(self, rows: pa.RecordBatch) -> None:
        """Count decisions."""
        pairs = Counter(zip(rows.column("source").to_pylist(), rows.column("status").to_pylist(), strict=True))
        for (source, status), count in pairs.items():
            profile = self.of(source)
            profile.read += count
            profile.kept += count if status == Status.KEPT else 0

    def documents(self, rows: pa.RecordBatch) -> None:
        """Count documents."""
        logs = np.log1p(pc.utf8_length(rows.column("text")).to_numpy(zero_copy_only=False))
        sources = rows.column("source")
        for source in sources.unique().to_pylist():
            mask = pc.equal(sources, source)
            profile, mine = self.of(source), rows.filter(mask)
            profile.documents += mine.num_rows
            profile.log_length += float(logs[mask.to_numpy(zero_copy_only=False)].sum())
            for name in FIELDS:
                column = mine.column(name)
                empty = pc.equal(pc.list_value_length(column), 0) if pa.types.is_list(column.type) else column.is_null()
                profile.missing[name] += pc.sum(empty).as_py() or 0
            for entry in mine.column("language").value_counts().to_pylist():
                profile.languages[entry["values"] or "unknown"] += entry["counts"]


def check_survival(profiles: Profiles, least: float) -> Iterator[Finding]:
    """Compare the share of pages that survived with what the settings ask for."""
    read = sum(profile.read for profile in profiles.sources.values())
    kept = sum(profile.kept for profile in profiles.sources.values())
    if kept < least * read:
        yield Finding("survival", f"{kept} of {read} pages survived, {least:.0%} are asked for; look at decisions")


def check_drift(new: Mapping[str, Profile], old: Mapping[str, Profile]) -> Iterator[Finding]:
    """Compare each source with what it was in the last release."""
    for source, before in sorted(old.items()):
        after = new.get(source, Profile())
        if before.documents and not after.documents:
            yield Finding("drift-source", f"{source}: had {before.documents} documents and has none; see decisions")
        elif min(before.documents, after.documents) >= FEWEST:
            yield from _drift(source, before, after)


def _drift(source: str, before: Profile, after: Profile) -> Iterator[Finding]:
    if abs(after.survival - before.survival) > SHIFT:
        yield Finding("survival-drift", f"{source}: {before.survival:.0%} of pages survived, now {after.survival:.0%}")
    if not 1 / LENGTH_RATIO <= after.length / max(before.length, 1e-9) <= LENGTH_RATIO:
        yield Finding("drift-length", f"{source}: texts had {before.length:.0f} characters, now {after.length:.0f}")
    if abs(after.other - before.other) > SHIFT:
        yield Finding(
            "drift-boilerplate", f"{source}: {before.other:.0%} of the text was removed, now {after.other:.0%}"
        )
    for name in FIELDS:
        was, is_now = before.missing[name] / before.documents, after.missing[name] / after.documents
        if is_now - was > SHIFT:
            yield Finding("drift-missing", f"{source}: {name} was missing in {was:.0%}, now in {is_now:.0%}")
    distance = 0.5 * sum(
        abs(before.languages[name] / before.documents - after.languages[name] / after.documents)
        for name in {*before.languages, *after.languages}
    )
    if distance > SHIFT:
        shown = " and ".join(
            ", ".join(f"{name} {count / profile.documents:.0%}" for name, count in profile.languages.most_common(3))
            for profile in (before, after)
        )
        yield Finding("drift-language", f"{source}: the languages shifted by {distance:.0%}: {shown}")
