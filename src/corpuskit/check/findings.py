"""What a check found."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Severity(StrEnum):
    """How bad a finding is."""

    ERROR = "error"
    WARNING = "warning"


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that is wrong: which rule says so, where, and what to do about it.

    ``file`` is a path within the release, ``line`` a line of it (from 1), ``document`` a document's id, ``pointer`` a
    JSON pointer into its row.
    """

    rule: str
    message: str
    severity: Severity = Severity.ERROR
    file: str | None = None
    document: str | None = None
    pointer: str | None = None
    line: int | None = None

    def __str__(self) -> str:
        place = " ".join(part for part in (self.file, self.document, self.pointer) if part)
        return f"{self.severity}: {self.rule}: {place}{': ' if place else ''}{self.message}"


def pointer(*parts: str | int) -> str:
    """Return the JSON pointer (RFC 6901) that leads through ``parts``."""
    return "".join(f"/{str(part).replace('~', '~0').replace('/', '~1')}" for part in parts)
