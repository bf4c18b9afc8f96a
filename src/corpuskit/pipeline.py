"""The main job: a corpus to a release.

A build lists the units of its sources, has the pass over pages make parts of those that no earlier run has done
(:mod:`corpuskit.passes.pages`, by way of :mod:`corpuskit.run`), and has the pass over the corpus make the tables
(:mod:`corpuskit.passes.corpus`).  Neither holds the corpus in memory, and the order in which parts are made has no
part in what comes out.
"""

from __future__ import annotations

import dataclasses
import os
import re
from collections import Counter
from contextlib import ExitStack, closing
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath
from typing import TYPE_CHECKING, Any, Final, Literal, Protocol, get_args

from corpuskit import config as configuration
from corpuskit import read
from corpuskit.errors import ConfigError, CorpuskitError, ReleaseError, SourceError
from corpuskit.model import Decision, Stage, Status
from corpuskit.passes import second_look
from corpuskit.passes.pages import PagePass, Piece
from corpuskit.passes.parts import Index, kept, put, schema
from corpuskit.passes.work import FOLDER, code_digest, key_of, opened, release_digest, settings_digests
from corpuskit.read.files import MEDIA_TYPES
from corpuskit.run import ForkServer, Limits, WorkerError, run_local

if TYPE_CHECKING:
    from collections.abc import Callable, Generator, Mapping, Sequence

    import duckdb

    from corpuskit.config import Config
    from corpuskit.package.difference import Diff
    from corpuskit.package.release import Outcome as ReleaseOutcome
    from corpuskit.passes.parts import Part
    from corpuskit.passes.work import Work
    from corpuskit.repair.votes import Votes

Engine = Literal["local", "ray"]

TASK_UNITS: Final = 128
TASK_BYTES: Final = 32_000_000
"""Small units go to a worker together, until one of these is reached."""

SHARES: Final = 4
"""Of the units that are left a worker is given this part of its share: the last to end has no more to do than that."""

LEAST_UNITS: Final = 8
LEAST_BYTES: Final = 2_000_000
"""Less than both is not worth a task of its own, which leaves a part that takes a hundredth of a second to write."""

_ADDRESS: Final = re.compile(r"[a-z][a-z0-9+.-]+:/", re.IGNORECASE)
"""How the address of a store begins; as a path it has lost a slash."""

MOST_NAMED: Final = 1_000
"""Pages that were not kept and are named in the report; the table of decisions holds all of them."""


@dataclass(slots=True)
class State:
    """How far a build is.

    Attributes:
        units: units there are, and ``units_done`` of them are done; a unit may hold any number of pages.
        bytes: their size, as far as it is known, and ``bytes_done`` of them are done.
        pages: pages that are done, by status.
        reused: pages that an earlier run has done.
    """

    units: int
    bytes: int
    units_done: int = 0
    bytes_done: int = 0
    pages: Counter[str] = field(default_factory=Counter)
    reused: int = 0


class Progress(Protocol):
    """Is told how far a build is, again and again."""

    def __call__(self, state: State) -> None:
        """``state`` goes on changing: what is to be kept of it must be copied."""


@dataclass(frozen=True, slots=True)
class Crew:
    """Who works on pages.

    Attributes:
        engine: processes of this machine, or a Ray cluster.
        workers: how many processes; ``None`` for as many as pay off.
        address: of the cluster; ``None`` for one that is started here.
    """

    engine: Engine
    workers: int | None
    address: str | None


@dataclass(frozen=True, slots=True)
class BuildReport:
    """What a build did.

    Attributes:
        path: the folder of the release.
        outcome: what became of it.
        pages: pages read, kept, rejected and quarantined.
        configs: rows of each table.
        content_sha256: digest of the content of all tables.
        not_kept: pages that were not kept (the first thousand), as source/locator, and why.
        lost: pages that went down with their worker: over time, over memory, or killed.
        reused: pages that an earlier run had done.
        skipped: what was passed over since it is no page by the settings, by what it was: records, and files of a
            folder whose names stand for no format.
        diff: what the release changes; ``None`` for a first one, and where it stood there already.
    """

    path: Path
    outcome: ReleaseOutcome
    pages: dict[str, int]
    configs: dict[str, int]
    content_sha256: str
    not_kept: tuple[tuple[str, Decision], ...]
    lost: int = 0
    reused: int = 0
    skipped: Mapping[str, int] = field(default_factory=dict)
    diff: Diff | None = None

    @property
    def clean(self) -> bool:
        """Whether no page was lost to something that another run might not meet."""
        return not self.lost


def build(  # noqa: PLR0913 - what a run can be told, each by name
    config: Config | Path | str = "corpus.toml",
    *,
    dist: Path | str | None = None,
    work: Path | str | None = None,
    workers: int | None = None,
    engine: Engine = "local",
    address: str | None = None,
    replace: bool = False,
    fresh: bool = False,
    progress: Progress | None = None,
    approve: Callable[[Path, Diff | None], None] | None = None,
) -> BuildReport:
    """Build the release that ``config`` describes, in ``dist`` (by default ``dist`` beside the configuration).

    The bytes of the release depend on the pages, the settings, the versions of the tool and its libraries, and the
    release before it in ``dist``, which says what this one changes, and on nothing else.  Where the release already
    stands there with the same bytes nothing is written.

    Args:
        config: the settings, or where they are.
        dist: where releases go.
        work: where to leave what the next run need not do again; by default ``.corpuskit`` beside the configuration.
        workers: processes that work on pages; by default as many as pay off.
        engine: ``local``: processes of this machine; ``ray``: a Ray cluster, whose machines all see the sources
            under the same path or address; ``work`` and ``dist`` are folders of this machine.
        address: of the Ray cluster; by default one is started on this machine for the time of the build.
        replace: replace a release of this version that has other bytes.
        fresh: use nothing that an earlier run left.
        progress: is told how far the build is.
        approve: is shown the whole release and what it changes before it takes its place, and may refuse it by raising.

    Raises:
        ConfigError: the configuration is wrong.
        SourceError: a source has no pages, or two pages share an id.
        ReleaseDiffersError: this version stands there with other bytes, and ``replace`` is false.
        ReleaseError: ``dist`` or ``work`` is an address, cannot be written, or another run has it; or too few pages
            survived.
        CorpuskitError: workers cannot be started.
        ValueError: ``engine`` or ``workers`` is none that there can be.
    """
    from corpuskit.package import release

    _check_options(dist, work, workers, engine)
    crew = Crew(engine, workers, address)
    if not isinstance(config, configuration.Config):
        config = configuration.load(config)
    _check_encodings(config)
    target = Path(dist) if dist is not None else config.folder / "dist"
    folder = target / f"{config.dataset.name}-{config.dataset.version}"
    units = [unit for source in config.source for unit in read.units(source, config.folder)]
    settings, code = settings_digests(config), code_digest()
    pieces = [Piece(unit, key_of(unit, settings[unit.source], code)) for unit in units]
    try:
        with release.locked(target), opened(_work_folder(config, work), fresh=fresh) as place:
            older = [path for path in target.glob(f"{config.dataset.name}-*") if path != folder and path.is_dir()]
            inputs = release_digest(config, [piece.key for piece in pieces], older)
            facts = None if approve is not None else place.recall(inputs)
            if facts is not None and release.stands(folder, facts["sums"]):
                pages = facts["report"]["pages"]["read"]
                return _report(folder, release.Outcome.SAME, facts["report"] | {"reused": pages}, config)
            index, reused = _pass_over_pages(config, pieces, place, crew, progress)
            first = {name for name, *_ in index.live}
            from corpuskit.package.finish import finish
            from corpuskit.package.reference import previous
            from corpuskit.passes import corpus

            with release.staging(target) as staged:
                threads = min(workers or _default_workers(pieces), _cores())
                with corpus.opened(place.spill, threads=threads) as relations:
                    corpus.show_pages(relations, index, place.parts)
                    if config.repair.mojibake and config.repair.votes:
                        _look_again(relations, config, pieces, index, place, crew)
                    facts, tables = _write(staged, config, index, relations)
                before = previous(target, config.dataset.name, config.dataset.version)
                made, changed = finish(staged, config, tables, before)
                facts |= {"content_sha256": made["content_sha256"], "reused": reused}
                if approve is not None:
                    approve(staged, changed)
                outcome = release.install(staged, folder, replace=replace)
            place.prune(first | {name for name, *_ in index.live})
            if not index.lost:
                place.remember(inputs, {"sums": release.sha256(folder / release.SUMS), "report": facts})
            return dataclasses.replace(_report(folder, outcome, facts, config), diff=changed)
    except OSError as error:
        raise ReleaseError(
            f"the release could not be written: {error.strerror or error}",
            where=str(error.filename or target),
            remedy="No release was left half-written. Make room or rights there, or give other folders with --dist"
            " and --work; then run again: what was done so far is kept.",
        ) from error
    except WorkerError as error:
        raise CorpuskitError(
            f"the workers that process pages cannot work: {error}",
            remedy="Run `corpuskit doctor`; if it finds nothing wrong, this is a defect of corpuskit.",
        ) from error


def _check_options(dist: Path | str | None, work: Path | str | None, workers: int | None, engine: Engine) -> None:
    """Refuse what a build cannot be told: see :func:`build`."""
    if engine not in get_args(Engine):
        raise ValueError(f"engine is {engine!r}; it can be one of {', '.join(get_args(Engine))}")
    if workers is not None and workers < 1:
        raise ValueError(f"workers is {workers}; it must be at least 1")
    for option, where in (("--dist", dist), ("--work", work)):
        if where is not None and _ADDRESS.match(str(where)):
            raise ReleaseError(
                f"{option} must be a folder of this machine",
                where=str(where),
                remedy="Build into a folder, then take the release to the store: `corpuskit publish RELEASE ADDRESS`.",
            )


def _check_encodings(config: Config) -> None:
    """Refuse an encoding that is none: of pages it would be passed over in silence."""
    named = [source for source in config.source if source.encoding is not None]
    if named:
        from corpuskit.repair.labels import encoding_name  # few settings name one

        for source in named:
            if encoding_name(source.encoding or "") is None:
                raise ConfigError(
                    f"source {source.name!r} has the encoding {source.encoding!r}, and there is none of that name",
                    where=str(config.folder),
                    remedy="Give one as browsers or Python call it, such as windows-1251; or none, and bytes tell.",
                )


def _work_folder(config: Config, work: Path | str | None) -> Path:
    return (Path(work) if work is not None else config.folder / FOLDER).resolve() / config.dataset.name


def _report(folder: Path, outcome: ReleaseOutcome, facts: Mapping[str, Any], config: Config) -> BuildReport:
    not_kept = tuple((page, _decision(decision)) for page, decision in facts["not_kept"])
    skipped = Counter(facts["skipped"])
    for source in config.source:
        skipped.update(read.passed_over(source, config.folder))
    return BuildReport(path=folder, outcome=outcome, **{**facts, "not_kept": not_kept, "skipped": dict(skipped)})


def _decision(row: Mapping[str, Any]) -> Decision:
    """Return the decision in a row of the table of decisions."""
    return Decision(
        Status(row["status"]),
        rule=row["rule"],
        value=row["value"],
        threshold=row["threshold"],
        stage=Stage(row["stage"]) if row["stage"] else None,
        error=row["error"],
    )


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _default_workers(pieces: Sequence[Piece]) -> int:
    """Return how many processes are worth starting: a worker costs a third of a second, a page some milliseconds."""
    worth = max(len(pieces) // 200, sum(piece.unit.bytes for piece in pieces) // 20_000_000)
    return max(1, min(_cores(), worth))


def _pass_over_pages(
    config: Config, pieces: Sequence[Piece], place: Work, crew: Crew, progress: Progress | None
) -> tuple[Index, int]:
    """Have all pages done that are not; return where each page is, and how many an earlier run had done."""
    sizes = {piece.key: piece.unit.bytes for piece in pieces}
    index = Index(frozenset(sizes))
    for part in kept(place.parts):
        index.add(part, again=True)
    missing = [Piece(piece.unit, piece.key, index.done(piece.key)) for piece in pieces if not index.complete(piece.key)]
    state = State(len(pieces), sum(sizes.values()), reused=index.pages)
    state.units_done = len(pieces) - len(missing)
    state.bytes_done = state.bytes - sum(piece.unit.bytes for piece in missing)

    def tell(part: Part | None = None) -> None:
        if part is not None:
            ended = [span.key for span in part.spans if span.last]
            state.units_done += len(ended)
            state.bytes_done += sum(sizes[key] for key in ended)
            state.pages.update(part.counts)
        if progress is not None:
            progress(state)

    tell()
    if missing:
        with closing(_run(config, {}, missing, place, crew)) as done:
            for part in done:
                index.add(part)
                tell(part)
    unaccounted = [piece.unit.name for piece in pieces if not index.complete(piece.key)]
    if unaccounted:
        message = f"pages were lost: {len(unaccounted)} units are not whole, such as {unaccounted[0]}"
        raise AssertionError(message)
    if not index.live:
        raise SourceError("the sources hold no page", remedy="Look at `path` and `include` of the [[source]] tables.")
    return index, state.reused


def _look_again(  # noqa: PLR0913, PLR0917 - the parts of one call
    relations: duckdb.DuckDBPyConnection,
    config: Config,
    pieces: Sequence[Piece],
    index: Index,
    place: Work,
    crew: Crew,
) -> None:
    """Have the pages done again that others of their source have a say in, and put them in ``index`` and ``pages``.

    A page that is lost on the way stays as it was.
    """
    from corpuskit.passes import corpus

    votes = second_look.votes(relations)
    doubtful = second_look.doubtful(relations, votes)
    if not doubtful:
        return
    looks = second_look.looks(pieces, votes, doubtful)
    found = Index(frozenset(look.key for look in looks.values()))
    for part in kept(place.parts):
        found.add(part, again=True)
    missing = [left for look in looks.values() if (left := second_look.left(look, found)) is not None]
    if missing:
        with closing(_run(config, votes, missing, place, crew)) as done:
            for part in done:
                found.add(part, again=True)
    second_look.put(index, found, {key: look.key for key, look in looks.items()})
    corpus.show_pages(relations, index, place.parts)


def _run(
    config: Config, votes: Mapping[str, Votes], missing: Sequence[Piece], place: Work, crew: Crew
) -> Generator[Part]:
    """Have pieces done; yield each part once it stands in the work folder."""
    count = crew.workers or _default_workers(missing)
    # Machines of a cluster need not share a folder: there parts come here by Ray's object store.
    folder = str(place.parts) if crew.engine == "local" else None
    # One worker shares with nobody, and may never need what an example needs.
    work = PagePass(config, folder, votes, expected(config, missing) if count > 1 else frozenset())
    limits = Limits(config.limits.page_seconds, config.limits.worker_memory)
    waiting = tasks(missing, count)
    with ExitStack() as ends:
        if crew.engine == "local":
            schema()  # which has Arrow imported: a server that forks from here need not
            server = ends.enter_context(closing(ForkServer(work)))
            server.start()
            _load()
            parts = run_local(work, waiting, workers=count, limits=limits, server=server)
        else:
            from corpuskit.run.ray import run_ray  # its extra may not be installed

            parts = run_ray(work, waiting, workers=count, limits=limits, address=crew.address)
        for part in ends.enter_context(closing(parts)):
            yield put(place.parts, part)


def expected(config: Config, pieces: Sequence[Piece]) -> frozenset[str]:
    """Return the media types that the pages of ``pieces`` have, as far as settings and the names of files tell."""
    stated = {source.name: source.media_type for source in config.source if source.media_type != "auto"}
    return frozenset(
        stated.get(piece.unit.source) or MEDIA_TYPES.get(PurePosixPath(piece.unit.name).suffix, "") for piece in pieces
    )


def _load() -> None:
    """Import what the pass over the corpus needs: others get ready for pages meanwhile."""
    import duckdb  # noqa: F401

    import corpuskit.package.finish
    import corpuskit.passes.corpus  # noqa: F401


def tasks(pieces: Sequence[Piece], workers: int) -> list[tuple[Piece, ...]]:
    """Put small units together, large ones first and ever fewer of them, so that all workers end at about one time.

    How they are put together has no part in what comes out.
    """
    made: list[tuple[Piece, ...]] = []
    held: list[Piece] = []
    left, size = len(pieces), 0
    for piece in sorted(pieces, key=lambda piece: -piece.unit.bytes):
        held.append(piece)
        size += piece.unit.bytes or LEAST_BYTES  # one whose size nobody knows may be large
        share = left if workers == 1 else left / (workers * SHARES)
        enough = len(held) >= share and (len(held) >= LEAST_UNITS or size >= LEAST_BYTES)
        if enough or len(held) >= TASK_UNITS or size >= TASK_BYTES:
            made.append(tuple(held))
            left -= len(held)
            held, size = [], 0
    return [*made, tuple(held)] if held else made


def _write(
    folder: Path, config: Config, index: Index, relations: duckdb.DuckDBPyConnection
) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Write the tables into ``folder``; return what the report says of them, and what the manifest says of each."""
    from corpuskit.passes import corpus

    corpus.take_steps(relations, config)
    pages = corpus.pages_by_status(relations)
    refused = corpus.not_kept(relations, MOST_NAMED)
    not_kept = [(f"{row['source']}/{row['locator']}", row) for row in refused]
    _check_balance(pages, index.pages)
    _check_survival(pages, config, not_kept)
    tables = _write_tables(folder, config, relations)
    facts = {
        "pages": pages,
        "configs": {name: table["rows"] for name, table in tables.items()},
        "not_kept": not_kept,
        "lost": index.lost,
        "skipped": index.skipped,
    }
    return facts, tables


def _write_tables(folder: Path, config: Config, relations: duckdb.DuckDBPyConnection) -> dict[str, dict[str, Any]]:
    """Write the tables and return the manifest's part on them."""
    from corpuskit.package import tables
    from corpuskit.package.parquet import ShardWriter, TableDigest
    from corpuskit.passes import corpus

    entries: dict[str, dict[str, Any]] = {}
    names = corpus.split_names(config)
    for name in tables.SCHEMAS:
        whole = TableDigest(name) if len(names) > 1 else None
        with ExitStack() as files:
            writers = [
                files.enter_context(ShardWriter(name, folder, split, config.package.shard_bytes)) for split in names
            ]
            for split, rows in corpus.table(relations, name):
                writers[split].write_table(rows)
                if whole is not None:
                    whole.add(rows)
            digests = [writer.close() for writer in writers]
        entries[name] = {
            "rows": sum(writer.rows for writer in writers),
            "logical_sha256": digests[0] if whole is None else whole.hex(),
            "splits": {
                split: {"rows": writer.rows, "bytes": writer.bytes, "files": writer.files}
                for split, writer in zip(names, writers, strict=True)
            },
        }
    return entries


def _check_balance(pages: Mapping[str, int], listed: int) -> None:
    """Make sure that no page was lost on the way: read = kept + rejected + quarantined, and all that were read."""
    if pages["read"] != listed or pages["read"] != pages["kept"] + pages["rejected"] + pages["quarantined"]:
        message = f"pages were lost: {listed} read, {pages}"
        raise AssertionError(message)


def _check_survival(
    pages: Mapping[str, int], config: Config, not_kept: Sequence[tuple[str, Mapping[str, Any]]]
) -> None:
    """Refuse a release that lost more pages than the settings allow."""
    if pages["kept"] < config.select.min_survival * pages["read"]:
        listed = "\n  ".join(f"{locator}: {explain(_decision(row))}" for locator, row in not_kept[:10])
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


__all__ = ["BuildReport", "CorpuskitError", "Progress", "State", "build", "explain"]
