"""Lines and labels to blocks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.model import Block
from corpuskit.segment import rules
from corpuskit.segment.lines import rejoin, split_lines

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.labeller import Label, Labeller, Line


def segment_text(text: str, labeller: Labeller = rules.label) -> tuple[Block, ...]:
    """Return the blocks of flattened text: one for each line or wrapped paragraph, labelled by ``labeller``."""
    lines = split_lines(text)
    return to_blocks(*rejoin(text, lines, labeller(lines)))


def to_blocks(lines: Sequence[Line], labels: Sequence[Label]) -> tuple[Block, ...]:
    """Return a block for each line with its label.

    Raises:
        ValueError: there are not as many labels as lines.
    """
    return tuple(
        Block(label.role, label.kind, line.start, line.end, line.text, round(label.score, 4), label.reason)
        for line, label in zip(lines, labels, strict=True)
    )
