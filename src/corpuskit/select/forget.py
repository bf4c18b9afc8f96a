"""Documents that were asked to be forgotten: known again by their tombstones, and taken out wherever they are.

A tombstone holds digests.  The whole text of a document as hashes of its runs of words would be as good as the text:
who knows four words finds the fifth by trying.  So only a sample of the hashes is kept, those divisible by a number
(FracMinHash: Irber et al., "Lightweight compositional analysis of metagenomes with FracMinHash and minimum metagenome
covers", 2022); it breaks the chain after a word or two, and still tells what share of a page is the document.

What happens to a page:

- it is the document, by id or address, or half of its main text is the document's: it is rejected, and nothing of it
  is left but its id;
- a block or teaser of it carries the document's text or title: the block stays in its place, with its text blacked
  out, so that the blocks still partition the page; the teaser goes.
"""

from __future__ import annotations

import functools
import re
from dataclasses import dataclass, replace
from hashlib import blake2b, sha256
from typing import TYPE_CHECKING, Final

from corpuskit.model import Block, Decision, Document, Kind, Metadata, Role, Status, Tombstone, main_text
from corpuskit.select.rules import decide

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpuskit.config import SelectSettings
    from corpuskit.model import Page, RelatedItem, Repair

RULE: Final = "forgotten"
"""The rule that rejects a page, and the reason of a block that was blacked out."""

BLACK: Final = "█"
"""What stands for every character of a block that was blacked out."""

NEAR: Final = 0.5
"""Share of a page's main text from which it is taken for the forgotten document."""

SAME_BLOCK: Final = 0.5
"""Share of a block from which it is taken for part of the forgotten document."""

SHINGLE: Final = 5
"""Words in a run."""

PASSAGE: Final = 8
"""Words from which a block is known again by its digest: shorter ones are said by everybody."""

TITLE: Final = 3
"""The same for a title, which is looked for only where pages point elsewhere."""

FEWEST: Final = 2
"""Runs that must be shared: five words in a row may be anybody's."""

MOST: Final = 256
"""Hashes that a tombstone holds."""

SCALE: Final = 4
"""Least scale: no text gives away more than a fourth of its runs."""

_WORD: Final = re.compile(r"\w+")
_ADDRESS: Final = re.compile(r"^[a-z][a-z0-9+.-]*://(?:www\.)?|#.*$|/+(?=$|#)", re.IGNORECASE)


def bury(  # noqa: PLR0913 - what is known of it, each by name
    identifier: str,
    *,
    url: str | None,
    title: str | None,
    texts: Iterable[str],
    date: str | None = None,
    reason: str | None = None,
) -> Tombstone:
    """Return the tombstone of a document; ``texts`` are its main blocks.

    >>> stone = bury("0" * 32, url="https://news.example/a", title="The bridge reopens", texts=[])
    >>> stone.title_words, stone.url == bury("0" * 32, url="news.example/a/", title=None, texts=[]).url
    (3, True)
    """
    blocks = list(texts)
    words = _words(title or "")
    hashes = shingles("\n".join(blocks))
    scale = SCALE
    while sum(h % scale == 0 for h in hashes) > MOST:
        scale *= 2
    return Tombstone(
        id=identifier,
        date=date,
        reason=reason,
        url=_address(url) if url else None,
        title=_digest(words) if len(words) >= TITLE else None,
        title_words=len(words) if len(words) >= TITLE else 0,
        passages=tuple(sorted({_digest(w)[:16] for w in map(_words, blocks) if len(w) >= PASSAGE})),
        scale=scale,
        sketch=tuple(sorted(f"{h:016x}" for h in hashes if h % scale == 0)),
    )


def forgotten_page(page: Page, stones: Sequence[Tombstone]) -> Document | None:
    """Return what is left of a page that a tombstone names by id or address, ``None`` for any other page."""
    if not stones:
        return None
    known = _known(tuple(stones))
    named = page.id in known.ids or (page.url is not None and _address(page.url) in known.urls)
    return _nothing(page, 1.0) if named else None


def forget(document: Document, stones: Sequence[Tombstone], settings: SelectSettings) -> Document:
    """Return a document without what is to be forgotten; the same one where it holds none of that."""
    if not stones:
        return document
    known = _known(tuple(stones))
    address = document.metadata.url
    share = 1.0 if address is not None and _address(address) in known.urls else known.share(document.text, NEAR)
    if share >= NEAR:
        return _nothing(document.page, share)
    gone = {i for i, block in enumerate(document.blocks) if known.is_in(block)}
    items = {n for n, item in enumerate(document.related) if known.names(item) or gone.intersection(item.blocks)}
    gone.update(i for n in items for i in document.related[n].blocks)
    if not gone and not items:
        return document
    return _without(document, gone, items, settings)


# --- what tombstones know ---


@dataclass(frozen=True)
class _Known:
    """All tombstones at once."""

    ids: frozenset[str]
    urls: frozenset[str]
    titles: frozenset[tuple[int, str]]
    passages: frozenset[str]
    sketches: tuple[tuple[int, frozenset[int]], ...]

    def share(self, text: str, least: float) -> float:
        """Return the largest share of ``text`` that one forgotten document has too; 0 where it is below ``least``."""
        hashes = shingles(text) if self.sketches else frozenset()
        found = 0.0
        for scale, sketch in self.sketches:
            sampled = [h for h in hashes if h % scale == 0]
            if (shared := sum(h in sketch for h in sampled)) >= FEWEST:
                found = max(found, shared / len(sampled))
        return found if found >= least else 0.0

    def is_in(self, block: Block) -> bool:
        """Whether a block carries a forgotten text; where it points elsewhere, a forgotten title."""
        words = _words(block.text)
        if len(words) >= PASSAGE and _digest(words)[:16] in self.passages:
            return True
        if block.role in {Role.RELATED, Role.BOILERPLATE} and self._titled(words):
            return True
        return self.share(block.text, SAME_BLOCK) > 0

    def names(self, item: RelatedItem) -> bool:
        """Whether a teaser is one of a forgotten document."""
        if item.url is not None and _address(item.url) in self.urls:
            return True
        return item.document_id in self.ids or self._titled(_words(item.title or ""))

    def _titled(self, words: list[str]) -> bool:
        """Whether a forgotten title is among ``words``."""
        return any(
            _digest(words[start : start + count]) in titles
            for count, titles in self._by_length().items()
            for start in range(len(words) - count + 1)
        )

    def _by_length(self) -> dict[int, set[str]]:
        found: dict[int, set[str]] = {}
        for count, digest in self.titles:
            found.setdefault(count, set()).add(digest)
        return found


@functools.lru_cache(maxsize=4)
def _known(stones: tuple[Tombstone, ...]) -> _Known:
    return _Known(
        ids=frozenset(stone.id for stone in stones),
        urls=frozenset(stone.url for stone in stones if stone.url),
        titles=frozenset((stone.title_words, stone.title) for stone in stones if stone.title),
        passages=frozenset(passage for stone in stones for passage in stone.passages),
        sketches=tuple((stone.scale, frozenset(int(h, 16) for h in stone.sketch)) for stone in stones if stone.sketch),
    )


def shingles(text: str) -> frozenset[int]:
    """Return 64-bit hashes of the runs of five words in ``text``, of five characters where words are not spaced."""
    words = _words(text)
    return frozenset(
        int.from_bytes(
            blake2b(" ".join(words[i : i + SHINGLE]).encode("utf-8", "replace"), digest_size=8).digest(), "big"
        )
        for i in range(len(words) - SHINGLE + 1)
    )


def _words(text: str) -> list[str]:
    """Return the words of ``text`` in lower case, its characters where words are not spaced."""
    words = _WORD.findall(text.casefold())
    return words if sum(map(len, words)) < 15 * len(words) else list("".join(words))


def _digest(words: list[str]) -> str:
    return sha256(" ".join(words).encode("utf-8", "replace")).hexdigest()


def _address(url: str) -> str:
    """Return the digest of an address: without scheme, ``www.``, fragment and final slash."""
    return sha256(_ADDRESS.sub("", url.strip()).encode("utf-8", "replace")).hexdigest()


# --- what is left ---


def refusal(share: float = 1.0) -> Decision:
    """Return the decision on a page that is forgotten, of which ``share`` is the forgotten document."""
    return Decision(Status.REJECTED, rule=RULE, value=f"{share:.2f}", threshold=f"less than {NEAR}")


def _nothing(page: Page, share: float) -> Document:
    return Document(
        page=page,
        encoding="utf-8",
        repaired="",
        markup=None,
        repairs=(),
        flags=(),
        blocks=(),
        metadata=Metadata(),
        related=(),
        decision=refusal(share),
    )


def _without(document: Document, gone: set[int], items: set[int], settings: SelectSettings) -> Document:
    """Return a document with some blocks blacked out and some teasers gone."""
    spans = [(document.blocks[i].start, document.blocks[i].end) for i in sorted(gone)]
    repaired = _black_out(document.repaired, spans)
    blocks = tuple(
        block._replace(role=Role.BOILERPLATE, kind=Kind.OTHER, text=BLACK * len(block.text), score=1.0, reason=RULE)
        if i in gone
        else block
        for i, block in enumerate(document.blocks)
    )
    metadata = _metadata(document.metadata, {f"block {i}" for i in gone})
    markup = document.markup is not None
    return replace(
        document,
        repaired=repaired,
        # Spans of repairs are spans of the markup, where nobody knows which of them lie in a block.
        markup=None,
        repairs=() if markup else tuple(_repair(repair, repaired, spans) for repair in document.repairs),
        flags=() if markup else tuple(flag for flag in document.flags if not _overlaps(flag.start, flag.end, spans)),
        blocks=blocks,
        metadata=metadata,
        related=tuple(item for n, item in enumerate(document.related) if n not in items),
        decision=decide(main_text(blocks), metadata, settings)
        if document.decision.status is Status.KEPT
        else document.decision,
    )


def _black_out(text: str, spans: Iterable[tuple[int, int]]) -> str:
    parts, position = [], 0
    for start, end in spans:
        parts += [text[position:start], BLACK * (end - start)]
        position = end
    return "".join((*parts, text[position:]))


def _overlaps(start: int, end: int, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether [start, end) touches one of ``spans``; an empty one inside of a span does."""
    return any(start < other_end and other_start < max(end, start + 1) for other_start, other_end in spans)


def _repair(repair: Repair, repaired: str, spans: Sequence[tuple[int, int]]) -> Repair:
    """Return a repair that says nothing of what was blacked out, and can be undone on what is left."""
    if not _overlaps(repair.after_start, repair.after_end, spans):
        return repair
    after = repaired[repair.after_start : repair.after_end]
    return replace(repair, before=BLACK * len(repair.before), after=after, evidence=RULE)


def _metadata(metadata: Metadata, where: set[str]) -> Metadata:
    """Return metadata without the values that were read from blacked out blocks."""
    lost = {found.field for found in metadata.evidence if found.used and found.where in where}
    empty = Metadata()
    changes = {name: getattr(empty, name) for name in lost if hasattr(empty, name)}
    evidence = tuple(found for found in metadata.evidence if found.where not in where and found.field not in lost)
    return replace(metadata, **changes, evidence=evidence)
