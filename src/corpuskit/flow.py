"""The pure part: one page and the settings in, one document out.

No clock, no network, no global state: what `run/` does with this function cannot change what comes out.
"""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from corpuskit import repair
from corpuskit.describe import describe_page, related_of
from corpuskit.errors import PageError
from corpuskit.model import Document, Page, Stage, main_text
from corpuskit.segment import segment
from corpuskit.select import decide, forget, forgotten_page

if TYPE_CHECKING:
    from collections.abc import Iterator

    from corpuskit.config import Config
    from corpuskit.repair.votes import Votes


def process(
    page: Page,
    config: Config,
    *,
    decoded: str | None = None,
    encoding: str | None = None,
    votes: Votes | None = None,
) -> Document:
    """Take one page through the flow.

    ``decoded`` is the page's text where it is known already (a caller had a ``str``); ``encoding`` is the charset a
    header or the settings declare, by default the page's; ``votes`` are those of all pages of its source on how text
    was misread, where it has any others.

    Raises:
        PageError: a stage failed; it says which and why.
    """
    if (forgotten := forgotten_page(page, config.forgotten)) is not None:
        return forgotten
    if len(page.raw) > config.limits.max_page_bytes:
        raise PageError(Stage.READ, f"is larger than limits.max_page_bytes ({config.limits.max_page_bytes:,} bytes)")
    with _stage(Stage.DECODE):
        if decoded is None:
            read = repair.decode(page.raw, declared=encoding or page.encoding, markup=page.media_type == "text/html")
            decoded, encoding = read.text, read.encoding
    with _stage(Stage.REPAIR):
        repaired = repair.repair(decoded, config.repair, media_type=page.media_type)
        if votes is not None and (others := votes.without(repaired)).seconding():
            repaired = repair.repair(decoded, config.repair, media_type=page.media_type, votes=others)
    with _stage(Stage.SEGMENT):
        segmented = segment(repaired.text, page.media_type, config.segment, config.limits)
    with _stage(Stage.DESCRIBE):
        metadata = describe_page(segmented, page.url, page.headers, config.tdm.get(page.source, ()))
        related = related_of(segmented, page.url)
    with _stage(Stage.SELECT):
        decision = decide(main_text(segmented.blocks), metadata, config.select, repaired.text)
    document = Document(
        page=page,
        encoding=encoding or "utf-8",
        repaired=segmented.visible,
        markup=None if segmented.markup is None else repaired.text,
        repairs=repaired.repairs,
        flags=(*repaired.flags, *segmented.flags),
        blocks=segmented.blocks,
        metadata=metadata,
        related=related,
        decision=decision,
    )
    with _stage(Stage.SELECT):
        return forget(document, config.forgotten, config.select)


@contextmanager
def _stage(stage: Stage) -> Iterator[None]:
    """Turn what goes wrong inside into a :class:`PageError` of this stage."""
    try:
        yield
    except PageError:
        raise
    except Exception as error:
        message = str(error) if isinstance(error, ValueError) else f"{type(error).__name__}: {error}"
        raise PageError(stage, message) from error
