"""A labeller made of rules: what each line says of itself, then where it stands between the article's start and end.

The rules know forms, not sites: cue phrases are data (``cues.toml``), everything else is shape and position.  The
page is read as four zones.  The *head* runs up to the title, the *intro* from there to the first running text, the
*body* to the last running text that no end cue cuts off, and the *tail* is the rest.  A line that says what it is
keeps that; any other takes the role its zone gives it.
"""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment import cues
from corpuskit.segment.facts import NO_SPACE_NAME, Facts, byline_names, width
from corpuskit.segment.labeller import Label

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.cues import Cue
    from corpuskit.segment.labeller import Line

SURE: Final = 0.95
LIKELY: Final = 0.85
GUESS: Final = 0.6
"""Scores of a line that says what it is, one whose zone and shape agree, and one that only its zone speaks for.

They are ranks, not probabilities: a calibrated labeller replaces this one.
"""

_ABOUT: Final = re.compile(r"(?:about|über|à propos d[eu]|acerca de|sobre|over|о компании|об?) \S", re.IGNORECASE)
"""How a press release heads its last paragraph, on the organisation that sent it."""

_SHAPES_BEFORE_CUES: Final = (
    ("image", Label(Role.METADATA, Kind.IMAGE, SURE, "a Markdown image")),
    ("language_switch", Label(Role.BOILERPLATE, Kind.NAVIGATION, SURE, "offers other languages")),
    ("hashtags", Label(Role.BOILERPLATE, Kind.TAGS, SURE, "nothing but hashtags")),
    ("identifier", Label(Role.BOILERPLATE, Kind.NAVIGATION, SURE, "a program's name for something")),
    ("symbols_only", Label(Role.BOILERPLATE, Kind.OTHER, LIKELY, "no letter and no digit")),
)
_SHAPES_AFTER_CUES: Final = (
    ("date_line", Label(Role.METADATA, Kind.DATE, SURE, "a date and the words that go with one")),
    ("menu", Label(Role.BOILERPLATE, Kind.NAVIGATION, SURE, "short entries side by side")),
    ("byline", Label(Role.METADATA, Kind.BYLINE, SURE, "begins as a byline does")),
    ("contact", Label(Role.METADATA, Kind.CONTACT, SURE, "an address to write to or call")),
    ("caption", Label(Role.METADATA, Kind.CAPTION, LIKELY, "begins or ends as a caption does")),
)
_BODY_SHAPES: Final = (
    ("markdown_heading", Label(Role.MAIN, Kind.HEADING, LIKELY, "a Markdown heading")),
    ("quote", Label(Role.MAIN, Kind.QUOTE, LIKELY, "a Markdown quote")),
    ("list_item", Label(Role.MAIN, Kind.LIST_ITEM, LIKELY, "begins as a list entry does")),
)
"""What the shape of a line alone makes it, by the name of the fact: no phrase overrules the first table, and the last
holds in the body only."""

_BEGUN_LINES: Final = 12
"""Lines above a heading in which two lines of running text say that the article has begun."""

_COMPARED: Final = 1_000
"""Characters of a line that are compared with other lines."""

_HEAD_LINES: Final = 120
"""Lines from the top in which a title is looked for."""

_INSET_LINES: Final = 40
"""Lines that a block inside the article (related articles, a newsletter's box) may have before the text goes on."""

_NOTICES: Final = 20
"""Rights lines and disclaimers of a page that are looked at for a name."""

_HEADING_WORDS: Final = 4
"""A cue of at most this many words between paragraphs may be the article's own subheading."""

_HEADING_KINDS: Final = frozenset(
    (Kind.SHARE, Kind.PROMOTION, Kind.COMMENTS, Kind.TAGS, Kind.COOKIE, Kind.FORM, Kind.LEGAL, Kind.RIGHTS)
)
"""Cues an article may use as subheadings of its own; nobody heads a section of one with "Advertisement"."""


def label(lines: Sequence[Line]) -> list[Label]:
    """Label the lines of one page."""
    return _Page(lines).label() if lines else []


class _Page:
    """One page while it is being labelled."""

    def __init__(self, lines: Sequence[Line]) -> None:
        self.facts = [Facts(line) for line in lines]
        self.count = len(lines)
        self.wrapped = _wrapped(self.facts)
        listed = sum(facts.numbered for facts in self.facts) > 1
        self.cue = [None if not facts.cues or (listed and facts.numbered) else facts.cues[0] for facts in self.facts]
        self.folded = [cues.fold(facts.text[:_COMPARED]) for facts in self.facts]
        self.repeats = Counter(self.folded)
        self.prose = [
            (facts.prose or wrapped) and self.repeats[folded] == 1 and not _doubled(facts.text)
            for facts, wrapped, folded in zip(self.facts, self.wrapped, self.folded, strict=True)
        ]
        self.notices = [
            folded
            for folded, cue in zip(self.folded, self.cue, strict=True)
            if cue is not None and cue.kind in (Kind.RIGHTS, Kind.DISCLAIMER)
        ][:_NOTICES]
        self.labels: list[Label | None] = [None] * self.count
        self.own: dict[int, Label | None] = {}
        self.title = self._find_title()
        self.start = self._find_start()
        self.proseless = sum(self.prose[self.start :]) <= max(1, (self.count - self.start) // 8)

    def label(self) -> list[Label]:
        """Return the label of every line."""
        self._label_head()
        self._label_intro()
        self._label_body_and_tail()
        return [given or _boilerplate(Kind.OTHER, GUESS, "nothing speaks for it") for given in self.labels]

    # --- the title and the start of the body ---

    def _find_title(self) -> int | None:
        """Return the line that is most like the page's title, if any is."""
        best, best_score = None, 2.0
        first_prose = next((i for i, p in enumerate(self.prose) if p and not self._is_banner(i)), None)
        limit = self.count if first_prose is None else first_prose + 1
        for i in range(min(limit, _HEAD_LINES)):
            score = self._title_score(i, limit - 1)
            if score > best_score:
                best, best_score = i, score
        return best

    def _title_score(self, i: int, limit: int) -> float:
        """Score line ``i`` as the title; ``limit`` is the first line of running text."""
        facts = self.facts[i]
        folded = self.folded[i].lstrip("# ")
        impossible = facts.image or facts.link or facts.breadcrumb or facts.date_line or facts.contact or facts.byline
        impossible = (
            impossible
            or facts.time_only
            or facts.language_switch
            or facts.identifier
            or facts.symbols_only
            or facts.caption
        )
        cue = self.cue[i] if self.cue[i] is not None and self._cue_counts(facts, self.cue[i]) else None  # type: ignore[arg-type]
        impossible = impossible or facts.menu or facts.hashtags
        if (
            impossible
            or not 8 <= facts.width <= 260
            or (cue and cue.whole)
            or (i == limit and facts.prose and facts.width > 160)
        ):
            return -1
        score = 1.0 if facts.width >= 25 else 0.0
        score += 0.5 if facts.width >= 40 else 0.0
        score += 4.0 if facts.text.startswith("# ") else 2.0 if facts.markdown_heading else 0.0
        if facts.width >= 25:
            echoes = sum(
                1
                for j, other in enumerate(self.facts[: min(limit, _HEAD_LINES) + 12])
                if j != i and other.width < 4 * facts.width + 60 and folded in self.folded[j]
            )
            score += 3.0 if echoes else 0.0
            score -= 1.0 if echoes and folded in self.folded[:i] else 0.0
        following = self.facts[i + 1 : i + 6]
        score += 1.5 if any(f.byline or f.date_line for f in following) else 0.0
        score += 1.0 if limit - i <= 8 else 0.0
        score += 0.5 if any(self.prose[i + 1 : i + 8]) else 0.0
        score += 0.5 if i == 0 else 0.0
        score -= (
            3.0
            if facts.text.rstrip("\"'»”").endswith((".", "。", "،", ";", ":")) and not facts.text.endswith("...")
            else 0.0
        )
        score -= 2.0 if facts.list_item else 0.0
        site = facts.width < 30 and (self.repeats[self.folded[i]] > 1 or self._in_notice(i))
        score -= 3.0 if site else 0.0
        score -= 1.5 if cue else 0.0
        return score

    def _is_banner(self, i: int) -> bool:
        """Whether line ``i`` is running text that is no part of an article: a cookie notice, a call to subscribe."""
        cue = self.cue[i]
        if cue is not None and cue.role is not Role.METADATA and cue.kind in (Kind.COOKIE, Kind.PROMOTION, Kind.LEGAL):
            return True
        buttons = (self.cue[j] for j in range(i + 1, min(i + 5, self.count)))
        return "cookie" in self.facts[i].text.lower() and any(
            b is not None and b.whole and b.kind is Kind.COOKIE for b in buttons
        )

    def _find_start(self) -> int:
        """Return the first line of the body."""
        first = 0 if self.title is None else self.title + 1
        for i in range(first, self.count):
            facts = self.facts[i]
            if facts.time_only and any(self.prose[i + 1 : i + 4]):
                return i
            if (
                self.prose[i]
                and not self._is_banner(i)
                and not facts.caption
                and not self._is_standfirst(i, first)
                and not self._is_intro_fact(i)
            ):
                return i
        return first

    def _is_intro_fact(self, i: int) -> bool:
        facts = self.facts[i]
        cue = self.cue[i]
        return (
            facts.byline
            or facts.date_line
            or facts.contact
            or (cue is not None and (cue.role is Role.METADATA or cue.whole))
        )

    def _is_standfirst(self, i: int, first: int) -> bool:
        """Whether running text right below the title belongs to the intro: a byline or date still follows it."""
        return i <= first + 3 and any(
            facts.byline or facts.date_line or (facts.name and not self.prose[j])
            for j, facts in enumerate(self.facts[i + 1 : i + 5], i + 1)
            if not any(self.prose[i + 1 : j]) and (facts.width <= 160)
        )

    # --- the four zones ---

    def _label_head(self) -> None:
        """Label everything before the title, or before the body where there is no title."""
        end = self.start if self.title is None else self.title
        top = next((i for i in range(end) if self._is_title_echo(i)), end)
        for i in range(end):
            facts = self.facts[i]
            given = self._own(i)
            if self._is_title_echo(i):
                given = Label(Role.METADATA, Kind.TITLE, LIKELY, "repeats the title")
            elif self._is_banner(i):
                given = given or _boilerplate(Kind.COOKIE, LIKELY, "a notice above its buttons")
            elif given is not None and given.kind is Kind.SECTION and i != top - 1 and not facts.breadcrumb:
                given = _boilerplate(Kind.NAVIGATION, LIKELY, "the name of a section, not beside the title")
            elif given is None and facts.width <= 60 and self._in_notice(i):
                given = Label(Role.METADATA, Kind.PUBLISHER, LIKELY, "named in a rights or legal line too")
            elif given is None and top <= 2 and facts.words <= 5 and not facts.link:
                given = Label(Role.METADATA, Kind.SECTION, GUESS, "a short line on its own above the title")
            self.labels[i] = given or _boilerplate(Kind.NAVIGATION, GUESS, "stands before the title")

    def _in_notice(self, i: int) -> bool:
        """Whether a rights line or a disclaimer of the page names what line ``i`` says: a publisher does that."""
        name = cues.bare(self.folded[i])
        return width(name) >= 4 and any(name in notice for notice in self.notices)

    def _label_intro(self) -> None:
        """Label the title and what stands between it and the body."""
        if self.title is None:
            return
        self.labels[self.title] = Label(Role.METADATA, Kind.TITLE, LIKELY, "the most title-like line above the text")
        if self.proseless:
            return
        seen_name = False
        for i in range(self.title + 1, self.start):
            facts = self.facts[i]
            given = self._own(i)
            if self._is_title_echo(i):
                given = Label(Role.METADATA, Kind.TITLE, LIKELY, "repeats the title")
            elif given is None or (given.score < SURE and facts.position):
                given = self._intro_line(i, seen_name=seen_name)
            seen_name = seen_name or given.kind is Kind.BYLINE
            self.labels[i] = given

    def _intro_line(self, i: int, *, seen_name: bool) -> Label:
        """Label a line between title and body that does not say what it is."""
        facts = self.facts[i]
        if facts.name and not facts.position and not seen_name:
            return Label(Role.METADATA, Kind.BYLINE, LIKELY, "a name between title and text")
        if (
            not seen_name
            and NO_SPACE_NAME.match(facts.text)
            and any(f.date_line for f in self.facts[max(0, i - 1) : i + 2])
        ):
            return Label(Role.METADATA, Kind.BYLINE, LIKELY, "a name beside the date")
        if facts.position and facts.words <= 8 and seen_name:
            return Label(Role.METADATA, Kind.AFFILIATION, LIKELY, "a post or organisation below a name")
        if facts.words <= 3 and facts.width <= 24:
            if seen_name:
                return Label(Role.METADATA, Kind.PUBLISHER, GUESS, "a short name beside the byline")
            return Label(Role.METADATA, Kind.SECTION, GUESS, "a short line below the title")
        return Label(Role.METADATA, Kind.STANDFIRST, LIKELY, "stands between title and text")

    def _label_body_and_tail(self) -> None:
        """Walk from the start of the body to the end of the page, keeping track of what the last heading opened."""
        first = self.start if not (self.proseless and self.title is not None) else self.title + 1
        mode: Kind | None = None
        opened = first
        ended = begun = False
        last = self._last_text(first)
        for i in range(first, self.count):
            cue = self.cue[i]
            if mode is None and not ended and (self._is_own_heading(i, last) or self._is_verse(i, first)):
                kind = Kind.HEADING if self._is_own_heading(i, last) else Kind.PARAGRAPH
                self.labels[i] = Label(Role.MAIN, kind, GUESS, "a cue phrase, but between lines of text")
                continue
            begun = begun or self._has_begun(i, first)
            if cue is not None and cue.whole and cue.end and begun:
                mode, opened = (Kind.HEADING if cue.role is Role.RELATED else cue.kind), i
                ended = ended or cue.kind is Kind.COMMENTS
                self.labels[i] = Label(cue.role, cue.kind, SURE, f"is {cue.phrase!r}")
                continue
            if mode in (Kind.HEADING, Kind.PROMOTION) and not ended and self._resumes(i, opened):
                mode = None
            given = self._own(i)
            if given is not None and given.kind in (Kind.RIGHTS, Kind.DISCLAIMER, Kind.AUTHOR_BIO) and i >= last:
                ended, mode = True, None
            if mode is not None and not (
                given is not None
                and given.score >= SURE
                and given.kind in (Kind.RIGHTS, Kind.LEGAL, Kind.DISCLAIMER, Kind.COOKIE)
            ):
                self.labels[i] = self._in_mode(i, mode, given)
            elif mode is None and not ended and i <= last:
                self.labels[i] = given or self._body_line(i)
            else:
                ended = True
                self.labels[i] = given or self._tail_line(i)
        self._mark_related_kinds()
        self._join_wrapped()
        self._close_article(first)
        self._join_wrapped()
        self._close_sandwiches(first)

    def _has_begun(self, i: int, first: int) -> bool:
        """Whether the article has begun above line ``i``: no heading ends an article that has not.

        On pages without a title the body is looked for among menus and boxes, whose headings are the same.
        """
        before = self.labels[max(first, i - _BEGUN_LINES) : i]
        return (
            sum(
                given is not None and given.role is Role.MAIN and self.prose[j]
                for j, given in enumerate(before, max(first, i - _BEGUN_LINES))
            )
            >= 2
        )

    def _close_article(self, first: int) -> None:
        """Look at the last paragraphs of the article: a note on its author, the company's own "About"."""
        main = [
            i for i in range(first, self.count) if (given := self.labels[i]) is not None and given.role is Role.MAIN
        ]
        names = self._author_names()
        for i in main[-3:]:
            text = self.facts[i].text
            if i > main[0] + 3 and self.facts[i].width <= 500 and any(text.startswith(name) for name in names):
                self.labels[i] = Label(
                    Role.METADATA, Kind.AUTHOR_BIO, LIKELY, "ends the article and begins with its author's name"
                )
        about = next((i for i in main[4:] if _ABOUT.match(self.facts[i].text) and not self.prose[i]), None)
        rest = [i for i in main if about is not None and i >= about]
        if about is not None and 2 <= len(rest) <= 3 and rest[-1] - about < 4 and all(self.prose[i] for i in rest[1:]):
            for i in rest:
                self.labels[i] = Label(
                    Role.METADATA, Kind.AUTHOR_BIO, LIKELY, "ends the article and says who is behind it"
                )

    def _author_names(self) -> list[str]:
        """Return the names that the bylines above the body give."""
        lines = [
            facts
            for facts, given in zip(self.facts, self.labels, strict=True)
            if given is not None and given.kind is Kind.BYLINE
        ]
        return [name for facts in lines for name in byline_names(facts.text)]

    def _join_wrapped(self) -> None:
        """Give every line of a hard-wrapped paragraph the role its first line says it has."""
        i = 0
        while i < self.count:
            j = i + 1
            while j < self.count and self.wrapped[i] and self.wrapped[j] and self.facts[j].line.gap == 1:
                j += 1
            first = self.labels[i]
            if j - i > 1 and first is not None and (first.role is not Role.MAIN or first.kind is Kind.HEADING):
                joined = (
                    Label(Role.MAIN, Kind.PARAGRAPH, first.score, first.reason) if first.role is Role.MAIN else first
                )
                self.labels[i:j] = [joined] * (j - i)
            i = j

    def _close_sandwiches(self, first: int) -> None:
        """Give a single line between two lines of a newsletter box, or of a press contact, their role."""
        for i in range(max(first, 1), self.count - 1):
            given, above, below = self.labels[i], self.labels[i - 1], self.labels[i + 1]
            if given is None or above is None or below is None or self.facts[i].width > 140:
                continue
            boxed = above.kind in (Kind.PROMOTION, Kind.FORM) and below.kind in (Kind.PROMOTION, Kind.FORM)
            if boxed and given.role is Role.MAIN:
                self.labels[i] = _boilerplate(above.kind, LIKELY, "stands inside a box of that kind")
            if above.kind is Kind.CONTACT and given.score <= GUESS and not self.prose[i] and self._contact_ahead(i):
                self.labels[i] = Label(Role.METADATA, Kind.CONTACT, LIKELY, "stands inside a block of contacts")

    def _contact_ahead(self, i: int) -> bool:
        return any(given is not None and given.kind is Kind.CONTACT for given in self.labels[i + 1 : i + 4])

    # --- single lines ---

    def _own(self, i: int) -> Label | None:
        """Return what line ``i`` says of itself, if anything; the answer is remembered."""
        if i not in self.own:
            self.own[i] = self._read_line(i)
        return self.own[i]

    def _read_line(self, i: int) -> Label | None:
        facts, cue = self.facts[i], self.cue[i]
        if (shape := _shape(facts, _SHAPES_BEFORE_CUES)) is not None:
            return shape
        if facts.breadcrumb and i < self.start:
            return Label(Role.METADATA, Kind.SECTION, SURE, "a path of sections")
        if cue is not None and self._cue_counts(facts, cue):
            score = SURE if cue.whole or not facts.prose else LIKELY
            return Label(cue.role, cue.kind, score, f"{'is' if cue.whole else 'says'} {cue.phrase!r}")
        if facts.prose and not facts.caption:
            return None
        if self._is_title_caption(i):
            return Label(Role.METADATA, Kind.CAPTION, LIKELY, "begins with the title and ends with a credit")
        return _shape(facts, _SHAPES_AFTER_CUES)

    @staticmethod
    def _cue_counts(facts: Facts, cue: Cue) -> bool:
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

    def _is_title_echo(self, i: int) -> bool:
        """Whether line ``i`` says the title again, perhaps twice or with a label before it."""
        if self.title is None or i == self.title:
            return False
        title = self.folded[self.title].lstrip("# ")
        text = self.folded[i].lstrip("# ")
        if len(title) < 8 or len(text) < 8:
            return False
        rest = text.replace(title, " ")
        return (rest != text and len(rest.strip()) <= 24) or (text in title and 2 * len(text) >= len(title))

    def _is_title_caption(self, i: int) -> bool:
        """Whether line ``i`` begins with the title and goes on for a few words: a caption with its credit."""
        if self.title is None or i <= self.title:
            return False
        title, text = self.folded[self.title], self.folded[i]
        return len(title) >= 15 and text.startswith(title) and 0 < len(text) - len(title) <= 80

    def _body_line(self, i: int) -> Label:
        """Label a line of the body that does not say what it is."""
        facts = self.facts[i]
        if (shape := _shape(facts, _BODY_SHAPES)) is not None:
            return shape
        if self.prose[i]:
            return Label(Role.MAIN, Kind.PARAGRAPH, LIKELY, "running text in the body")
        if "\t" in facts.text or facts.text.count("|") >= 2:
            return Label(Role.MAIN, Kind.TABLE, LIKELY, "columns in the body")
        if not facts.ends_sentence and facts.words <= 14 and i + 1 < self.count and self.prose[i + 1]:
            return Label(Role.MAIN, Kind.HEADING, LIKELY, "a short line above running text")
        return Label(Role.MAIN, Kind.PARAGRAPH, GUESS, "stands in the body")

    def _tail_line(self, i: int) -> Label:
        """Label a line after the article that does not say what it is."""
        facts = self.facts[i]
        if self._is_title_echo(i):
            return Label(Role.METADATA, Kind.TITLE, GUESS, "repeats the title")
        if facts.link and facts.width >= 30:
            return Label(Role.RELATED, Kind.TITLE, GUESS, "a link after the text")
        if facts.words <= 3 and facts.width <= 24:
            neighbour = i > 0 and self.labels[i - 1] is not None and self.labels[i - 1]
            kind = neighbour.kind if neighbour and neighbour.role is Role.BOILERPLATE else Kind.NAVIGATION
            return _boilerplate(kind, GUESS, "a short line after the text")
        if not facts.prose and facts.words >= 5 and not facts.ends_sentence:
            return Label(Role.RELATED, Kind.TITLE, GUESS, "title-like, after the text")
        return _boilerplate(Kind.OTHER, GUESS, "stands after the text")

    def _in_mode(self, i: int, mode: Kind, given: Label | None) -> Label:
        """Label a line below a heading that opened a block of related articles, promotion or comments."""
        facts = self.facts[i]
        if mode is not Kind.HEADING:
            if given is not None and given.score >= SURE and given.role is Role.BOILERPLATE:
                return given
            return _boilerplate(mode, LIKELY, f"below a heading that opens {mode}")
        if given is not None and given.score >= SURE and (given.role is Role.BOILERPLATE or given.kind is Kind.IMAGE):
            return given
        if facts.age or facts.time_only or facts.date_line:
            return Label(Role.RELATED, Kind.AGE, LIKELY, "an age below a heading for related articles")
        kind = Kind.TEXT if self.prose[i] and facts.width > 100 else Kind.TITLE
        return Label(Role.RELATED, kind, LIKELY, "below a heading for related articles")

    # --- what decides where the article ends ---

    def _last_text(self, first: int) -> int:
        """Return the last line that can belong to the body, seen without its neighbours' roles."""
        last = first
        for i in range(first, self.count):
            cue, facts = self.cue[i], self.facts[i]
            counts = cue is not None and self._cue_counts(facts, cue)
            if self.prose[i] and not counts:
                last = i
            elif (
                last == i - 1
                and not counts
                and facts.words >= 3
                and facts.text.rstrip("\"'»”’）)").endswith((".", "。"))
            ):
                last = i  # a short sentence right after running text goes on with it
            elif (facts.list_item or "\t" in facts.text) and last == i - 1:
                last = i
        if self.proseless:
            uncued = [i for i in range(first, self.count) if self._own(i) is None]
            last = max(uncued, default=last)
        return last

    def _is_own_heading(self, i: int, last: int) -> bool:
        """Whether a cue phrase at ``i`` is a subheading of the article's own: text stands on both sides of it."""
        cue = self.cue[i]
        if cue is None or i >= last or self.facts[i].words > _HEADING_WORDS or self.facts[i].prose:
            return False
        if not (cue.kind in _HEADING_KINDS or (cue.role is Role.RELATED and cue.kind is Kind.HEADING)):
            return False
        if self.repeats[self.folded[i]] > 1 or i == 0 or i + 1 >= self.count:
            return False
        return self.prose[i - 1] and self._continues(i + 1)

    def _continues(self, i: int) -> bool:
        """Whether the article's text goes on at line ``i``: running text now, and no sign of an item or a comment."""
        if not self.prose[i] or (self.cue[i] is not None and self._cue_counts(self.facts[i], self.cue[i])):  # type: ignore[arg-type]
            return False
        ahead = self.facts[i + 1 : i + 5]
        return not any(f.age or f.date_line or f.time_only or (f.name and not f.prose) for f in ahead)

    def _is_verse(self, i: int, first: int) -> bool:
        """Whether line ``i`` stands inside a stanza: lines close above and below it, on a page without running text."""
        if not self.proseless or not first < i < self.count - 1:
            return False
        close = self.facts[i].line.gap == 1 or self.facts[i + 1].line.gap == 1
        above, below = self.labels[i - 1], self._own(i + 1)
        return (
            close
            and self.cue[i] is not None
            and above is not None
            and above.role is Role.MAIN
            and (below is None or not self.proseless)
        )

    def _resumes(self, i: int, heading: int) -> bool:
        """Whether the article goes on at ``i``, after the block that ``heading`` opened inside it.

        It does where two lines of running text follow and the block has no item with a source, age or text.
        """
        if i - heading > _INSET_LINES or not self._continues(i) or self.facts[i].width < 80:
            return False
        following = [j for j in range(i + 1, min(i + 4, self.count)) if self.prose[j] and not self.cue[j]]
        between = self.facts[heading + 1 : i]
        marked = any(f.age or f.date_line or f.byline or self.prose[j] for j, f in enumerate(between, heading + 1))
        return len(following) >= 1 and (i + 1 in following or len(following) >= 2) and bool(between) and not marked

    # --- the items of a related block ---

    def _is_related(self, i: int, kind: Kind) -> bool:
        given = self.labels[i] if 0 <= i < self.count else None
        return given is not None and given.role is Role.RELATED and given.kind is kind

    def _mark_related_kinds(self) -> None:
        """Tell sources from titles in related blocks: short names beside an age, or the same name again."""
        titles = [i for i in range(self.count) if self._is_related(i, Kind.TITLE)]
        ages = [i for i in range(self.count) if self._is_related(i, Kind.AGE)]
        if len(titles) < 2 * len(ages):
            return  # one short line for each age: those are the titles
        known: set[str] = set()
        for age in ages:
            beside = [i for i in (age - 1, age + 1) if self._is_related(i, Kind.TITLE)]
            source = min(beside, key=lambda i: self.facts[i].width, default=None)
            if source is not None and self.facts[source].words <= 6 and self.facts[source].width <= 40:
                known.add(cues.bare(self.folded[source]))
        for i in titles:
            if cues.bare(self.folded[i]) in known:
                self.labels[i] = Label(
                    Role.RELATED, Kind.SOURCE, LIKELY, "a short name beside an age, or one that repeats"
                )


def _doubled(text: str) -> bool:
    """Whether a line is one text twice, as a title and its link become when a page is flattened."""
    half = len(text) // 2
    return 30 <= len(text) <= _COMPARED and cues.fold(text[:half]) == cues.fold(text[-half:])


def _shape(facts: Facts, shapes: tuple[tuple[str, Label], ...]) -> Label | None:
    """Return the label of the first fact in ``shapes`` that holds."""
    return next((given for name, given in shapes if getattr(facts, name)), None)


def _boilerplate(kind: Kind, score: float, reason: str) -> Label:
    return Label(Role.BOILERPLATE, kind, score, reason)


def _wrapped(facts: Sequence[Facts]) -> list[bool]:
    """Say which lines are part of a hard-wrapped paragraph.

    A paragraph is a run of lines without a blank line between, three or more, whose lines but the last are about
    equally long (50 to 100 columns, as mail and terminals wrap) and which ends as a sentence does.  On a page that
    has such a run, two lines are enough where the first is about as long as the page's others.
    """
    runs: list[range] = []
    start = 0
    for i in range(1, len(facts) + 1):
        if i == len(facts) or facts[i].line.gap != 1:
            runs.append(range(start, i))
            start = i
    widths = {
        run: [width(facts[i].text) for i in run[:-1]] for run in runs if len(run) > 1 and facts[run[-1]].ends_sentence
    }
    full = {run for run, w in widths.items() if len(run) >= 3 and 50 <= max(w) <= 100 and min(w) >= 0.6 * max(w)}
    column = max((max(widths[run]) for run in full), default=0)
    pairs = {run for run, w in widths.items() if len(run) == 2 and 0.75 * column <= w[0] <= column + 5}
    result = [False] * len(facts)
    for run in full | (pairs if column else set()):
        result[run.start : run.stop] = [True] * len(run)
    return result
