"""A page to blocks: its lines, labelled."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from corpuskit.model import Block, Flag
from corpuskit.segment import experts, rules
from corpuskit.segment.lines import join_fenced, rejoin, split_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.config import LimitSettings, SegmentSettings
    from corpuskit.segment.html import MarkupPage
    from corpuskit.segment.labeller import Label, Labeller, Line


@dataclass(frozen=True, slots=True)
class Segmented:
    """A page in blocks.

    ``visible`` is the text the blocks span.  ``markup`` is the page as its one parse left it, ``None`` for flattened
    text.  ``flags`` says so where the labelling of flattened text is unsure as a whole.
    """

    visible: str
    blocks: tuple[Block, ...]
    markup: MarkupPage | None = None
    flags: tuple[Flag, ...] = ()


DOUBTFUL: Final = 0.85
"""Expected F1 of the main text below which a page is flagged.

Chosen on development pages of unseen sites (fold 0, flattened three ways): 6% of the pages fell below it with an F1 of
.71 on average, that of the others was .94.
"""


def segment(text: str, media_type: str, settings: SegmentSettings, limits: LimitSettings | None = None) -> Segmented:
    """Split the repaired ``text`` of a page into blocks and label them.

    Raises:
        ValueError: a page of HTML has more elements, or more of them inside each other, than ``limits`` allow, or one
            of text more lines than these allow elements.
    """
    if media_type != "text/html":
        return _segment_flat(text, settings, limits)
    from corpuskit.segment.html import label, read_markup, stated, with_body  # text needs no parser

    page, added = with_body(text, read_markup(text))
    if limits is not None:
        _check("elements", len(page.elements.depth), limits.max_elements)
        _check("depth", max(page.elements.depth, default=0), limits.max_depth)
    return Segmented(page.visible, stated(page, label(page, settings.engine, text), added), page)


def _check(what: str, found: int, most: int) -> None:
    if found > most:
        message = f"is over limits.max_{what} ({most:,}): {found:,}"
        raise ValueError(message)


def _segment_flat(text: str, settings: SegmentSettings, limits: LimitSettings | None) -> Segmented:
    """Return the blocks of flattened text, flagged where the learned labeller doubts the page as a whole."""
    lines = split_lines(text)
    if limits is not None:
        _check("elements", len(lines), limits.max_elements)
    if settings.text == "rules":
        return Segmented(text, _joined(text, lines, rules.label(lines)))
    reading = experts.read(lines)
    blocks = _joined(text, lines, reading.labels)
    doubtful = bool(blocks) and reading.expected_f1 < DOUBTFUL
    evidence = f"the main text is expected to be right to F1 {reading.expected_f1:.2f}"
    flags = (Flag(blocks[0].start, blocks[-1].end, "uncertain-segmentation", evidence),) if doubtful else ()
    return Segmented(text, blocks, flags=flags)


def segment_text(text: str, labeller: Labeller = experts.label) -> tuple[Block, ...]:
    """Return the blocks of flattened text: one for each line or wrapped paragraph, labelled by ``labeller``."""
    lines = split_lines(text)
    return _joined(text, lines, labeller(lines))


def _joined(text: str, lines: Sequence[Line], labels: Sequence[Label]) -> tuple[Block, ...]:
    return to_blocks(*join_fenced(text, *rejoin(text, lines, labels)))


def to_blocks(lines: Sequence[Line], labels: Sequence[Label]) -> tuple[Block, ...]:
    """Return a block for each line with its label.

    Scores have two decimals: processors differ in the last bits of a sum, and a release must not.

    Raises:
        ValueError: there are not as many labels as lines.
    """
    return tuple(
        [
            Block(role, kind, start, end, text, round(score, 2), reason)
            for (start, end, text, _), (role, kind, score, reason) in zip(lines, labels, strict=True)
        ]
    )
