"""The sections a page stands in, as its bread crumbs tell them: in JSON-LD, or in an element that is called so."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

from corpuskit.describe.markup_names import key
from corpuskit.segment.html.jsonld import plain
from corpuskit.segment.html.naming import sorts_called

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from corpuskit.segment.html.jsonld import Node
    from corpuskit.segment.html.page import MarkupPage

_CALLED: Final = re.compile(r"bread-?_?crumbs?(?![a-z])|rastro|fil-?d-?ariane", re.IGNORECASE)
_APART: Final = re.compile(r"\s*[>›»→▸⟩❯·|]\s*|\s+/\s+|\s*\t\s*")
_HERE: Final = re.compile(
    r"^(?:you are here|sie sind hier|du bist hier|vous êtes ici|est[áa]s? (?:aquí|en)|você está (?:aqui|em)|(?:ti trovi|sei) (?:qui|in)"
    r"|u bent hier|je bent hier|du är här|jste zde|jesteś tutaj|вы здесь|現在位置|当前位置|您的位置)\s*[:：]?\s*",
    re.IGNORECASE,
)
"""What a trail begins with before its first section."""
_MOST: Final = 12
"""Blocks of a trail at most: an element that holds more holds the page as well."""
_LONGEST: Final = 60
"""Characters of the longest name of a section."""
_HOME: Final = frozenset(
    {
        *("home", "homepage", "home page", "front page", "start", "startseite", "accueil", "inicio", "início", "hjem"),
        *("hem", "etusivu", "ana sayfa", "strona główna", "domů", "trang chủ", "beranda", "главная", "головна"),
        *("αρχική", "الرئيسية", "ראשי", "首页", "首頁", "ホーム", "トップ", "홈", "หน้าแรก"),
    }
)


def stated_crumbs(nodes: Sequence[Node]) -> list[str]:
    """Return the sections of the first ``BreadcrumbList`` among ``nodes``, without the home page and the page itself."""
    for node in nodes:
        items = node.get("itemListElement")
        if isinstance(items, list) and "BreadcrumbList" in str(node.get("@type")):
            named = [plain(item.get("name")) or plain(item.get("item")) for item in items if isinstance(item, dict)]
            return _sections(name for name in named[:-1] if name and not name.startswith("http"))
    return []


def shown_crumbs(page: MarkupPage) -> list[str]:
    """Return the sections of the first element of ``page`` that is called bread crumbs, as :func:`stated_crumbs` does.

    The page itself may be among them, where it is a link.
    """
    elements, blocks = page.elements, page.blocks
    called = frozenset(sorts_called(elements, _CALLED, "crumb", "rastro", "ariane"))
    for element in [number for number, sort in enumerate(elements.sort) if sort in called] if called else ():
        trail = range(elements.first_block[element], elements.end_block[element])
        if not 0 < len(trail) <= _MOST:
            continue
        parts = [[part for part in _APART.split(blocks.text[block]) if part] for block in trail]
        if len(trail) == len(parts[0]) == 1 < blocks.links[trail[0]]:
            continue  # a style sheet sets them apart
        names = [part for block in parts for part in block]
        leads_on = blocks.linked[trail[-1]] >= sum(map(len, parts[-1]))
        return _sections(names if leads_on else names[:-1])
    return []


def _sections(names: Iterable[str]) -> list[str]:
    bare = (_HERE.sub("", name) for name in names)
    return [
        name
        for name in bare
        if key(name) not in _HOME and len(name) <= _LONGEST and name[:1].isalnum() and name[-1] not in ":："
    ]
