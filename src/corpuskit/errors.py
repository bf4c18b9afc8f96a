"""What can go wrong, said so that a person can act on it."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from corpuskit.model import Stage


class CorpuskitError(Exception):
    """Something the user can mend: what happened, where, and what to do about it."""

    def __init__(self, what: str, *, where: str | None = None, remedy: str | None = None) -> None:
        super().__init__(what)
        self.what = what
        self.where = where
        self.remedy = remedy

    def __str__(self) -> str:
        place = f"{self.where}: " if self.where else ""
        advice = f"\n{self.remedy}" if self.remedy else ""
        return f"{place}{self.what}{advice}"


class ConfigError(CorpuskitError):
    """The configuration does not say what it must."""


class SourceError(CorpuskitError):
    """A source of pages cannot be read at all."""


class ReleaseError(CorpuskitError):
    """A release cannot be written, read or replaced."""


class ReleaseDiffersError(ReleaseError):
    """A release of this version already stands there with other bytes."""


class PublishError(CorpuskitError):
    """A release cannot be published, or not now."""


class RightsError(PublishError):
    """A release holds documents that may not be published."""


class VersionError(ReleaseError):
    """The version is lower than the changes ask for, or the policy allows none."""


class PageError(Exception):
    """One page cannot be processed: it is quarantined, the others go on.

    The only argument beside the message is the stage; both survive the way between processes.
    """

    def __init__(self, stage: Stage, message: str) -> None:
        super().__init__(stage, message)
        self.stage = stage
        self.message = message

    def __str__(self) -> str:
        return f"{self.stage}: {self.message}"
