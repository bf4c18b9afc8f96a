"""What differs between two releases, and what that asks of the version.

>>> from corpuskit.package.bump import Bump
>>> max(Bump.PATCH, Bump.MINOR)
<Bump.MINOR: 1>
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from dataclasses import dataclass, field
from enum import StrEnum
from typing import TYPE_CHECKING, Any, Final

from corpuskit.package import bump as bumps
from corpuskit.package import rows as tables
from corpuskit.package import terms
from corpuskit.package.bump import Bump, Policy, Reason
from corpuskit.package.reference import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpuskit.package.reference import Reference
    from corpuskit.package.rows import ConfigDiff, Found

CHANGES: Final = "changes.json"
"""The file of a release that says how it was cleaned and what it changes."""

SAMPLES: Final = 5
"""Documents whose texts are shown before and after."""

_SENTENCE: Final = re.compile(r"(?<=[.!?])\s+|(?<=[。！？])")
"""Where a line is broken for a sample: paragraphs are lines too long to show a change in."""

_LINES: Final = 2_000
"""Lines of a text that are compared for a sample: comparing takes their square at worst."""

_SHOWN: Final = 60
"""Lines of a sample that are shown."""

_WIDTH: Final = 400
"""Characters of a line of a sample that are shown."""


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


def diff(a: Path | str, b: Path | str, *, policy: Policy | str | None = None, samples: int = SAMPLES) -> Diff:
    """Compare two releases, ``a`` the earlier one: folders, addresses that fsspec knows, revisions on the Hub.

    Rows are compared by id, by hashes of their columns, in bounded memory; a config whose digest and splits are the
    same in both manifests is not read.

    Args:
        a: such as ``dist/town-1.0.0`` or ``hf://datasets/org/town@1.0.0``.
        b: the same for the later one.
        policy: what versions promise: ``strict``, ``corrections`` or ``append``; by default what ``b`` says of itself.
        samples: how many changed texts are shown.

    Raises:
        ReleaseError: there is no release at one of them, it cannot be read, or its rows cannot be told apart.
    """
    return compare(resolve(a), resolve(b), policy=policy, samples=samples)


def compare(old: Reference, new: Reference, *, policy: Policy | str | None = None, samples: int = SAMPLES) -> Diff:
    """Like :func:`diff`, for releases that are found already."""
    was, now = old.json(CHANGES), new.json(CHANGES)
    policy = Policy(policy or now.get("policy") or Policy.STRICT)
    found: dict[str, Found] = {}
    schema: list[SchemaChange] = []
    with tables.database() as connection:
        for config in dict.fromkeys((*old.files, *new.files)):
            if config not in old.files or config not in new.files:
                side = new if config in new.files else old
                found[config] = tables.Found(tables.one_sided(side.counts(config), added=side is new))
            else:
                same = _same_rows(old, new, config)
                made = tables.unchanged(same) if same is not None else tables.compare(connection, old, new, config)
                found[config] = made
                schema += _schema(config, old, new, dict(made.renamed))
    documents = found.get("documents", tables.Found(tables.ConfigDiff(0, 0)))
    result = Diff(
        before=_side(old, was),
        after=_side(new, now),
        policy=policy,
        configs={config: made.rows for config, made in found.items()},
        schema=tuple(schema),
        cleaning=_settings(was["cleaning"], now["cleaning"]) if "cleaning" in was and "cleaning" in now else (),
        tools=_settings(old.manifest.get("generator", {}), new.manifest.get("generator", {})),
        accepted=_settings(was.get("accepted", {}), now.get("accepted", {})),
        licence=_licence(documents),
        forgotten=tuple(sorted(_forgotten(now) - _forgotten(was))),
        samples=tuple(_samples(old, new, documents.text_changed[:samples])),
    )
    reasons = sorted(_reasons(result, old, new), key=lambda reason: -reason.bump)
    return dataclasses.replace(result, reasons=tuple(reasons))


def _side(release: Reference, changes: Mapping[str, Any]) -> Side:
    manifest = release.manifest or changes
    return Side(*(manifest.get(name) for name in ("name", "version", "content_sha256")))


def _forgotten(changes: Mapping[str, Any]) -> set[str]:
    return {tombstone["id"] for tombstone in changes.get("forgotten", ())}


def _same_rows(old: Reference, new: Reference, config: str) -> dict[str, int] | None:
    """Return the rows of each split where the manifests say that the rows of ``config`` are the same in both."""
    before, after = (side.manifest.get("configs", {}).get(config) for side in (old, new))
    if not before or not after or before["logical_sha256"] != after["logical_sha256"]:
        return None
    counts = [{name: split["rows"] for name, split in entry["splits"].items()} for entry in (before, after)]
    return counts[0] if list(counts[0].items()) == list(counts[1].items()) else None


def _settings(before: Mapping[str, Any], after: Mapping[str, Any]) -> tuple[Setting, ...]:
    """Return the keys that have other values."""
    return tuple(
        Setting(key, before.get(key), after.get(key))
        for key in sorted({*before, *after})
        if before.get(key) != after.get(key)
    )


def _schema(config: str, old: Reference, new: Reference, renamed: Mapping[str, str]) -> Iterator[SchemaChange]:
    """Yield what happened to the columns of a config."""
    before, after = old.schema(config), new.schema(config)
    if before is None or after is None:
        return
    for column in before:
        if column.name in renamed:
            yield SchemaChange(config, column.name, ColumnEvent.RENAMED, column.name, renamed[column.name])
        elif column.name not in after.names:
            yield SchemaChange(config, column.name, ColumnEvent.REMOVED, str(column.type), None)
        elif after.field(column.name).type != column.type:
            now = str(after.field(column.name).type)
            yield SchemaChange(config, column.name, ColumnEvent.RETYPED, str(column.type), now)
        elif after.field(column.name).nullable != column.nullable:
            event = ColumnEvent.REQUIRED if column.nullable else ColumnEvent.NULLABLE
            yield SchemaChange(config, column.name, event, str(column.type), str(column.type))
    for column in after:
        if column.name not in before.names and column.name not in renamed.values():
            yield SchemaChange(config, column.name, ColumnEvent.ADDED, None, str(column.type))
    common = [[name for name in one.names if name in other.names] for one, other in ((before, after), (after, before))]
    if common[0] != common[1]:
        first = next(b for a, b in zip(*common, strict=True) if a != b)
        yield SchemaChange(config, first, ColumnEvent.REORDERED, ", ".join(common[0]), ", ".join(common[1]))


def _licence(documents: Found) -> Licence:
    before, after = (terms.of_whole(side) for side in documents.whole)
    tighter = [
        change
        for change in documents.terms
        if terms.tightened(terms.of_document(*change.before), terms.of_document(*change.after))
    ]
    return Licence(
        before=tuple(sorted(before)),
        after=tuple(sorted(after)),
        tightened=sum(change.documents for change in tighter),
        examples=tuple(sorted(change.first for change in tighter)),
    )


def _samples(old: Reference, new: Reference, documents: Iterable[str]) -> Iterator[Sample]:
    """Yield how the texts of some documents changed."""
    wanted = list(documents)
    if not wanted:
        return
    before, after = (side.texts("documents", "id", wanted, "text") for side in (old, new))
    for document in wanted:
        yield Sample(document, text_diff(before.get(document, ""), after.get(document, "")))


def text_diff(before: str, after: str) -> str:
    """Return a unified diff of the sentences of two texts, a line each, cut where it is long."""
    lines = [[s for line in text.splitlines()[:_LINES] for s in _SENTENCE.split(line)] for text in (before, after)]
    made = list(difflib.unified_diff(lines[0][:_LINES], lines[1][:_LINES], "before", "after", n=1, lineterm=""))
    cut = [line if len(line) <= _WIDTH else f"{line[:_WIDTH]}…" for line in made[:_SHOWN]]
    return "\n".join([*cut, f"… and {len(made) - _SHOWN} more lines"] if len(made) > _SHOWN else cut)


# --- what the differences ask for ---

_COUNTED: Final = (
    ("removed", "rows-removed", "{n} of {config} removed"),
    ("moved", "rows-moved", "{n} of {config} moved to another split"),
    ("changed", "rows-changed", "{n} of {config} changed"),
    ("completed", "rows-completed", "{n} of {config} completed"),
    ("added", "rows-added", "{n} of {config} added"),
)


def _reasons(found: Diff, old: Reference, new: Reference) -> Iterator[Reason]:
    """Yield every difference that counts for the version."""

    def reason(rule: str, what: str, **where: Any) -> Reason:  # noqa: ANN401 - the fields of a reason
        return Reason(rule, bumps.rules()[rule].bump(found.policy), what, **where)

    if found.before.name and found.after.name and found.before.name != found.after.name:
        yield reason("name-changed", f"{found.before.name} is called {found.after.name}")
    schema_versions = [side.manifest.get("schema_version") for side in (old, new)]
    if None not in schema_versions and schema_versions[0] != schema_versions[1]:
        yield reason("schema-version", f"schemas of version {schema_versions[0]}, now {schema_versions[1]}")
    if found.forgotten:
        count = len(found.forgotten)
        yield reason("forgotten", f"{_number(count, 'document')} forgotten", count=count)
    yield from (reason(*made[:2], **made[2]) for made in _of_rows(found, old, new))
    for change in found.schema:
        where = {"config": change.config, "column": change.column}
        rule = "columns-reordered" if change.change is ColumnEvent.REORDERED else f"column-{change.change}"
        yield reason(rule, _say_column(change), **where)
    if found.licence.tightened:
        count = found.licence.tightened
        yield reason("licence-tightened", f"{_number(count, 'document')} of a tighter licence", count=count)
    elif found.configs.get("documents", _NO_ROWS).before and (more := _more(found.licence)):
        yield reason("licence-tightened", f"the whole now asks for more: {', '.join(more)}")
    for settings, rule, what in (
        (found.cleaning, "cleaning-changed", "other rules of cleaning"),
        (found.accepted, "accepted-rights", "other rights accepted for publication"),
        (found.tools, "tool-changed", "other versions"),
    ):
        if settings:
            keys = ", ".join(setting.key for setting in settings)
            yield reason(rule, f"{what}: {keys}", count=len(settings))


def _of_rows(found: Diff, old: Reference, new: Reference) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Yield rule, words and place for what happened to rows, splits and configs."""
    for config, made in found.configs.items():
        if config not in old.files or config not in new.files:
            event = "added" if config in new.files else "removed"
            yield f"config-{event}", f"the config {config} {event}", {"config": config}
            continue
        counts = {**{name: getattr(made, name) for name, _, _ in _COUNTED}, "changed": made.changed - made.completed}
        for name, rule, what in _COUNTED:
            if count := counts[name]:
                yield rule, what.format(n=_number(count, "row"), config=config), {"config": config, "count": count}
        for event, one, other in (("removed", old, new), ("added", new, old)):
            for split in one.files[config]:
                if split not in other.files[config]:
                    yield f"split-{event}", f"the split {split} of {config} {event}", {"config": config}


def _say_column(change: SchemaChange) -> str:
    name = f"{change.config}.{change.column}"
    return {
        ColumnEvent.ADDED: f"{name} added",
        ColumnEvent.REMOVED: f"{name} removed",
        ColumnEvent.RENAMED: f"{name} renamed to {change.after}",
        ColumnEvent.RETYPED: f"{name} was {change.before}, is {change.after}",
        ColumnEvent.NULLABLE: f"{name} may be null",
        ColumnEvent.REQUIRED: f"{name} may no longer be null",
        ColumnEvent.REORDERED: f"the columns of {change.config} in another order",
    }[change.change]


def _more(licence: Licence) -> list[str]:
    return sorted(set(licence.after) - set(licence.before))


def _number(count: int, what: str) -> str:
    return f"{count:,} {what}{'' if count == 1 else 's'}"


_NO_ROWS: Final = tables.ConfigDiff(0, 0)
