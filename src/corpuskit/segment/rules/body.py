"""The body of a page and its tail: where the article goes on, and where it has ended."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment.labeller import Label
from corpuskit.segment.rules.finish import close_article, close_sandwiches, join_wrapped, mark_related_kinds
from corpuskit.segment.rules.given import GUESS, LABELS, LIKELY, SURE, boilerplate

if TYPE_CHECKING:
    from corpuskit.segment.rules.page import Page

_BEGUN_LINES: Final = 12
"""Lines above a heading in which two lines of running text say that the article has begun.

No heading ends an article that has not: on pages without a title the body is looked for among menus and boxes, whose
headings are the same.
"""

_INSET_LINES: Final = 40
"""Lines that a block inside the article (related articles, a newsletter's box) may have before the text goes on."""

_HEADING_WORDS: Final = 4
"""A cue of at most this many words between paragraphs may be the article's own subheading."""

_HEADING_KINDS: Final = frozenset(
    (Kind.SHARE, Kind.PROMOTION, Kind.COMMENTS, Kind.TAGS, Kind.COOKIE, Kind.FORM, Kind.LEGAL, Kind.RIGHTS)
)
"""Cues an article may use as subheadings of its own; nobody heads a section of one with "Advertisement"."""

_RUNNING: Final = Label(Role.MAIN, Kind.PARAGRAPH, LIKELY, "running text in the body")
_BETWEEN: Final = Label(Role.MAIN, Kind.PARAGRAPH, GUESS, "stands in the body")
"""What most lines of a body get."""


def label_body_and_tail(page: Page) -> None:
    """Walk from the start of the body to the end of the page, keeping track of what the last heading opened."""
    first = page.start if not (page.proseless and page.title is not None) else page.title + 1
    mode: Kind | None = None
    opened = first
    ended = begun = False
    earlier = latest = -_BEGUN_LINES - 1  # the last two lines of running text
    last = _last_text(page, first)
    for i in range(first, page.count):
        cue = page.cue[i]
        if i > first and page.prose[i - 1] and _is_main(page.labels[i - 1]):
            earlier, latest = latest, i - 1
        if cue is not None and mode is None and not ended:
            heads = _is_own_heading(page, i, last)
            if heads or _is_verse(page, i, first):
                kind = Kind.HEADING if heads else Kind.PARAGRAPH
                page.labels[i] = Label(Role.MAIN, kind, GUESS, "a cue phrase, but between lines of text")
                continue
        begun = begun or i - earlier <= _BEGUN_LINES
        if cue is not None and cue.whole and cue.end and begun:
            mode, opened = (Kind.HEADING if cue.role is Role.RELATED else cue.kind), i
            ended = ended or cue.kind is Kind.COMMENTS
            page.labels[i] = Label(cue.role, cue.kind, SURE, f"is {cue.phrase!r}")
            continue
        if mode in (Kind.HEADING, Kind.PROMOTION) and not ended and _resumes(page, i, opened):
            mode = None
        given = page.own(i)
        if given is not None and given.kind in (Kind.RIGHTS, Kind.DISCLAIMER, Kind.AUTHOR_BIO) and i >= last:
            ended, mode = True, None
        if mode is not None and not (
            given is not None
            and given.score >= SURE
            and given.kind in (Kind.RIGHTS, Kind.LEGAL, Kind.DISCLAIMER, Kind.COOKIE)
        ):
            page.labels[i] = _in_mode(page, i, mode, given)
        elif mode is None and not ended and i <= last:
            page.labels[i] = given or _body_line(page, i)
        else:
            ended = True
            page.labels[i] = given or _tail_line(page, i)
    mark_related_kinds(page)
    join_wrapped(page)
    close_article(page, first)
    join_wrapped(page)
    close_sandwiches(page, first)


def _is_main(given: Label | None) -> bool:
    return given is not None and given.role is Role.MAIN


def _body_line(page: Page, i: int) -> Label:
    """Label a line of the body that does not say what it is."""
    facts = page.facts[i]
    if marked := facts.marked:
        return LABELS[marked]
    if page.prose[i]:
        return _RUNNING
    if "\t" in facts.text or facts.text.count("|") >= 2:
        return Label(Role.MAIN, Kind.TABLE, LIKELY, "columns in the body")
    if i + 1 < page.count and page.prose[i + 1] and not facts.ends_sentence and facts.words <= 14:
        return Label(Role.MAIN, Kind.HEADING, LIKELY, "a short line above running text")
    return _BETWEEN


def _tail_line(page: Page, i: int) -> Label:
    """Label a line after the article that does not say what it is."""
    facts = page.facts[i]
    if page.is_title_echo(i):
        return Label(Role.METADATA, Kind.TITLE, GUESS, "repeats the title")
    if facts.link and facts.width >= 30:
        return Label(Role.RELATED, Kind.TITLE, GUESS, "a link after the text")
    if facts.width <= 24 and facts.words <= 3:
        neighbour = i > 0 and page.labels[i - 1] is not None and page.labels[i - 1]
        kind = neighbour.kind if neighbour and neighbour.role is Role.BOILERPLATE else Kind.NAVIGATION
        return boilerplate(kind, GUESS, "a short line after the text")
    if not facts.prose and facts.words >= 5 and not facts.ends_sentence:
        return Label(Role.RELATED, Kind.TITLE, GUESS, "title-like, after the text")
    return boilerplate(Kind.OTHER, GUESS, "stands after the text")


def _in_mode(page: Page, i: int, mode: Kind, given: Label | None) -> Label:
    """Label a line below a heading that opened a block of related articles, promotion or comments."""
    facts = page.facts[i]
    if mode is not Kind.HEADING:
        if given is not None and given.score >= SURE and given.role is Role.BOILERPLATE:
            return given
        return boilerplate(mode, LIKELY, f"below a heading that opens {mode}")
    if given is not None and given.score >= SURE and (given.role is Role.BOILERPLATE or given.kind is Kind.IMAGE):
        return given
    if facts.age or facts.time_only or facts.date_line:
        return Label(Role.RELATED, Kind.AGE, LIKELY, "an age below a heading for related articles")
    kind = Kind.TEXT if page.prose[i] and facts.width > 100 else Kind.TITLE
    return Label(Role.RELATED, kind, LIKELY, "below a heading for related articles")


def _last_text(page: Page, first: int) -> int:
    """Return the last line that can belong to the body, seen without its neighbours' roles."""
    last = first
    for i in range(first, page.count):
        cue, facts = page.cue[i], page.facts[i]
        counts = cue is not None and page.cue_counts(facts, cue)
        if page.prose[i] and not counts:
            last = i
        elif last == i - 1 and not counts and facts.text.rstrip("\"'»”’）)").endswith((".", "。")) and facts.words >= 3:
            last = i  # a short sentence right after running text goes on with it
        elif last == i - 1 and (facts.list_item or "\t" in facts.text):
            last = i
    if page.proseless:
        uncued = [i for i in range(first, page.count) if page.own(i) is None]
        last = max(uncued, default=last)
    return last


def _is_own_heading(page: Page, i: int, last: int) -> bool:
    """Whether a cue phrase at ``i`` is a subheading of the article's own: text stands on both sides of it."""
    cue = page.cue[i]
    if cue is None or i >= last or page.facts[i].words > _HEADING_WORDS or page.facts[i].prose:
        return False
    if not (cue.kind in _HEADING_KINDS or (cue.role is Role.RELATED and cue.kind is Kind.HEADING)):
        return False
    if page.repeats[page.folded[i]] > 1 or i == 0 or i + 1 >= page.count:
        return False
    return page.prose[i - 1] and page.continues(i + 1)


def _is_verse(page: Page, i: int, first: int) -> bool:
    """Whether a cue at ``i`` stands inside a stanza: lines close above and below it, on a page without running text."""
    if not page.proseless or not first < i < page.count - 1:
        return False
    close = page.lines[i].gap == 1 or page.lines[i + 1].gap == 1
    above, below = page.labels[i - 1], page.own(i + 1)
    return close and above is not None and above.role is Role.MAIN and (below is None or not page.proseless)


def _resumes(page: Page, i: int, heading: int) -> bool:
    """Whether the article goes on at ``i``, after the block that ``heading`` opened inside it.

    It does where two lines of running text follow and the block has no item with a source, age or text.
    """
    if i - heading > _INSET_LINES or not page.continues(i) or page.facts[i].width < 80:
        return False
    following = [j for j in range(i + 1, min(i + 4, page.count)) if page.prose[j] and not page.cue[j]]
    between = page.facts[heading + 1 : i]
    marked = any(f.age or f.date_line or f.byline or page.prose[j] for j, f in enumerate(between, heading + 1))
    return len(following) >= 1 and (i + 1 in following or len(following) >= 2) and bool(between) and not marked
