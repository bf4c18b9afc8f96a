"""The main job: a corpus to a release.

Pages are listed first and taken in order of (source, id), so that rows come out in order whatever the workers do, and
only one row group for each table is held in memory.
"""

from __future__ import annotations

import os
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

from corpuskit import config as configuration
from corpuskit import read, schema
from corpuskit.errors import CorpuskitError, PageError, ReleaseError, SourceError
from corpuskit.flow import process
from corpuskit.model import Decision, Document, Stage, Status
from corpuskit.run import run_local

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from corpuskit.config import Config
    from corpuskit.package.diff import Diff
    from corpuskit.package.release import Outcome as ReleaseOutcome
    from corpuskit.package.stats import Stats
    from corpuskit.read import PageRef


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page.

    ``document`` is there unless the page was quarantined, ``raw`` unless it could not be read.
    """

    ref: PageRef
    decision: Decision
    document: Document | None = None
    raw: bytes | None = None
    timed_out: bool = False


class Progress(Protocol):
    """Is told of every page that is done; ``total`` is known from the start."""

    def __call__(self, done: int, total: int, counts: dict[str, int]) -> None:
        """``done`` of ``total`` pages are done, ``counts`` of them by status."""


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did; ``diff`` is what its release changes, ``None`` for a first one."""

    path: Path
    outcome: ReleaseOutcome
    pages: dict[str, int]
    configs: dict[str, int]
    content_sha256: str
    not_kept: tuple[tuple[str, Decision], ...]
    timed_out: bool
    diff: Diff | None = None

    @property
    def clean(self) -> bool:
        """Whether no page was lost to something that another run might not meet."""
        return not self.timed_out


def build(  # noqa: PLR0913 - each by name
    config: Config | Path | str = "corpus.toml",
    *,
    dist: Path | str | None = None,
    workers: int | None = None,
    replace: bool = False,
    progress: Progress | None = None,
    approve: Callable[[Path, Diff | None], None] | None = None,
) -> BuildReport:
    """Build the release that ``config`` describes, in ``dist`` (by default ``dist`` beside the configuration).

    The bytes of the release depend on the pages, the settings and the versions of the tool and its libraries, and on
    nothing else; among them is the release before it in ``dist``, which says what this one changes.  Where the release
    already stands there with the same bytes nothing is written.  ``approve`` is shown the whole release and what it
    changes before it takes its place, and may refuse it by raising.

    Raises:
        ConfigError: the configuration is wrong.
        SourceError: a source has no pages, or two pages share an id.
        ReleaseDiffersError: this version stands there with other bytes, and ``replace`` is false.
        ReleaseError: ``dist`` cannot be written, or too few pages survived.
    """
    from corpuskit.package import release  # half a second of pyarrow that `import corpuskit` need not pay
    from corpuskit.package.reference import previous

    if not isinstance(config, configuration.Config):
        config = configuration.load(config)
    target = Path(dist) if dist is not None else config.folder / "dist"
    refs = _find(config)
    folder = target / f"{config.dataset.name}-{config.dataset.version}"
    try:
        with release.locked(target), release.staging(target) as staged:
            before = previous(target, config.dataset.name, config.dataset.version)
            report = _write(staged, config, refs, workers or _default_workers(len(refs)), progress, before)
            if approve is not None:
                approve(staged, report["diff"])
            outcome = release.install(staged, folder, replace=replace)
    except OSError as error:
        raise ReleaseError(
            f"the release could not be written: {error.strerror or error}",
            where=str(error.filename or target),
            remedy="Nothing was left behind. Make room or rights there, or give another folder with --dist.",
        ) from error
    return BuildReport(path=folder, outcome=outcome, **report)


def _find(config: Config) -> list[PageRef]:
    """List the pages of all sources, by (source, id)."""
    refs = [ref for source in sorted(config.source, key=lambda s: s.name) for ref in read.find(source, config.folder)]
    seen: dict[str, PageRef] = {}
    for ref in refs:
        if (other := seen.setdefault(ref.id, ref)) is not ref:
            raise SourceError(
                f"two pages have the id {ref.id}: {other.source}/{other.locator} and {ref.source}/{ref.locator}",
                remedy="Rename one of them.",
            )
    return refs


def _default_workers(pages: int) -> int:
    """Return how many processes are worth starting: a worker costs a second, a page some milliseconds."""
    available = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1
    return max(1, min(available, pages // 200))


def _outcomes(config: Config, refs: Sequence[PageRef], workers: int) -> Iterator[Outcome]:
    return run_local(
        partial(_one_page, config=config), refs, workers=workers, seconds=config.limits.page_seconds, failed=_lost
    )


def _one_page(ref: PageRef, config: Config) -> Outcome:
    """Read one page and take it through the flow; whatever goes wrong with it becomes its decision."""
    raw: bytes | None = None
    try:
        page = read.read(ref, max_bytes=config.limits.max_page_bytes)
        raw = page.raw
        document = process(page, config, encoding=ref.encoding)
    except PageError as error:
        return Outcome(ref, Decision(Status.QUARANTINED, stage=error.stage, error=error.message), raw=raw)
    return Outcome(ref, document.decision, document, raw)


def _lost(ref: PageRef, error: BaseException) -> Outcome:
    """Return the outcome of a page whose worker failed, died or took too long."""
    timed_out = isinstance(error, TimeoutError)
    message = "took longer than limits.page_seconds" if timed_out else f"{type(error).__name__}: {error}"
    return Outcome(ref, Decision(Status.QUARANTINED, stage=Stage.RUN, error=message), timed_out=timed_out)


def _write(  # noqa: PLR0913, PLR0917 - all that a release is made from
    folder: Path,
    config: Config,
    refs: Sequence[PageRef],
    workers: int,
    progress: Progress | None,
    before: Path | None,
) -> dict[str, Any]:
    """Write the release into ``folder`` and return what the report says of it."""
    from corpuskit.package import card, changes, manifest, release, tables  # see build
    from corpuskit.package.stats import Stats

    stats = Stats()
    not_kept: list[tuple[str, Decision]] = []
    timed_out = False

    def counted() -> Iterator[Outcome]:
        nonlocal timed_out
        for done, outcome in enumerate(_outcomes(config, refs, workers), 1):
            stats.count(outcome.decision, outcome.document)
            timed_out = timed_out or outcome.timed_out
            if outcome.decision.status is not Status.KEPT:
                not_kept.append((f"{outcome.ref.source}/{outcome.ref.locator}", outcome.decision))
            if progress is not None:
                progress(done, len(refs), stats.by_status())
            yield outcome

    configs = _write_tables(folder, config, counted())
    _check_balance(stats, len(refs))
    _check_survival(stats, config, not_kept)
    release.write_text(folder / "README.md", card.make(config, stats, configs, manifest.content_digest(configs)))
    for entry in configs.values():
        for split in entry["splits"].values():
            del split["file_bytes"]
    for name in schema.NAMES:
        release.write_text(folder / "schemas" / f"{name}.schema.json", schema.text(name))
    found = changes.write(folder, manifest.facts(config, stats, configs), config, before)
    made = manifest.make(folder, config, stats, configs)
    release.write_text(folder / manifest.NAME, manifest.dump(made))
    release.write_sums(folder)
    return {
        "pages": stats.by_status(),
        "configs": {name: configs[name]["rows"] for name in tables.SCHEMAS},
        "content_sha256": made["content_sha256"],
        "not_kept": tuple(not_kept),
        "timed_out": timed_out,
        "diff": found,
    }


def _write_tables(folder: Path, config: Config, outcomes: Iterable[Outcome]) -> dict[str, dict[str, Any]]:
    """Write the rows of every page to the tables and return the manifest's part on them.

    Related items wait until all documents are known, since each may turn out to be one of them.
    """
    from contextlib import ExitStack

    from corpuskit.package import tables  # see build
    from corpuskit.package.parquet import TableWriter

    split = config.select.split
    paths = {name: folder / "data" / name / f"{split}-00000-of-00001.parquet" for name in tables.SCHEMAS}
    titles: dict[str, str] = {}
    related: list[tables.Row] = []
    with ExitStack() as stack:
        writers = {name: stack.enter_context(TableWriter(name, path)) for name, path in paths.items()}
        for outcome in outcomes:
            ref, document = outcome.ref, outcome.document
            flags = () if document is None else document.flags
            writers["decisions"].write(
                [tables.decision_row(ref.id, ref.source, ref.locator, outcome.raw, outcome.decision, flags)]
            )
            if document is None or outcome.decision.status is not Status.KEPT:
                continue
            writers["documents"].write([tables.document_row(document)])
            writers["blocks"].write(tables.block_rows(document))
            writers["repairs"].write(tables.repair_rows(document))
            related += tables.related_rows(document)
            if document.metadata.title:
                titles.setdefault(_title_key(document.metadata.title), document.id)
        writers["related"].write(_link(related, titles))
        digests = {name: writer.close() for name, writer in writers.items()}
    return {
        name: {
            "rows": writer.rows,
            "logical_sha256": digests[name],
            "splits": {
                split: {
                    "rows": writer.rows,
                    "bytes": writer.bytes,
                    "files": [paths[name].relative_to(folder).as_posix()],
                    "file_bytes": paths[name].stat().st_size,
                }
            },
        }
        for name, writer in writers.items()
    }


def _title_key(title: str) -> str:
    return " ".join(title.casefold().split())


def _link(rows: Sequence[dict[str, Any]], titles: dict[str, str]) -> Iterator[dict[str, Any]]:
    """Give each related item the id of the corpus document that has its title, if another one has."""
    for row in rows:
        found = titles.get(_title_key(row["title"])) if row["title"] else None
        yield {**row, "related_document_id": found if found != row["document_id"] else None}


def _check_balance(stats: Stats, listed: int) -> None:
    """Make sure that no page was lost on the way: read = kept + rejected + quarantined, and all that were listed."""
    pages = stats.by_status()
    if pages["read"] != listed or pages["read"] != pages["kept"] + pages["rejected"] + pages["quarantined"]:
        message = f"pages were lost: {listed} listed, {pages}"
        raise AssertionError(message)


def _check_survival(stats: Stats, config: Config, not_kept: Sequence[tuple[str, Decision]]) -> None:
    """Refuse a release that lost more pages than the settings allow."""
    pages = stats.by_status()
    if pages["kept"] < config.select.min_survival * pages["read"]:
        listed = "\n  ".join(f"{locator}: {explain(decision)}" for locator, decision in not_kept[:10])
        raise ReleaseError(
            f"only {pages['kept']} of {pages['read']} pages survived, fewer than select.min_survival "
            f"({config.select.min_survival:.0%}) asks for:\n  {listed}",
            remedy="Look at the reasons above; lower select.min_survival only if they are right.",
        )


def explain(decision: Decision) -> str:
    """Return why a page was not kept, in a few words."""
    if decision.status is Status.REJECTED:
        return f"rejected by {decision.rule}: {decision.value}, asked for {decision.threshold}"
    return f"quarantined at {decision.stage}: {decision.error}" if decision.status is Status.QUARANTINED else "kept"


__all__ = ["BuildReport", "CorpuskitError", "build", "explain"]
