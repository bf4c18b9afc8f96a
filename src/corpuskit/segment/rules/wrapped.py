"""Paragraphs that are wrapped hard."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.facts import Facts
    from corpuskit.segment.labeller import Line


def wrapped(lines: Sequence[Line], facts: Sequence[Facts]) -> list[bool]:
    """Say which lines are part of a hard-wrapped paragraph.

    A paragraph is a run of lines without a blank line between, three or more, whose lines but the last are about
    equally long (50 to 100 columns, as mail and terminals wrap) and which ends as a sentence does.  On a page that
    has such a run, two lines are enough where the first is about as long as the page's others.
    """
    runs: list[range] = []
    start = 0
    for i in range(1, len(facts) + 1):
        if i == len(facts) or lines[i].gap != 1:
            runs.append(range(start, i))
            start = i
    widths = {run: [facts[i].width for i in run[:-1]] for run in runs if len(run) > 1 and facts[run[-1]].ends_sentence}
    full = {run for run, w in widths.items() if len(run) >= 3 and 50 <= max(w) <= 100 and min(w) >= 0.6 * max(w)}
    column = max((max(widths[run]) for run in full), default=0)
    pairs = {run for run, w in widths.items() if len(run) == 2 and 0.75 * column <= w[0] <= column + 5}
    result = [False] * len(facts)
    for run in full | (pairs if column else set()):
        result[run.start : run.stop] = [True] * len(run)
    return result
