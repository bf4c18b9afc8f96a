"""Checks on a whole release: its files first, then its manifest, tables and card, then the corpus as a whole."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.dataset as ds

from corpuskit.check.card import check_front_matter, check_text, read_card
from corpuskit.check.columns import load_extension
from corpuskit.check.descriptions import check_descriptions
from corpuskit.check.files import check_files
from corpuskit.check.findings import Finding
from corpuskit.check.integrity import Integrity
from corpuskit.check.join import Join
from corpuskit.check.joined import Joined
from corpuskit.check.manifest import NAME as MANIFEST
from corpuskit.check.manifest import check_counts, check_manifest, read_manifest
from corpuskit.check.page import PageChecks
from corpuskit.check.profile import Profiles, check_drift, check_survival
from corpuskit.check.report import Policy, Report, Sink
from corpuskit.check.tables import TableChecks
from corpuskit.check.versions import check_version
from corpuskit.errors import ReleaseError
from corpuskit.package.release import SUMS
from corpuskit.select.sketch import SIMILAR, similarity

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pyarrow as pa

    from corpuskit.check.manifest import Manifest
    from corpuskit.check.tables import Handler


def verify(folder: Path) -> list[Finding]:
    """Return which files of the release in ``folder`` are missing, changed or not part of it.

    Raises:
        ReleaseError: there is no release in ``folder``, or it cannot be read.
    """
    return list(verify_report(folder).findings)


def verify_report(folder: Path) -> Report:
    """Like :func:`verify`, with the counts.

    Raises:
        ReleaseError: there is no release in ``folder``, or it cannot be read.
    """
    _must_be_release(folder)
    sink = Sink(Policy())
    sink.take(check_files(folder))
    return sink.report(str(folder), 0)


def validate(folder: Path) -> list[Finding]:
    """Return everything that is wrong with the release in ``folder``: files, manifest, card, rows.

    Raises:
        ReleaseError: there is no release in ``folder``, or it cannot be read.
    """
    return list(examine(folder).findings)


def examine(folder: Path, policy: Policy | None = None, against: Path | None = None) -> Report:
    """Check the release in ``folder`` for what ``policy`` asks.

    Args:
        folder: the release.
        policy: severities, budgets and limits; by default those of the rules and of an empty ``corpus.toml``.
        against: the last release of the same dataset, to compare version and corpus with.

    Raises:
        ReleaseError: one of the two is no release, or cannot be read.
        ConfigError: the schema that adds to ours cannot be read.
    """
    policy = policy or Policy()
    _must_be_release(folder)
    if against is not None:
        _must_be_release(against)
    sink = Sink(policy)
    files = list(check_files(folder))
    sink.take(files)
    stated, wrong = read_manifest(folder)
    sink.take(wrong)
    if stated is None:
        return sink.report(str(folder), 0)
    sink.take(check_manifest(folder, stated, {finding.file for finding in files if finding.file}))
    documents = _check_tables(folder, stated, policy, sink, against)
    return sink.report(str(folder), documents)


def _must_be_release(folder: Path) -> None:
    if not folder.is_dir() or not any((folder / name).is_file() for name in (SUMS, MANIFEST)):
        raise ReleaseError(
            "there is no release there",
            where=str(folder),
            remedy=f"Give the folder of a release, with its {SUMS} and {MANIFEST}; `corpuskit build` makes one.",
        )


def _check_tables(folder: Path, stated: Manifest, policy: Policy, sink: Sink, against: Path | None) -> int:
    """Check everything that is in the tables, or is compared with it; return the number of documents."""
    entries = stated["configs"].values()
    splits = tuple(sorted({split for entry in entries for split in entry["splits"]}))
    rows = sum(entry["rows"] for entry in entries)
    extension = load_extension(policy.extends) if policy.extends else None
    with Join(rows + 12 * stated["configs"].get("documents", {"rows": 0})["rows"]) as records:
        integrity, pages, profiles = Integrity(records, splits=splits), PageChecks(policy), Profiles()
        tables = TableChecks(folder, stated, _handlers(integrity, pages, profiles), extension)
        tables.run(sink)
        integrity.finish()
        sink.take(pages.finish())
        joined = Joined(records, tables.broken)
        sink.take(joined.findings())
        sink.take(_near_duplicates(folder, stated, joined))
        for code, source in enumerate(integrity.sources):
            profiles.of(source).main_characters = joined.kept[code]
            profiles.of(source).other_characters = joined.removed[code]
    if "decisions" not in tables.broken:
        sink.take(check_counts(stated, integrity.statuses))
        sink.take(check_survival(profiles, policy.min_survival))
    front, text, wrong = read_card(folder)
    sink.take(wrong)
    if front is not None and "documents" not in tables.broken:
        sink.take(check_front_matter(front, stated, folder, integrity.languages, integrity.licenses))
        sink.take(check_text(text, stated))
    sink.take(check_descriptions(folder, stated, tables.broken))
    if against is not None and not tables.broken:
        sink.take(_check_against(against, folder, stated, profiles))
    return sum(count for (config, _), count in tables.rows.items() if config == "documents")


def _handlers(integrity: Integrity, pages: PageChecks, profiles: Profiles) -> dict[str, Handler]:
    """Return what is done with the rows of each config."""

    def decisions(rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        profiles.decisions(rows)
        return integrity.decisions(rows, file, split)

    def documents(rows: pa.RecordBatch, file: str, split: str) -> Iterator[Finding]:
        profiles.documents(rows)
        yield from integrity.documents(rows, file, split)
        yield from pages.documents(rows, file, split)

    return {
        "decisions": decisions,
        "documents": documents,
        "blocks": integrity.blocks,
        "related": integrity.related,
        "repairs": integrity.repairs,
    }


def _near_duplicates(folder: Path, stated: Manifest, joined: Joined) -> Iterator[Finding]:
    """Settle which candidates are near-duplicates, by their texts."""
    if not joined.candidates:
        return
    files = [folder / f for made in stated["configs"]["documents"]["splits"].values() for f in made["files"]]
    documents = ds.dataset(files, format="parquet")
    for first, second in sorted(joined.candidates):
        table = documents.to_table(columns=["id", "text"], filter=ds.field("id").isin([first, second]))
        texts = dict(zip(*(table.column(name).to_pylist() for name in ("id", "text")), strict=True))
        if len(texts) == 2 and (share := similarity(texts[first], texts[second])) >= SIMILAR:
            yield Finding(
                "split-leak",
                f"shares {share:.0%} of its five-word runs with {first}, in another split; keep them in one",
                document=second,
            )


def _check_against(against: Path, folder: Path, stated: Manifest, profiles: Profiles) -> Iterator[Finding]:
    """Compare with the last release: the version with the changes, each source with what it was."""
    before, wrong = read_manifest(against)
    if before is None:
        raise ReleaseError(
            f"cannot be compared with: {wrong[0].message}", where=str(against), remedy="Give a sound release."
        )
    yield from check_version(against, before, folder, stated)
    if before["name"] == stated["name"]:
        yield from check_drift(profiles.sources, _profiles(against, before).sources)


def _profiles(folder: Path, stated: dict[str, Any]) -> Profiles:
    """Return what the sources of a release are like."""
    profiles, ignored = Profiles(), Sink(Policy())
    with Join(stated["configs"]["documents"]["rows"] * 12) as records:
        splits = tuple(sorted({split for entry in stated["configs"].values() for split in entry["splits"]}))
        integrity = Integrity(records, splits=splits[:1] if len(splits) < 2 else splits)
        tables = TableChecks(folder, stated, _handlers(integrity, PageChecks(Policy()), profiles), None)
        tables.run(ignored)
        integrity.finish()
        joined = Joined(records, tables.broken)
        ignored.take(joined.findings())
        for code, source in enumerate(integrity.sources):
            profiles.of(source).main_characters = joined.kept[code]
            profiles.of(source).other_characters = joined.removed[code]
    return profiles
