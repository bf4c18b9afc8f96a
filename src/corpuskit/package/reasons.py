"""What the differences between two releases ask of the version."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from corpuskit.package import bump as bumps
from corpuskit.package.bump import Reason
from corpuskit.package.difference import ColumnEvent
from corpuskit.package.rows import ConfigDiff

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.package.difference import Diff, Licence, SchemaChange
    from corpuskit.package.reference import Reference

_COUNTED: Final = (
    ("removed", "rows-removed", "{n} of {config} removed"),
    ("moved", "rows-moved", "{n} of {config} moved to another split"),
    ("changed", "rows-changed", "{n} of {config} changed"),
    ("completed", "rows-completed", "{n} of {config} completed"),
    ("added", "rows-added", "{n} of {config} added"),
)

_NO_ROWS: Final = ConfigDiff(0, 0)


def reasons(found: Diff, old: Reference, new: Reference) -> Iterator[Reason]:
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
