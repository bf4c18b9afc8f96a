"""The default labeller of flattened text: the learned one, with the rules as second expert.

On news pages of sites that neither has seen the network finds the article far better than the rules do (shingle F1
.915 against .819; .918 together, ``bench/segmentation``), but what a line says outright (a date, a byline, an image,
a rights notice) the rules know for certain.  So the network decides what is main text, and the rules say what is none
where they are sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.model import Role
from corpuskit.segment import rules

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.labeller import Label, Line
    from corpuskit.segment.text.model import Network

DOUBT: Final = 0.8
"""Below this confidence of the network a sure rule decides."""

_PARAGRAPH: Final = 120
"""Characters from which a main line counts as the beginning of the article's text."""

_FACT: Final = 80
"""Characters of the longest line above the text that a likely rule may call metadata."""


def label(lines: Sequence[Line], network: Network | None = None) -> Sequence[Label]:
    """Label the lines of one page; ``network`` is another than the shipped one, for measurements."""
    from corpuskit.segment.text import TextLabeller  # a third of a second of numpy and weights

    by_rules = rules.label(lines)
    ruled_at = {line.start: given for line, given in zip(lines, by_rules, strict=True)}
    learned = TextLabeller(network, second=lambda window: [ruled_at[line.start] for line in window])(lines)
    text = next(
        (i for i, given in enumerate(learned) if given.role is Role.MAIN and len(lines[i].text) >= _PARAGRAPH),
        len(lines),
    )
    return [
        ruled if _rule_decides(line, given, ruled, above_text=i < text) else given
        for i, (line, given, ruled) in enumerate(zip(lines, learned, by_rules, strict=True))
    ]


def _rule_decides(line: Line, learned: Label, ruled: Label, *, above_text: bool) -> bool:
    """Whether the rule's label of a line stands instead of the network's."""
    if ruled.role is Role.MAIN:
        return False
    if ruled.score >= rules.SURE:
        return learned.role is Role.MAIN or ruled.role is Role.METADATA or learned.score < DOUBT
    likely = ruled.role is Role.METADATA and ruled.score >= rules.LIKELY and learned.score < DOUBT
    return likely and (learned.role is not Role.MAIN or (above_text and len(line.text) < _FACT))
