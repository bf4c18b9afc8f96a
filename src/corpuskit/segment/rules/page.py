"""A page as the rules see it: what is known of each line, and what a line says of itself."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment import cues
from corpuskit.segment.facts import facts_of, read_cues, width
from corpuskit.segment.labeller import Label
from corpuskit.segment.rules.given import LABELS, LIKELY, SURE
from corpuskit.segment.rules.opening import find_start, find_title
from corpuskit.segment.rules.wrapped import wrapped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.cues import Cue
    from corpuskit.segment.facts import Facts
    from corpuskit.segment.labeller import Line

_NOTICE: Final = 600
"""Columns of the longest line that may be a notice: legal ones run to 500."""
_NOTICES: Final = 20
"""Rights lines and disclaimers of a page that are looked at for a name."""


class Page:
    """One page while it is being labelled.

    ``labels`` is filled from the top; ``title`` and ``start`` are the lines of the title (``None`` where none
    is) and of the first running text.
    """

    def __init__(self, lines: Sequence[Line]) -> None:
        self.lines = lines
        self.facts = [facts_of(line.text) for line in lines]
        self.count = len(lines)
        self.wrapped = wrapped(lines, self.facts)
        self.folded = [facts.folded for facts in self.facts]
        self.cue = self._find_cues()
        self.repeats = Counter(self.folded)
        self.prose = [
            (facts.prose or joined) and self.repeats[folded] == 1 and not facts.doubled
            for facts, joined, folded in zip(self.facts, self.wrapped, self.folded, strict=True)
        ]
        self.notices = [
            folded
            for folded, cue in zip(self.folded, self.cue, strict=True)
            if cue is not None and cue.kind in (Kind.RIGHTS, Kind.DISCLAIMER)
        ][:_NOTICES]
        self.labels: list[Label | None] = [None] * self.count
        self._said: dict[int, Label | None] = {}
        self.title = find_title(self)
        self.start = find_start(self)
        self.proseless = sum(self.prose[self.start :]) <= max(1, (self.count - self.start) // 8)

    def _find_cues(self) -> list[Cue | None]:
        """Return the surest cue of each line, none for numbered entries of a list and lines too long for a notice."""
        listed = sum(facts.numbered for facts in self.facts) > 1
        asked = [i for i, facts in enumerate(self.facts) if facts.width <= _NOTICE and not (listed and facts.numbered)]
        found: list[Cue | None] = [None] * self.count
        for i, cue in zip(asked, read_cues([self.facts[i] for i in asked]), strict=True):
            found[i] = cue
        return found

    def own(self, i: int) -> Label | None:
        """Return what line ``i`` says of itself, if anything; the answer is remembered."""
        if i not in self._said:
            self._said[i] = self._read_line(i)
        return self._said[i]

    def _read_line(self, i: int) -> Label | None:
        facts, cue = self.facts[i], self.cue[i]
        if plainly := facts.plainly:
            return LABELS[plainly]
        if i < self.start and facts.breadcrumb:
            return Label(Role.METADATA, Kind.SECTION, SURE, "a path of sections")
        if cue is not None and self.cue_counts(facts, cue):
            score = SURE if cue.whole or not facts.prose else LIKELY
            return Label(cue.role, cue.kind, score, f"{'is' if cue.whole else 'says'} {cue.phrase!r}")
        if facts.prose and not facts.caption:
            return None
        if self.is_title_caption(i):
            return Label(Role.METADATA, Kind.CAPTION, LIKELY, "begins with the title and ends with a credit")
        shaped = facts.shaped
        return LABELS[shaped] if shaped else None

    @staticmethod
    def cue_counts(facts: Facts, cue: Cue) -> bool:
        """Whether a cue may decide the role of its line: running text needs more than a word at its beginning."""
        if cue.whole or cue.kind in (Kind.RIGHTS, Kind.DISCLAIMER):
            return cue.whole or not facts.prose or facts.width <= 600
        if cue.kind is Kind.COOKIE:
            return facts.ends_sentence
        if cue.kind is Kind.AUTHOR_BIO:
            return True
        if cue.role is Role.RELATED:
            return facts.width <= 200
        if cue.kind is Kind.LEGAL:
            return facts.width <= 300
        return facts.width <= 100 if cue.kind is Kind.PROMOTION else facts.width <= 60

    def is_title_echo(self, i: int) -> bool:
        """Whether line ``i`` says the title again, perhaps twice or with a label before it."""
        if self.title is None or i == self.title:
            return False
        title = self.folded[self.title].lstrip("# ")
        text = self.folded[i].lstrip("# ")
        if len(title) < 8 or len(text) < 8:
            return False
        rest = text.replace(title, " ")
        return (rest != text and len(rest.strip()) <= 24) or (text in title and 2 * len(text) >= len(title))

    def is_title_caption(self, i: int) -> bool:
        """Whether line ``i`` begins with the title and goes on for a few words: a caption with its credit."""
        if self.title is None or i <= self.title:
            return False
        title, text = self.folded[self.title], self.folded[i]
        return len(title) >= 15 and text.startswith(title) and 0 < len(text) - len(title) <= 80

    def is_banner(self, i: int) -> bool:
        """Whether line ``i`` is running text that is no part of an article: a cookie notice, a call to subscribe."""
        cue = self.cue[i]
        if cue is not None and cue.role is not Role.METADATA and cue.kind in (Kind.COOKIE, Kind.PROMOTION, Kind.LEGAL):
            return True
        buttons = (self.cue[j] for j in range(i + 1, min(i + 5, self.count)))
        return "cookie" in self.facts[i].text.lower() and any(
            b is not None and b.whole and b.kind is Kind.COOKIE for b in buttons
        )

    def in_notice(self, i: int) -> bool:
        """Whether a rights line or a disclaimer of the page names what line ``i`` says: a publisher does that."""
        name = cues.bare(self.folded[i])
        return width(name) >= 4 and any(name in notice for notice in self.notices)

    def continues(self, i: int) -> bool:
        """Whether the article's text goes on at line ``i``: running text now, and no sign of an item or a comment."""
        if not self.prose[i] or (self.cue[i] is not None and self.cue_counts(self.facts[i], self.cue[i])):  # type: ignore[arg-type]
            return False
        ahead = self.facts[i + 1 : i + 5]
        return not any(f.age or f.date_line or f.time_only or (f.name and not f.prose) for f in ahead)
