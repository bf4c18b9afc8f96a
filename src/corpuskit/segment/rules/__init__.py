"""A labeller made of rules: what each line says of itself, then where it stands between the article's start and end.

The rules know forms, not sites: cue phrases are data (``cues.toml``), everything else is shape and position.  The
page is read as four zones.  The *head* runs up to the title, the *intro* from there to the first running text, the
*body* to the last running text that no end cue cuts off, and the *tail* is the rest.  A line that says what it is
keeps that; any other takes the role its zone gives it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.model import Kind
from corpuskit.segment.rules.body import label_body_and_tail
from corpuskit.segment.rules.given import GUESS, LIKELY, SURE, boilerplate
from corpuskit.segment.rules.page import Page
from corpuskit.segment.rules.top import label_head, label_intro

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.segment.labeller import Label, Line

__all__ = ["GUESS", "LIKELY", "SURE", "label"]


def label(lines: Sequence[Line]) -> list[Label]:
    """Label the lines of one page."""
    if not lines:
        return []
    page = Page(lines)
    label_head(page)
    label_intro(page)
    label_body_and_tail(page)
    return [given or boilerplate(Kind.OTHER, GUESS, "nothing speaks for it") for given in page.labels]
