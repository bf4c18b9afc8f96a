"""The default labeller of flattened text: the learned one, with the rules as second expert.

On news pages of sites that neither has seen the network finds the article far better than the rules do (shingle F1
.937 against .844 on ``innerText``; .940 together, ``bench/segmentation``), but what a line says outright (a date, a
byline, an image, a rights notice) the rules know for certain.  So the network decides what is main text, and
the rules say what is none where they are sure.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment import rules
from corpuskit.segment.facts import facts_of, width

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.labeller import Label, Line
    from corpuskit.segment.text import Reading
    from corpuskit.segment.text.model import Network

DOUBT: Final = 0.8
"""Below this confidence of the network a sure rule decides."""

_UNDECIDED: Final = 0.5
"""Below this confidence in a line that is no main text no role has a majority, and a likely rule decides."""

_SAID_OF_MUCH: Final = frozenset((Kind.SECTION, Kind.STANDFIRST, Kind.PROMOTION, Kind.OTHER, Kind.TITLE, Kind.HEADING))
"""Kinds whose words and places are those of much else.

Of lines that rules would have given another role than the network as one of these, a reader sides with the rule on 24
and with the network on 312 (texts of pages of folds 1 to 4, networks that had not seen them).
"""

_OPENED: Final = frozenset((Kind.COMMENTS, Kind.PROMOTION))
"""Kinds that headings open, lists of popular articles among them.

How far such a block goes on the network knows better: where the two differed about a line below such a heading, the
rules were right about one in five (unseen pages of folds 1 to 4).
"""

PLAIN: Final = 0.85
"""Share of a page's characters in main text from which it is an article and nothing else, where the rules find a title
and no line that is related or boilerplate."""

_NAME: Final = 24
"""Columns up to which a line is the name of a rubric rather than a headline."""

_NAMES: Final = 6
"""Lines from which an announcement and what stands below it are a list, whatever they say."""

LONG: Final = 32_768
"""Lines beyond which a page is read by the network alone: the rules take a quarter of the time."""


def label(lines: Sequence[Line], network: Network | None = None) -> Sequence[Label]:
    """Label the lines of one page; ``network`` is another than the shipped one, for measurements."""
    return read(lines, network).labels


def read(lines: Sequence[Line], network: Network | None = None) -> Reading:
    """Label the lines of one page and say how well the labels are expected to fit."""
    from corpuskit.segment.text import NEUTRAL, Reading, TextLabeller  # a third of a second of numpy and weights

    if len(lines) > LONG:
        return TextLabeller(network).read(lines)
    ruled_at: dict[int, Label] = {}

    def ask(lines: Sequence[Line]) -> Sequence[Label]:
        given = rules.label(lines)
        ruled_at.update(zip((line.start for line in lines), given, strict=True))
        return [label._replace(score=NEUTRAL) if _unheard(label) else label for label in given]

    reading = TextLabeller(network, second=ask).read(lines)
    ruled = [ruled_at.get(line.start) for line in lines]
    if _is_plain(lines, ruled):
        return Reading(tuple(given for given in ruled if given), 1.0)
    labels = tuple(
        by_rule if by_rule and _rule_decides(line, given, by_rule) else given
        for line, given, by_rule in zip(lines, reading.labels, ruled, strict=True)
    )
    return Reading(_titled(_without_empty_boxes(lines, labels, ruled), ruled), reading.expected_f1)


def _unheard(ruled: Label) -> bool:
    """Whether the network is to hear nothing of the rules' label: what stands below a heading of comments."""
    return ruled.kind is Kind.COMMENTS and ruled.score < rules.SURE


def _is_plain(lines: Sequence[Line], by_rules: Sequence[Label | None]) -> bool:
    """Whether the rules see next to nothing on a page but an article: then there is nothing for the network to find.

    An essay on cookies, a poem or an interview that came without its page's furniture stays as it is.
    """
    sure = [given for given in by_rules if given]
    if len(sure) < len(lines):
        return False
    total = sum(len(line.text) for line in lines)
    kept = sum(len(line.text) for line, given in zip(lines, sure, strict=True) if given.role is Role.MAIN)
    titled = any(given.role is Role.METADATA and given.kind is Kind.TITLE for given in sure)
    furniture = any(given.role in {Role.RELATED, Role.BOILERPLATE} for given in sure)
    return titled and not furniture and kept >= PLAIN * total


def _without_empty_boxes(
    lines: Sequence[Line], labels: Sequence[Label], by_rules: Sequence[Label | None]
) -> tuple[Label, ...]:
    """Call an announcement of what many read, below which no headline stands, a promotion: no article is there.

    The names of rubrics that stand below it instead go with it.
    """
    left = list(labels)
    for start, ruled in enumerate(by_rules):
        if not ruled or ruled.kind is not Kind.PROMOTION or left[start].role is not Role.RELATED:
            continue
        end = start + 1
        while end < min(len(lines), start + _NAMES) and left[end].role is Role.RELATED:
            end += 1
        if end < start + _NAMES and all(width(line.text) <= _NAME for line in lines[start + 1 : end]):
            left[start:end] = [ruled] * (end - start)
    return tuple(left)


def _titled(labels: tuple[Label, ...], by_rules: Sequence[Label | None]) -> tuple[Label, ...]:
    """Take the rules' title where the network sees none and is in doubt about their line."""
    if any(label.kind is Kind.TITLE and label.role is Role.METADATA for label in labels):
        return labels
    for at, (label, ruled) in enumerate(zip(labels, by_rules, strict=True)):
        if ruled and ruled.kind is Kind.TITLE and ruled.role is Role.METADATA:
            doubted = label.role is not Role.MAIN and label.score < DOUBT
            return (*labels[:at], ruled, *labels[at + 1 :]) if doubted else labels
    return labels


def _rule_decides(line: Line, learned: Label, ruled: Label) -> bool:
    """Whether the rule's label of a line stands instead of the network's."""
    if ruled.role is Role.MAIN:
        return learned.role is Role.METADATA and learned.score < _UNDECIDED and facts_of(line.text).ends_sentence
    if ruled.kind in _SAID_OF_MUCH and ruled.role is not Role.RELATED:
        return False
    if ruled.role is Role.METADATA and ruled.kind is not Kind.RIGHTS and _is_someone_elses(learned):
        return False
    if ruled.score >= rules.SURE:
        return learned.role is Role.MAIN or ruled.role is Role.METADATA or learned.score < DOUBT
    likely = ruled.score >= rules.LIKELY and ruled.kind not in _OPENED
    return likely and learned.role is not Role.MAIN and learned.score < _UNDECIDED


def _is_someone_elses(learned: Label) -> bool:
    """Whether a date or name in this line is not the page's: teasers and comments have their own."""
    return learned.role is Role.RELATED or (learned.kind is Kind.COMMENTS and learned.score >= _UNDECIDED)
