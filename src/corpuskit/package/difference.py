"""What may differ between two releases: the words that a comparison answers in."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from corpuskit.package import bump as bumps
from corpuskit.package.bump import Bump, Policy, Reason

if TYPE_CHECKING:
    from corpuskit.package.rows import ConfigDiff


@dataclass(frozen=True, slots=True)
class Side:
    """One of the two releases; ``None`` where it does not say."""

    name: str | None
    version: str | None
    content_sha256: str | None


class ColumnEvent(StrEnum):
    """What happened to a column, a config or a split; the value ends the name of its rule."""

    ADDED = "added"
    REMOVED = "removed"
    RENAMED = "renamed"
    RETYPED = "retyped"
    NULLABLE = "nullable"
    REQUIRED = "required"
    REORDERED = "reordered"


@dataclass(frozen=True, slots=True)
class SchemaChange:
    """What happened to a column: of which config, and what stood there before and stands there now."""

    config: str
    column: str
    change: ColumnEvent
    before: str | None = None
    after: str | None = None


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting, a model's digest or a library's version that is another one; ``None`` where it was or is not there."""

    key: str
    before: Any
    after: Any


@dataclass(frozen=True, slots=True)
class Licence:
    """What became of what the documents allow.

    ``before`` and ``after`` are the restrictions on the whole, ``tightened`` counts documents that allow less, of
    which ``examples`` are some.
    """

    before: tuple[str, ...] = ()
    after: tuple[str, ...] = ()
    tightened: int = 0
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Sample:
    """How the text of one document changed: a unified diff of its lines."""

    document: str
    diff: str


@dataclass(frozen=True, slots=True)
class Diff:
    """What differs between two releases.

    Attributes:
        before: the first of the two.
        after: the second.
        policy: what the versions of the dataset promise.
        reasons: every difference that counts for the version, the weightiest first.
        configs: the rows, by config, for the configs that either has.
        schema: what happened to columns.
        cleaning: settings and models that decide the rows and are others now; empty too where a release does not say.
        tools: the tool and its libraries, where of another version.
        accepted: classes of rights accepted for publication, where others or for another reason.
        licence: what became of what the documents allow.
        forgotten: ids of the documents that the second has forgotten and the first had not.
        samples: how some texts changed.
    """

    before: Side
    after: Side
    policy: Policy
    reasons: tuple[Reason, ...] = ()
    configs: dict[str, ConfigDiff] = field(default_factory=dict)
    schema: tuple[SchemaChange, ...] = ()
    cleaning: tuple[Setting, ...] = ()
    tools: tuple[Setting, ...] = ()
    accepted: tuple[Setting, ...] = ()
    licence: Licence = field(default_factory=Licence)
    forgotten: tuple[str, ...] = ()
    samples: tuple[Sample, ...] = ()

    @property
    def bump(self) -> Bump:
        """The least part of the version that has to rise."""
        return bumps.least(self.reasons)

    @property
    def same(self) -> bool:
        """Whether rows, columns and rules of cleaning are the same: a patch release would do."""
        return self.bump is Bump.PATCH

    @property
    def least_version(self) -> str | None:
        """The least version that the second may have; ``None`` where the first has none."""
        return None if self.before.version is None else bumps.raised(self.before.version, self.bump)

    @property
    def refused(self) -> Reason | None:
        """The reason for which the policy allows no version at all, if there is one."""
        return bumps.refused(self.reasons, self.policy)

    def to_json(self) -> dict[str, Any]:
        """Return the difference as ``schemas/changes.schema.json`` describes it (``$defs/diff``)."""
        made = dataclasses.asdict(self)
        for reason in made["reasons"]:
            reason["bump"] = str(reason["bump"])
        return {
            **{name: made.pop(name) for name in ("before", "after", "policy")},
            "same": self.same,
            "bump": str(self.bump),
            "least_version": self.least_version,
            **made,
        }
