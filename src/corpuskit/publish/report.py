"""What publishing did, or would do."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import Protocol


class Outcome(StrEnum):
    """What became of a release that was to be published."""

    PUBLISHED = "published"
    SAME = "same"
    PLANNED = "planned"


class Progress(Protocol):
    """Told how far publishing has come."""

    def __call__(self, step: str, done: int, total: int) -> None:
        """``done`` of ``total`` files of the ``step`` that is under way are done."""


@dataclass(frozen=True, slots=True)
class Plan:
    """How a target differs from a release: files to send, there already, and to take out."""

    missing: tuple[str, ...]
    present: tuple[str, ...]
    extra: tuple[str, ...]

    @property
    def done(self) -> bool:
        """Whether there is nothing left to do."""
        return not self.missing and not self.extra


@dataclass(frozen=True, slots=True)
class PublishReport:
    """What publishing did, or with ``dry_run`` would do.

    Attributes:
        name: the dataset's name.
        version: the release's version, X.Y.Z.
        target: where to, as it was asked for.
        tag: the name it has there: its version, or the release candidate's.
        outcome: ``published``, ``same`` (it stood there already) or ``planned`` (nothing was sent).
        sent: the files that were sent, or would be.
        present: the files that were there already, with the right digest.
        sent_bytes: the size of the files in ``sent``.
        new_bytes: how many of those are in chunks that the previous release does not have, as Xet counts them; ``None``
            where that was not asked for or the target knows no chunks.
        commit: on the Hub, the commit that is tagged.
        latest: whether it is what a reader gets who names no version.
    """

    name: str
    version: str
    target: str
    tag: str
    outcome: Outcome
    sent: tuple[str, ...]
    present: tuple[str, ...]
    sent_bytes: int
    new_bytes: int | None = None
    commit: str | None = None
    latest: bool = False


def silent(step: str, done: int, total: int) -> None:
    """Show no progress."""
