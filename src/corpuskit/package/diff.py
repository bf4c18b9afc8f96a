"""What differs between two releases, and what that asks of the version.

>>> from corpuskit.package.bump import Bump
>>> max(Bump.PATCH, Bump.MINOR)
<Bump.MINOR: 1>
"""

from __future__ import annotations

import dataclasses
import difflib
import re
from typing import TYPE_CHECKING, Any, Final

from corpuskit.package import rows as tables
from corpuskit.package import terms
from corpuskit.package.bump import Policy
from corpuskit.package.difference import ColumnEvent, Diff, Licence, Sample, SchemaChange, Setting, Side
from corpuskit.package.reasons import reasons
from corpuskit.package.reference import resolve

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping
    from pathlib import Path

    from corpuskit.package.reference import Reference
    from corpuskit.package.rows import Found

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
    counting = sorted(reasons(result, old, new), key=lambda reason: -reason.bump)
    return dataclasses.replace(result, reasons=tuple(counting))


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
