"""Pages that scripts draw: where the markup shows next to nothing, JSON-LD may still hold the text."""

from __future__ import annotations

import re
from html import escape, unescape
from typing import TYPE_CHECKING, Final

from corpuskit.model import Kind, Role
from corpuskit.segment.html.jsonld import main_node, read_json_ld
from corpuskit.segment.html.labels import main_kind
from corpuskit.segment.html.walk import read_markup

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Block
    from corpuskit.segment.html.page import MarkupPage

_BODY: Final = "articleBody"
_TIMES: Final = 2
"""How many times as long as all that a page shows its ``articleBody`` must be for it to be the page's text.

Of 218 development pages with an ``articleBody`` one has that, and scripts draw it; what others have more than their
main text is in comments and boxes, or repeats.
"""
_TAG: Final = re.compile(r"<(?:p|br|div|h\d|li)\b", re.IGNORECASE)


def with_body(markup: str, page: MarkupPage) -> tuple[MarkupPage, int]:
    """Return ``page`` and 0; if its text is in its JSON-LD alone, with that, and how many blocks at its end that is.

    The page is read again with the text where a script would put it, so that all that is known of blocks and elements
    is known of these too.
    """
    if not any(_BODY in source for source in page.head.json_ld):
        return page, 0
    body = _as_markup((main_node(read_json_ld(page.head.json_ld), ()) or {}).get(_BODY))
    texts = read_markup(body).blocks.text
    if not texts or sum(map(len, texts)) < _TIMES * len(page.visible):
        return page, 0
    whole = read_markup(markup + body)
    # Behind an element that was never closed it would be part of that.
    return (whole, len(texts)) if whole.blocks.text[-len(texts) :] == texts else (page, 0)


def stated(page: MarkupPage, blocks: Sequence[Block], added: int) -> tuple[Block, ...]:
    """Return the labelled ``blocks`` of ``page`` with the last ``added``, which JSON-LD states, as its main text.

    What the markup shows of the same text is no second one.
    """
    if not added:
        return tuple(blocks)
    shown, text = blocks[:-added], blocks[-added:]
    said = {block.text for block in text}
    return (
        *(
            block._replace(role=Role.BOILERPLATE, kind=Kind.OTHER, reason=f"json-ld {_BODY} says it too")
            if block.role is Role.MAIN and block.text in said
            else block
            for block in shown
        ),
        *(
            block._replace(role=Role.MAIN, kind=main_kind(inside, block.text), score=1.0, reason=f"json-ld {_BODY}")
            for block, inside in zip(text, page.blocks.inside[-added:], strict=True)
        ),
    )


def _as_markup(body: object) -> str:
    """Return the value of an ``articleBody``, plain or marked up, as an article."""
    if not isinstance(body, str):
        return ""
    text = unescape(body)
    if not _TAG.search(text):
        text = "".join(f"<p>{escape(line)}</p>" for line in text.splitlines())
    return f"<article>{text}</article>"
