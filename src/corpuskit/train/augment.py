"""New pages from labelled ones: what scraped text looks like beyond the pages at hand.

A labeller that has seen a few thousand sites learns their menus by heart.  So pages are cut (a reader mode leaves no
menus), get another site's menus and footer around their article, other articles pasted after, before or inside (as
teasers or in full, with or without the pattern of source, age and title), other pages' comments, and lose the
headings that announce such things.  Donors are given by the caller, who keeps them in the fold of the page.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.train import furniture
from corpuskit.train.dom_roles import DomBlock, Run

if TYPE_CHECKING:
    from collections.abc import Sequence
    from random import Random

    from corpuskit.train.pages import LabelledPage

_HEADINGS: Final = (
    "Related Articles", "Related", "Related stories", "Related news", "More from us", "More stories", "You may also like",
    "Recommended for you", "Read more", "Read next", "See also", "Also read", "Latest news", "Top stories", "Trending now",
    "Most read", "Don't miss", "More on this topic", "In other news", "Up next", "Editor's picks", "Popular posts",
    "Mehr zum Thema", "Das könnte Sie auch interessieren", "Weitere Artikel", "Lesen Sie auch", "Meistgelesen",
    "À lire aussi", "Sur le même sujet", "Articles similaires", "Les plus lus", "Noticias relacionadas", "Lo más leído",
    "Te puede interesar", "Leia também", "Veja também", "Mais lidas", "Leggi anche", "Articoli correlati", "Lees ook",
    "Läs också", "Læs også", "Czytaj także", "Zobacz też", "Související články", "Čtěte také", "Читайте также",
    "Похожие материалы", "İlgili haberler", "Kapcsolódó cikkek", "Διαβάστε επίσης", "相关阅读", "相关新闻", "推荐阅读", "関連記事",
    "おすすめ記事", "관련 기사", "많이 본 뉴스", "مقالات ذات صلة", "اقرأ أيضا", "Baca juga", "Xem thêm", "संबंधित खबरें",
)  # fmt: skip
_AGES: Final = (
    "{n} hours ago", "{n} hours ago", "{n} days ago", "{n} minutes ago", "{n}h ago", "{n}h", "{n}d", "{n} min read", "an hour ago",
    "yesterday", "{n} weeks ago", "vor {n} Stunden", "vor {n} Tagen", "il y a {n} heures", "hace {n} horas", "há {n} horas",
    "{n} ore fa", "{n} uur geleden", "{n} timmar sedan", "{n} godz. temu", "{n} часов назад", "{n} saat önce", "{n}小时前",
    "{n}時間前", "{n}시간 전", "منذ {n} ساعات", "Jul {n}, 2025", "{n} July 2024", "{n}.05.2023", "2024-11-{n:02d}", "{n}/3/2024",
    "March {n}, 2022", "{n} mai 2023", "{n} Sep 2021", "Published {n} hours ago", "Updated {n} days ago",
)  # fmt: skip
_PATTERNS: Final = (
    "source age -source title body", "source age title text", "title", "title age", "age title", "title text", "source title",
    "title source age", "image title text age", "section title", "section title text", "title byline text", "title date body",
    "title byline date body", "body", "title full", "source age title full", "section title date", "number title", "title -source",
    "source title text more", "title text more", "title text more", "date title", "bullet",
)  # fmt: skip
_COMMENT_HEADINGS: Final = ("Comments", "{n} Comments", "Leave a Reply", "Join the discussion", "Kommentare", "Commentaires", "Comentarios", "评论", "댓글")
_MORE: Final = ("Read more", "Read More »", "Continue reading", "Read full story", "Weiterlesen", "Lire la suite", "Leer más", "...more")


def _block(text: str, role: Role, kind: Kind, tag: str = "p", gap: int = 2, href: str | None = None) -> DomBlock:
    return DomBlock([Run(text, href)], ("html", "body", "div", tag), gap, role, kind, "pasted")


def augment(page: LabelledPage, donors: Sequence[LabelledPage], dice: Random) -> list[DomBlock]:
    """Return the blocks of a page made from ``page``; its own blocks are never changed."""
    blocks = list(page.blocks)
    first, last = _article(blocks)
    if first < 0:
        return blocks
    before, inside, after = blocks[:first], blocks[first : last + 1], blocks[last + 1 :]
    if dice.random() < 0.25:  # noqa: PLR2004
        before, after = _swap(before, after, dice.choice(donors), dice.choice(donors))
    if dice.random() < 0.25:  # noqa: PLR2004
        before, after = _without(before, dice), _without(after, dice)
    if dice.random() < 0.4:  # noqa: PLR2004
        before = before[max(0, len(before) - _small(dice)) :]
    if dice.random() < 0.25:  # noqa: PLR2004
        after = after[: _small(dice)]
    if dice.random() < 0.4:  # noqa: PLR2004
        before, inside, after = _paste(before, inside, after, donors, dice)
    if dice.random() < 0.15:  # noqa: PLR2004
        after = _comments(after, donors, dice)
    if dice.random() < 0.08 and len(after) > 3:  # noqa: PLR2004
        start = dice.randrange(len(after))
        stop = min(len(after), start + dice.randint(2, 30))
        before, after = after[start:stop] + before, after[:start] + after[stop:]
    if dice.random() < 0.1 and len(inside) > 6:  # noqa: PLR2004
        cut = dice.randint(2, len(inside))
        inside = inside[:cut]
    if dice.random() < 0.25:  # noqa: PLR2004
        before, inside, after = (_unmarked(part) for part in (before, inside, after))
    if dice.random() < 0.1:  # noqa: PLR2004
        before = _repeat_title(before, dice)
    if dice.random() < 0.4:  # noqa: PLR2004
        before = _strew(before, dice, front=True)
    if dice.random() < 0.4:  # noqa: PLR2004
        after = _strew(after, dice, front=False)
    return before + inside + after


def _article(blocks: Sequence[DomBlock]) -> tuple[int, int]:
    """Return the first and last main block, (-1, -1) for none."""
    main = [number for number, block in enumerate(blocks) if block.role is Role.MAIN]
    return (main[0], main[-1]) if main else (-1, -1)


def _small(dice: Random) -> int:
    return dice.choice((0, 1, 2, 3, 5, 8, 13, 21, 40))


def _swap(
    before: list[DomBlock], after: list[DomBlock], one: LabelledPage, two: LabelledPage
) -> tuple[list[DomBlock], list[DomBlock]]:
    """Put another site's menus before and a third one's footer after; keep this page's own metadata."""
    first, _ = _article(one.blocks)
    _, last = _article(two.blocks)
    own = [block for block in before if block.role is Role.METADATA]
    bio = [block for block in after[:6] if block.role is Role.METADATA]
    head = [block for block in one.blocks[: max(first, 0)] if block.role is not Role.METADATA]
    return head + own, bio + [block for block in two.blocks[last + 1 :] if block.role is not Role.METADATA]


def _without(part: list[DomBlock], dice: Random) -> list[DomBlock]:
    """Drop what an extractor would find by its tag: menus, forms, and some of the rest."""
    share = dice.choice((0.0, 0.3, 0.7))
    gone = (Kind.NAVIGATION, Kind.FORM, Kind.SHARE, Kind.COOKIE)
    kept = [block for block in part if block.kind not in gone]
    start = dice.randrange(len(kept) + 1)
    stop = min(len(kept), start + int(share * len(kept)))
    return kept[:start] + kept[stop:]


def _unmarked(part: list[DomBlock]) -> list[DomBlock]:
    return [block for block in part if not (block.role is Role.RELATED and block.kind is Kind.HEADING)]


def _repeat_title(before: list[DomBlock], dice: Random) -> list[DomBlock]:
    titles = [block for block in before if block.role is Role.METADATA and block.kind is Kind.TITLE]
    return before + [copy.copy(titles[0]) for _ in range(dice.randint(1, 2))] if titles else before


def _strew(part: list[DomBlock], dice: Random, *, front: bool) -> list[DomBlock]:
    """Put lines of front or tail matter next to the article."""
    lines = furniture.draw(dice, front=front, number=dice.choice((1, 2, 3, 5, 8)))
    added = [_block(text, role, kind, "div", dice.choice((1, 2))) for role, kind, text in lines]
    if not front:
        return [*added, *part]
    at = dice.choice((0, len(part)))
    return part[:at] + added + part[at:]


def _parts(donor: LabelledPage) -> tuple[str, list[str]]:
    """Return a donor's title and the texts of its main paragraphs."""
    title = next((block.text for block in donor.blocks if block.role is Role.METADATA and block.kind is Kind.TITLE and block.text), "")
    texts = [block.text for block in donor.blocks if block.role is Role.MAIN and block.text]
    if not title and texts:
        title = " ".join(texts[0].split()[:11])
    return title, texts


def _paste(
    before: list[DomBlock], inside: list[DomBlock], after: list[DomBlock], donors: Sequence[LabelledPage], dice: Random
) -> tuple[list[DomBlock], list[DomBlock], list[DomBlock]]:
    pasted = _teasers(donors, dice)
    where = dice.random()
    if where < 0.65:  # noqa: PLR2004
        at = 0 if dice.random() < 0.6 else dice.randrange(len(after) + 1)  # noqa: PLR2004
        return before, inside, after[:at] + pasted + after[at:]
    if where < 0.85 and len(inside) > 2:  # noqa: PLR2004
        at = dice.randrange(1, len(inside))
        few = pasted if dice.random() < 0.3 else pasted[: dice.randint(1, 6)]  # noqa: PLR2004
        return before, inside[:at] + few + inside[at:], after
    at = dice.randrange(len(before) + 1)
    return before[:at] + pasted + before[at:], inside, after


def _teasers(donors: Sequence[LabelledPage], dice: Random) -> list[DomBlock]:
    """Return a run of related items, all in one pattern."""
    pattern = dice.choice(_PATTERNS).split()
    number = dice.choice((1, 2, 3, 3, 4, 5, 8, 12)) if not {"body", "full"} & set(pattern) else dice.choice((1, 1, 2, 3, 3, 5))
    blocks: list[DomBlock] = []
    if dice.random() < 0.6:  # noqa: PLR2004
        blocks.append(_block(dice.choice(_HEADINGS), Role.RELATED, Kind.HEADING, dice.choice(("h2", "h3", "div", "p"))))
    age, fixed = dice.choice(_AGES), dice.choice(donors).domain.split(".")[0].title()
    many = dice.random() < 0.5  # noqa: PLR2004
    for item in range(number):
        donor = dice.choice(donors)
        title, texts = _parts(donor)
        source = donor.domain.split(".")[0].title() if many else fixed
        blocks.extend(_item(pattern, item, title, texts, source, age.format(n=dice.randint(1, 28)), dice))
    return blocks


def _item(  # noqa: PLR0913
    pattern: Sequence[str], item: int, title: str, texts: Sequence[str], source: str, age: str, dice: Random
) -> list[DomBlock]:
    role, link = Role.RELATED, "/a/" + str(dice.randrange(10**6))
    blocks: list[DomBlock] = []
    long = [text for text in texts if len(text) > 60] or list(texts) or [title]  # noqa: PLR2004
    for part in pattern:
        if part == "source":
            blocks.append(_block(source, role, Kind.SOURCE, "div", 1))
        elif part == "-source":
            blocks.append(_block("- " + source, role, Kind.SOURCE, "div", 1))
        elif part in ("age", "date"):
            blocks.append(_block(age, role, Kind.AGE, "span", 1))
        elif part in ("title", "bullet"):
            tag = "li" if part == "bullet" else dice.choice(("h3", "div", "a", "p"))
            blocks.append(_block(title, role, Kind.TITLE, tag, 1, link if dice.random() < 0.7 else None))  # noqa: PLR2004
        elif part == "byline":
            blocks.append(_block("By " + source, role, Kind.SOURCE, "div", 1))
        elif part == "section":
            blocks.append(_block(source.upper() if item % 2 else source, role, Kind.SOURCE, "div", 1))
        elif part == "number":
            blocks.append(_block(str(item + 1), role, Kind.LINK, "div", 1))
        elif part == "more":
            blocks.append(_block(dice.choice(_MORE), role, Kind.LINK, "a", 1, link))
        elif part == "image":
            picture = f"{title}\n/img/{dice.randrange(10**5)}.jpg"
            blocks.append(DomBlock([Run("", link, picture)], ("html", "body", "img"), 1, role, Kind.LINK, "pasted"))
        elif part == "text":
            text = long[0]
            if len(text) > 160 and dice.random() < 0.5:  # noqa: PLR2004
                text = text[: dice.randint(90, 160)].rsplit(" ", 1)[0] + dice.choice(("…", "...", " [...]", ""))
            blocks.append(_block(text, role, Kind.TEXT, "p", 1))
        elif part == "body":
            body = long[: dice.randint(2, max(2, len(long)))]
            blocks.append(_block(" ".join(body), role, Kind.TEXT, "div", 1))
        elif part == "full":
            blocks.extend(_block(text, role, Kind.TEXT) for text in texts[: dice.randint(2, 30)])
    if blocks:
        blocks[0].gap = 2
    return blocks


def _comments(after: list[DomBlock], donors: Sequence[LabelledPage], dice: Random) -> list[DomBlock]:
    """Put a donor's comments after the article, before or behind what follows it; without their heading now and then."""
    for _ in range(8):
        donor = dice.choice(donors)
        found = [block for block in donor.blocks if block.kind is Kind.COMMENTS]
        if sum(block.words for block in found) > 40:  # noqa: PLR2004
            break
    else:
        return after
    start = dice.randrange(max(1, len(found) // 2)) if dice.random() < 0.5 else 0  # noqa: PLR2004
    chosen = found[start : start + dice.randint(4, 60)]
    if dice.random() < 0.4:  # noqa: PLR2004
        heading = dice.choice(_COMMENT_HEADINGS).format(n=dice.randint(1, 99))
        chosen = [_block(heading, Role.BOILERPLATE, Kind.COMMENTS, "h3"), *chosen]
    at = dice.choice((0, min(3, len(after)), len(after)))
    return after[:at] + chosen + after[at:]
