"""The pass over pages: units of sources in, parts out.

It is the work that processes do, on this machine or another.  What a part holds depends on its pages and the
settings; which pages share a part depends on chance, and nothing may depend on that.
"""

from __future__ import annotations

import time
from bisect import bisect_right
from dataclasses import dataclass, field, replace
from datetime import date
from operator import itemgetter
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from corpuskit import read
from corpuskit.arrow import without_pandas
from corpuskit.errors import CorpuskitError, PageError
from corpuskit.model import Decision, Page, Stage, Status, page_id
from corpuskit.passes import parts
from corpuskit.passes.parts import Index, Part, Span
from corpuskit.read import Skipped, Unreadable
from corpuskit.run import Cause
from corpuskit.select import refusal

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from corpuskit.config import Config
    from corpuskit.model import Document
    from corpuskit.read import Unit
    from corpuskit.repair.votes import Votes
    from corpuskit.run import Desk, Loss

MOST_PAGES: Final = 1_024
MOST_BYTES: Final = 16_000_000
MOST_SECONDS: Final = 10.0
"""A part is written once one of these is reached: what is not yet written is what a killed run has to do again.

The pass over the corpus holds some 20 kB for each part it reads, so that parts must not be too small: in ten seconds
a process does some hundred web pages.
"""


EXAMPLES: Final = {
    "text/html": """<html lang="en"><title>Storm closes the port</title><article><h1>Storm closes the port</h1>
<p>Published: 3 May 2024</p><p>Ferries donâ€™t sail “today”, and the harbour is closed until the wind drops…</p>
<p>Read also: <a href="/pier">The pier is closed too</a></article><footer>© 2024 The Port</footer>""",
    "text/plain": """Storm closes the port
Published: 3 May 2024

Ferries donâ€™t sail “today”, and the harbour is closed until the wind drops…
Read also: The pier is closed too
© 2024 The Port""",
}
"""Pages that need all that a page of their media type may need: the first one takes as long as ten others."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A unit to be done: ``key`` tells its content, ``done`` are the pages of it that parts hold already."""

    unit: Unit
    key: str
    done: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of one page.

    ``document`` is there unless the page was quarantined, ``raw`` unless it could not be read.  ``lost``: it went
    down with its worker, which another run might not meet.
    """

    source: str
    locator: str
    decision: Decision
    document: Document | None = None
    raw: bytes | None = None
    lost: bool = False


@dataclass(frozen=True, slots=True)
class PagePass:
    """Does pieces and writes parts into ``folder``; reports each part as it stands.

    Without a folder it is for those who run it to write them: on another machine, there may be none they share.
    """

    config: Config
    folder: str | None
    votes: Mapping[str, Votes] = field(default_factory=dict)
    """On a second look, how the pages of each source were misread."""
    expected: frozenset[str] = frozenset()
    """Media types that many of the pages will have."""

    def prepare(self) -> None:
        """Load what every page needs, and the models, tables and patterns that a page of those expected needs."""
        without_pandas()  # this is a process of its own
        from corpuskit import flow
        from corpuskit.select import sketch

        del flow
        parts.schema()
        sketch.sketch("")
        for media_type in self.expected & EXAMPLES.keys():
            one_page(Page(EXAMPLES[media_type].encode(), media_type, "example", "example"), self.config)

    def __call__(self, task: Sequence[Piece], desk: Desk) -> None:
        """Do the pages of ``task`` that are not done.

        Raises:
            SourceError: a source as a whole cannot be read.
            OSError: a part cannot be written.
        """
        draft = _Draft(None if self.folder is None else Path(self.folder), desk)
        before = Index(frozenset(piece.key for piece in task))
        for part in desk.reported:
            before.add(part)
        for number, piece in enumerate(task):
            if before.complete(piece.key):
                continue
            piece = replace(piece, done=tuple(sorted((*piece.done, *before.done(piece.key)))))  # noqa: PLW2901 - the same, further on
            draft.begin(piece.key)
            for ordinal, outcome in _outcomes(piece, number, self.config, desk, self.votes.get(piece.unit.source)):
                if outcome is None:
                    draft.skip_to(ordinal + 1)
                elif isinstance(outcome, Skipped):
                    draft.skipped.setdefault(piece.key, {})[outcome.what] = outcome.count
                else:
                    draft.add(ordinal, _unless_forgotten(outcome, self.config))
            draft.end()
        draft.write()


def _outcomes(
    piece: Piece, number: int, config: Config, desk: Desk, votes: Votes | None
) -> Iterator[tuple[int, Outcome | Skipped | None]]:
    """Yield what becomes of each page of a unit, with its place in it; ``None`` for one that is done already.

    Each page is two items to the desk, as it is read and as it is processed: what was lost in the reader takes the
    rest of the unit with it, as a reader cannot pass over what it has not read.
    """
    unit = piece.unit
    source = next(source for source in config.source if source.name == unit.source)
    found = iter(read.pages(unit, source, config.limits))
    ordinal = 0
    while True:
        if (loss := desk.lost.get((number, ordinal, "read"))) is not None:
            locator = unit.name if ordinal == 0 else f"{unit.name}#page-{ordinal}"
            yield ordinal, _lost(unit.source, locator, None, loss, config)
            return
        desk.starting((number, ordinal, "read"))
        try:
            page = next(found, None)
        except (CorpuskitError, PageError):
            raise
        except Exception as error:  # noqa: BLE001 - a reader's mistake costs the unit and not the run
            problem = PageError(Stage.READ, f"the reader {unit.reader!r} failed: {type(error).__name__}: {error}")
            yield ordinal, _quarantined(Unreadable(unit.source, f"{unit.name}#page-{ordinal}", problem), problem)
            return
        if page is None:
            return
        if isinstance(page, Skipped):
            yield ordinal, page
            continue
        if _holds(piece.done, ordinal):
            yield ordinal, None
        elif (loss := desk.lost.get((number, ordinal, "process"))) is not None:
            raw = page.raw if isinstance(page, Page) else None
            yield ordinal, _lost(page.source, page.locator, raw, loss, config)
        else:
            desk.starting((number, ordinal, "process"))
            yield ordinal, one_page(page, config, votes)
        ordinal += 1


def _holds(ranges: Sequence[parts.Range], ordinal: int) -> bool:
    """Tell whether one of ``ranges``, which are in order and do not overlap, holds ``ordinal``."""
    at = bisect_right(ranges, ordinal, key=itemgetter(0))
    return at > 0 and ordinal < ranges[at - 1][1]


def one_page(page: Page | Unreadable, config: Config, votes: Votes | None = None) -> Outcome:
    """Take one page through the flow; whatever goes wrong with it becomes its decision."""
    from corpuskit.flow import process  # a quarter of a second that the process that hands out pages need not pay

    if isinstance(page, Unreadable):
        return _quarantined(page, page.error)
    try:
        document = process(page, config, votes=votes)
    except PageError as error:
        return _quarantined(page, error)
    except Exception as error:  # noqa: BLE001 - whatever it is, it is this page's and no other's
        return _quarantined(page, PageError(Stage.RUN, f"{type(error).__name__}: {error}"))
    return Outcome(page.source, page.locator, document.decision, document, page.raw)


def _unless_forgotten(outcome: Outcome, config: Config) -> Outcome:
    """Return ``outcome``, which says no more of itself if its page is forgotten and did not get as far as the flow."""
    if outcome.document is not None or not config.forgotten:
        return outcome
    page = page_id(outcome.source, outcome.locator)
    if any(stone.id == page for stone in config.forgotten):
        return Outcome(outcome.source, outcome.locator, refusal(), lost=outcome.lost)
    return outcome


def _quarantined(page: Page | Unreadable, error: PageError) -> Outcome:
    decision = Decision(Status.QUARANTINED, stage=error.stage, error=error.message)
    raw = page.raw if isinstance(page, Page) else None
    return Outcome(page.source, page.locator, decision, raw=raw)


def _lost(source: str, locator: str, raw: bytes | None, loss: Loss, config: Config) -> Outcome:
    """Return the outcome of a page that took its worker down."""
    limits = config.limits
    error = {
        Cause.TIME: f"took longer than limits.page_seconds ({limits.page_seconds:g} s)",
        Cause.MEMORY: f"needed more than limits.worker_memory ({limits.worker_memory:,} bytes)",
        Cause.DEATH: f"its process ended: {loss.how}",
    }[loss.cause]
    return Outcome(source, locator, Decision(Status.QUARANTINED, stage=Stage.RUN, error=error), raw=raw, lost=True)


@dataclass(slots=True)
class _Draft:
    """A part that is being filled."""

    folder: Path | None
    desk: Desk
    rows: list[parts.Row] = field(default_factory=list)
    spans: list[Span] = field(default_factory=list)
    skipped: dict[str, dict[str, int]] = field(default_factory=dict)
    key: str = ""
    start: int = 0
    stop: int = 0
    lost: list[tuple[str, int]] = field(default_factory=list)
    ended_early: bool = False
    bytes: int = 0
    began: float = field(default_factory=time.monotonic)

    def begin(self, key: str) -> None:
        self.key, self.start, self.stop, self.ended_early = key, 0, 0, False

    def skip_to(self, ordinal: int) -> None:
        """Pass over pages that other parts hold."""
        self._close_span()
        self.start = self.stop = ordinal

    def add(self, ordinal: int, outcome: Outcome) -> None:
        try:
            row = row_of(self.key, ordinal, outcome)
        except Exception as error:  # noqa: BLE001 - see one_page
            problem = Decision(Status.QUARANTINED, stage=Stage.RUN, error=f"{type(error).__name__}: {error}")
            row = row_of(self.key, ordinal, Outcome(outcome.source, outcome.locator, problem, raw=outcome.raw))
        self.rows.append(row)
        self.stop = ordinal + 1
        self.bytes += len(outcome.raw or b"")
        if outcome.lost:
            self.lost.append((self.key, ordinal))
            # What was lost in the reader ends the unit for this run, and not for the next.
            self.ended_early = outcome.raw is None
        full = len(self.rows) >= MOST_PAGES or self.bytes >= MOST_BYTES
        if full or time.monotonic() - self.began > MOST_SECONDS:
            self.write()

    def end(self) -> None:
        """Note that the unit has no more pages."""
        self._close_span(last=not self.ended_early)

    def write(self) -> None:
        """Write what there is, if there is anything, and report it."""
        self._close_span()
        if self.spans:
            self.desk.resting()
            part = parts.make(self.rows, self.spans, self.lost, self.skipped)
            self.desk.report(part if self.folder is None else parts.put(self.folder, part))
        self.rows, self.spans, self.lost, self.skipped, self.bytes = [], [], [], {}, 0
        self.began = time.monotonic()

    def _close_span(self, *, last: bool = False) -> None:
        if self.stop > self.start or last:
            self.spans.append(Span(self.key, self.start, self.stop, last))
        self.start = self.stop


def title_key(title: str | None) -> str | None:
    """Return what two titles have in common that are the same but for case and white space."""
    return " ".join(title.casefold().split()) if title else None


def row_of(key: str, ordinal: int, outcome: Outcome) -> parts.Row:
    """Return the row of a page in a part: what every table of the release will hold of it."""
    from corpuskit.package import tables
    from corpuskit.select.sketch import sketch  # numpy, which the process that hands out pages does without

    document = outcome.document
    page = page_id(outcome.source, outcome.locator)
    flags = () if document is None else document.flags
    row: parts.Row = {
        "unit": key,
        "ordinal": ordinal,
        "source": outcome.source,
        "id": page,
        "title_key": None,
        "sketch": [],
        "decisions": tables.decision_row(page, outcome.source, outcome.locator, outcome.raw, outcome.decision, flags),
        "documents": None,
        "blocks": {},
        "related": {},
        "repairs": {},
    }
    if document is None or outcome.decision.status is not Status.KEPT:
        return row
    found: dict[str, Any] = tables.document_row(document, row["decisions"]["raw_sha256"])
    found["date"] = date.fromisoformat(found["date"]) if found["date"] else None
    return row | {
        "title_key": title_key(document.metadata.title),
        "sketch": sketch(found["text"]),
        "documents": found,
        "blocks": tables.block_columns(document),
        "related": {
            **tables.related_columns(document),
            "title_key": [title_key(item.title) for item in document.related],
        },
        "repairs": tables.repair_columns(document),
    }


__all__ = ["Outcome", "PagePass", "Part", "Piece", "one_page", "row_of"]
