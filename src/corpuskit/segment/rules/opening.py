"""Where a page's title stands, and where its body starts."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.model import Role

if TYPE_CHECKING:
    from corpuskit.segment.rules.page import Page

_HEAD_LINES: Final = 120
"""Lines from the top in which a title is looked for."""

_NEAR: Final = 12
"""Lines below the first running text in which the title may come again."""

_NO_TITLE: Final = (
    *("image", "link", "time_only", "symbols_only", "identifier", "hashtags", "language_switch"),
    *("breadcrumb", "menu", "date_line", "contact", "byline", "caption"),
)
"""Facts of a line that make it anything but a title, quickly seen ones first."""


def find_title(page: Page) -> int | None:
    """Return the line that is most like the page's title, if any is."""
    best, best_score = None, 2.0
    first_prose = next((i for i, p in enumerate(page.prose) if p and not page.is_banner(i)), None)
    limit = page.count if first_prose is None else first_prose + 1
    near = "\n".join(page.folded[: min(limit - 1, _HEAD_LINES) + _NEAR])
    for i in range(min(limit, _HEAD_LINES)):
        score = _title_score(page, i, limit - 1, near)
        if score > best_score:
            best, best_score = i, score
    return best


def _title_score(page: Page, i: int, limit: int, near: str) -> float:
    """Score line ``i`` as the title.

    ``limit`` is the first line of running text, ``near`` are the folded lines among which the title may come again.
    """
    facts = page.facts[i]
    folded = page.folded[i].lstrip("# ")
    cue = page.cue[i] if page.cue[i] is not None and page.cue_counts(facts, page.cue[i]) else None  # type: ignore[arg-type]
    if (
        not 8 <= facts.width <= 260
        or (cue and cue.whole)
        or (i == limit and facts.width > 160 and facts.prose)
        or any(getattr(facts, name) for name in _NO_TITLE)
    ):
        return -1
    score = 1.0 if facts.width >= 25 else 0.0
    score += 0.5 if facts.width >= 40 else 0.0
    score += 4.0 if facts.text.startswith("# ") else 2.0 if facts.markdown_heading else 0.0
    if facts.width >= 25:
        echoes = near.count(folded) > 1 and any(
            j != i and page.facts[j].width < 4 * facts.width + 60 and folded in other
            for j, other in enumerate(near.split("\n"))
        )
        score += 3.0 if echoes else 0.0
        score -= 1.0 if echoes and folded in page.folded[:i] else 0.0
    following = page.facts[i + 1 : i + 6]
    score += 1.5 if any(f.byline or f.date_line for f in following) else 0.0
    score += 1.0 if limit - i <= 8 else 0.0
    score += 0.5 if any(page.prose[i + 1 : i + 8]) else 0.0
    score += 0.5 if i == 0 else 0.0
    score -= (
        3.0
        if facts.text.rstrip("\"'»”").endswith((".", "。", "،", ";", ":")) and not facts.text.endswith("...")
        else 0.0
    )
    score -= 2.0 if facts.list_item else 0.0
    site = facts.width < 30 and (page.repeats[page.folded[i]] > 1 or page.in_notice(i))
    score -= 3.0 if site else 0.0
    score -= 1.5 if cue else 0.0
    return score


def find_start(page: Page) -> int:
    """Return the first line of the body."""
    first = 0 if page.title is None else page.title + 1
    for i in range(first, page.count):
        facts = page.facts[i]
        if facts.time_only and any(page.prose[i + 1 : i + 4]):
            return i
        if (
            page.prose[i]
            and not page.is_banner(i)
            and not facts.caption
            and not _is_standfirst(page, i, first)
            and not _is_intro_fact(page, i)
        ):
            return i
    return first


def _is_intro_fact(page: Page, i: int) -> bool:
    facts = page.facts[i]
    cue = page.cue[i]
    return (
        facts.byline
        or facts.date_line
        or facts.contact
        or (cue is not None and (cue.role is Role.METADATA or cue.whole))
    )


def _is_standfirst(page: Page, i: int, first: int) -> bool:
    """Whether running text right below the title belongs to the intro: a byline or date still follows it."""
    return i <= first + 3 and any(
        facts.byline or facts.date_line or (facts.name and not page.prose[j])
        for j, facts in enumerate(page.facts[i + 1 : i + 5], i + 1)
        if not any(page.prose[i + 1 : j]) and (facts.width <= 160)
    )
