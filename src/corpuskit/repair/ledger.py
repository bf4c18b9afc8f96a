"""Several passes of edits, kept as one flat list against the first text.

Each rule edits the text the rule before it left.  The ledger composes their edits, so that the reader of a repair
sees what stood in the decoded text and what stands in the repaired one, however many rules lie between.
"""

from __future__ import annotations

import heapq
from dataclasses import replace
from typing import TYPE_CHECKING, NamedTuple

from corpuskit.model import Repair
from corpuskit.repair.vocabulary import Edit

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence


class Ledger:
    """A text under repair and the edits that made it what it is.

    Attributes:
        text: the text as it stands now.
        edits: the edits of the first text that made it so.
    """

    def __init__(self, text: str) -> None:
        self._original = text
        self.edits: list[Edit] = []
        self.text = text

    def apply(self, edits: Sequence[Edit]) -> None:
        """Make ``edits``, which are in order, do not overlap and count in the text as it stands now."""
        if not edits:
            return
        changed = apply_edits(self.text, edits)
        self.edits = compose(self.edits, edits, self.text) if self.edits else list(edits)
        self.text = changed

    def repairs(self) -> tuple[Repair, ...]:
        """Return the edits made so far as repairs of the first text; edits that came to nothing are left out."""
        repairs = []
        shift = 0
        for edit in self.edits:
            before = self._original[edit.start : edit.end]
            if before == edit.after:
                continue
            start = edit.start + shift
            end = start + len(edit.after)
            repairs.append(Repair(edit.start, edit.end, start, end, before, edit.after, edit.rule, edit.evidence))
            shift = end - edit.end
        return tuple(repairs)


def apply_edits(text: str, edits: Iterable[Edit]) -> str:
    """Return ``text`` with ``edits`` made."""
    parts: list[str] = []
    position = 0
    for edit in edits:
        parts += (text[position : edit.start], edit.after)
        position = edit.end
    return "".join((*parts, text[position:]))


def compose(first: Sequence[Edit], second: Sequence[Edit], between: str) -> list[Edit]:
    """Return the edits that do at once what ``first``, then ``second`` do.

    Args:
        first: edits of some text, in order.
        second: edits of ``between``, in order.
        between: what ``first`` makes of that text.

    Edits of the two that overlap become one, which names the rules and the evidence of both.
    """
    composed: list[Edit] = []
    shift = 0
    for cluster in _clusters(first, second):
        start, end = cluster[0].start, max(span.end for span in cluster)
        begins = start - shift
        shift += sum(len(span.edit.after) - (span.edit.end - span.edit.start) for span in cluster if not span.late)
        if len(cluster) == 1:
            composed.append(replace(cluster[0].edit, start=begins, end=end - shift))
            continue
        late = [replace(span.edit, start=span.start - start, end=span.end - start) for span in cluster if span.late]
        rule = "+".join(dict.fromkeys(name for span in cluster for name in span.edit.rule.split("+")))
        evidence = "; ".join(dict.fromkeys(span.edit.evidence for span in cluster))
        composed.append(Edit(begins, end - shift, apply_edits(between[start:end], late), rule, evidence))
    return composed


class _Span(NamedTuple):
    """Where an edit stands in the text between two passes: what an early one left, or what a late one takes."""

    start: int
    end: int
    late: bool
    edit: Edit


def _clusters(first: Sequence[Edit], second: Sequence[Edit]) -> Iterator[list[_Span]]:
    """Yield the edits of both passes in order, those that overlap together.

    At one place early edits come first: what was deleted there lies before what the late pass changes from there on.
    """
    cluster: list[_Span] = []
    end = 0
    for span in heapq.merge(_early(first), _late(second), key=lambda span: (span.start, span.late)):
        if cluster and span.start < end:
            cluster.append(span)
            end = max(end, span.end)
            continue
        if cluster:
            yield cluster
        cluster, end = [span], span.end
    if cluster:
        yield cluster


def _early(edits: Iterable[Edit]) -> Iterator[_Span]:
    shift = 0
    for edit in edits:
        start = edit.start + shift
        end = start + len(edit.after)
        yield _Span(start, end, late=False, edit=edit)
        shift = end - edit.end


def _late(edits: Iterable[Edit]) -> Iterator[_Span]:
    return (_Span(edit.start, edit.end, late=True, edit=edit) for edit in edits)
