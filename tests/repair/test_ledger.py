"""The ledger: whatever the passes do, the first text can be had back."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import undo
from corpuskit.repair.ledger import Ledger, apply_edits, compose
from corpuskit.repair.vocabulary import Edit


@st.composite
def edits_of(draw: st.DrawFn, text: str, rule: str) -> list[Edit]:
    """Edits of ``text``: in order, apart, each changing or dropping something."""
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), max_size=8)))
    spans = zip(cuts[::2], cuts[1::2], strict=False)
    return [Edit(start, end, draw(st.text(max_size=3)), rule, rule) for start, end in spans if start < end]


@given(st.data(), st.text(alphabet="abcdef", max_size=20))
def test_any_passes_can_be_undone(data: st.DataObject, text: str) -> None:
    ledger = Ledger(text)
    expected = text
    for rule in ("one", "two", "three"):
        edits = data.draw(edits_of(ledger.text, rule))
        expected = apply_edits(expected, edits)
        ledger.apply(edits)
        assert ledger.text == expected
    repairs = ledger.repairs()
    assert undo(ledger.text, repairs) == text
    assert all(text[change.start : change.end] == change.before for change in repairs)
    assert all(first.end <= second.start for first, second in pairwise(repairs))


def test_edits_that_meet_become_one_that_names_both() -> None:
    first = [Edit(1, 3, "XY", "first", "because"), Edit(5, 6, "", "drop", "junk")]
    second = [Edit(2, 4, "Z", "second", "so")]
    assert compose(first, second, "aXYdeg") == [
        Edit(1, 4, "XZ", "first+second", "because; so"),
        Edit(5, 6, "", "drop", "junk"),
    ]


def test_a_deletion_stays_apart_from_a_change_right_after_it() -> None:
    first = [Edit(1, 2, "", "drop", "junk")]
    second = [Edit(1, 2, "C", "upper", "why")]
    assert compose(first, second, "ac") == [Edit(1, 2, "", "drop", "junk"), Edit(2, 3, "C", "upper", "why")]


def test_an_edit_undone_by_a_later_one_is_no_repair() -> None:
    ledger = Ledger("abc")
    ledger.apply([Edit(1, 2, "X", "there", "")])
    ledger.apply([Edit(1, 2, "b", "back", "")])
    assert ledger.repairs() == ()
