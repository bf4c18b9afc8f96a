"""Votes of a source: counts that add in any order, and evidence that is never enough alone."""

from __future__ import annotations

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.repair import repair
from corpuskit.repair.candidates import SECONDING
from corpuskit.repair.misreadings import misread
from corpuskit.repair.votes import MOST, Votes

CHAIN = "UTF-8 read as cp1252"
PAGES = ("Grüße aus Köln, größer und schöner.", "Äpfel, Öl und Müsli für alle Gäste.", "A page in English.")
tallies = st.builds(
    lambda pages, counts: Votes(pages, Counter({chain: min(count, pages) for chain, count in counts.items()})),
    st.integers(0, 50),
    st.dictionaries(st.sampled_from((CHAIN, "UTF-8 read as gbk", "cp1251 read as cp1252")), st.integers(1, 50)),
)


def votes_of(*pages: str) -> Votes:
    votes = Votes()
    for page in pages:
        votes += Votes.of(repair(misread(page.encode(), "cp1252")))
    return votes


def test_pages_vote_for_what_was_undone_on_them() -> None:
    assert votes_of(*PAGES) == Votes(3, Counter({CHAIN: 2}))


@given(tallies, tallies, tallies)
def test_votes_add_in_any_order(first: Votes, second: Votes, third: Votes) -> None:
    assert (first + second) + third == third + (second + first)


@given(tallies)
def test_votes_are_never_worth_more_than_their_cap(votes: Votes) -> None:
    assert all(0 < nats <= MOST / SECONDING for nats in votes.seconding().values())


@pytest.mark.parametrize(
    ("damaged", "alone", "seconded"), [("Ã‰", "Ã‰", "É"), ("plain café", "plain café", "plain café")]
)
def test_a_source_seconds_what_a_page_alone_does_not_prove(damaged: str, alone: str, seconded: str) -> None:
    assert repair(damaged).text == alone
    assert repair(damaged, votes=votes_of(*PAGES)).text == seconded


def test_a_source_of_clean_pages_changes_nothing() -> None:
    assert repair("Ã‰", votes=Votes(10_000, Counter({CHAIN: 1}))).text == "Ã‰"


def test_a_page_has_no_say_in_what_others_say() -> None:
    repaired = repair(misread(PAGES[0].encode(), "cp1252"))
    assert votes_of(*PAGES).without(repaired) == Votes(2, Counter({CHAIN: 1}))
    assert Votes.of(repaired).without(repaired).seconding() == {}


def test_the_evidence_says_what_the_votes_are() -> None:
    (change,) = repair("Ã‰", votes=votes_of(*PAGES)).repairs
    assert change.evidence.startswith(CHAIN)
    assert change.evidence.endswith("; as on 2 of 3 other pages of its source")
