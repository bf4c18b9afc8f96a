"""Which of the rules' words stand against the network's."""

from __future__ import annotations

import pytest

import corpuskit as ck
from corpuskit.model import Kind, Role
from corpuskit.segment import experts, rules
from corpuskit.segment.labeller import Label, Line

_LINE = Line(0, 21, "A line of some words.", 1)


def _label(role: Role, kind: Kind, score: float) -> Label:
    return Label(role, kind, score, "")


@pytest.mark.parametrize(
    ("learned", "ruled", "decides"),
    [
        (_label(Role.RELATED, Kind.TITLE, 0.4), _label(Role.BOILERPLATE, Kind.PROMOTION, rules.LIKELY), False),
        (_label(Role.RELATED, Kind.TITLE, 0.4), _label(Role.BOILERPLATE, Kind.COMMENTS, rules.LIKELY), False),
        (_label(Role.RELATED, Kind.TITLE, 0.4), _label(Role.BOILERPLATE, Kind.DISCLAIMER, rules.LIKELY), True),
        (_label(Role.RELATED, Kind.TITLE, 0.4), _label(Role.BOILERPLATE, Kind.PROMOTION, rules.SURE), False),
        (_label(Role.RELATED, Kind.TITLE, 0.4), _label(Role.BOILERPLATE, Kind.SHARE, rules.SURE), True),
        (_label(Role.RELATED, Kind.AGE, 0.4), _label(Role.METADATA, Kind.DATE, rules.SURE), False),
        (_label(Role.MAIN, Kind.PARAGRAPH, 0.6), _label(Role.RELATED, Kind.TITLE, rules.SURE), True),
        (_label(Role.MAIN, Kind.PARAGRAPH, 0.9), _label(Role.METADATA, Kind.DATE, rules.SURE), True),
        (_label(Role.BOILERPLATE, Kind.COMMENTS, 0.9), _label(Role.METADATA, Kind.DATE, rules.SURE), False),
        (_label(Role.BOILERPLATE, Kind.COMMENTS, 0.9), _label(Role.METADATA, Kind.RIGHTS, rules.SURE), True),
        (_label(Role.RELATED, Kind.TITLE, 0.3), _label(Role.MAIN, Kind.PARAGRAPH, rules.LIKELY), False),
        (_label(Role.METADATA, Kind.STANDFIRST, 0.45), _label(Role.MAIN, Kind.PARAGRAPH, rules.LIKELY), True),
    ],
    ids=[
        "below a heading of promotion the network knows better",
        "below a heading of comments too",
        "a likely disclaimer decides where the network has no majority",
        "a phrase that says promotion is said of much",
        "one that says share is not",
        "a teaser has its own date",
        "a title of another article is no main text",
        "a date is no main text",
        "a comment has its own date",
        "no comment is a rights line",
        "what is main text the network says",
        "but for a sentence of which it makes neither",
    ],
)
def test_rules_decide_where_they_are_sure(learned: Label, ruled: Label, *, decides: bool) -> None:
    assert experts._rule_decides(_LINE, learned, ruled) is decides


READ = {
    "a box without headlines": (("Most Viewed in 24 Hours", "China Views"), Role.BOILERPLATE),
    "a list of names": (("Most popular", "Harbour", "Ferry", "Quay", "Boats", "Winter", "Fish"), Role.RELATED),
    "a list of headlines": (("Most Viewed in 24 Hours", "Harbour to be dredged before winter storms"), Role.RELATED),
}


@pytest.mark.parametrize(("texts", "role"), READ.values(), ids=READ)
def test_an_announcement_with_no_headline_below_it_is_a_promotion(texts: tuple[str, ...], role: Role) -> None:
    lines = [Line(0, len(text), text, 1) for text in texts]
    below = len(texts) - 1
    learned = [_label(Role.RELATED, Kind.HEADING, 0.6), *[_label(Role.RELATED, Kind.TITLE, 0.6)] * below]
    ruled = [_label(Role.BOILERPLATE, Kind.PROMOTION, rules.SURE), *[None] * below]
    assert {label.role for label in experts._without_empty_boxes(lines, learned, ruled)} == {role}


def test_a_page_without_a_title_takes_that_of_the_rules() -> None:
    doubted, sure = (_label(Role.BOILERPLATE, Kind.PROMOTION, score) for score in (0.5, 0.9))
    title = _label(Role.METADATA, Kind.TITLE, rules.LIKELY)
    assert experts._titled((doubted, sure), [title, None]) == (title, sure)
    assert experts._titled((sure, doubted), [title, None]) == (sure, doubted)
    assert experts._titled((doubted, title), [title, None]) == (doubted, title)


def test_a_headline_on_its_own_above_a_byline_is_the_title() -> None:
    paragraph = "The harbour committee agreed on Tuesday that the channel will be dredged before the winter storms.\n\n"
    text = f"A lighthouse is for sale\n\nBy Ada Marsh\n\n{paragraph * 4}© 2024 The Harbour Post.\n"
    assert ck.clean(text).metadata.title == "A lighthouse is for sale"
