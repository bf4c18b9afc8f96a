"""What is searched for misreadings is the text without its long stretches of ASCII, and stands for all of it."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import undo
from corpuskit.repair import repair
from corpuskit.repair.islands import SHORE, WORTH, islands
from corpuskit.repair.likelihood import code_points
from corpuskit.repair.misreadings import misread
from corpuskit.repair.vocabulary import Edit

MARKUP = '<div class="row">\n<p>Nothing to see here.</p>\n</div>\n' * 20
DAMAGED = misread("Grüße aus Köln, größer und schöner.".encode(), "cp1252")
texts = st.lists(
    st.one_of(
        st.text("aé \n中", max_size=20),
        st.sampled_from((MARKUP, "word " * 99, "x" * 999, "\n" * WORTH, " " * WORTH)),
    )
).map("".join)


def high(text: str) -> np.ndarray:
    return np.flatnonzero(code_points(text) > 0x7F)


@given(texts)
def test_everything_beyond_ascii_stays_and_is_found_again(text: str) -> None:
    left, chart = islands(text, high(text))
    edits = [Edit(place, place + 1, "", "", "") for place in high(left).tolist()]
    assert [edit.start for edit in chart.in_whole(edits)] == high(text).tolist()
    assert left.count("\n") <= text.count("\n")


@given(texts)
def test_edits_move_what_comes_after_them(text: str) -> None:
    left, chart = islands(text, high(text))
    edits = [Edit(place, place + 1, "--", "", "") for place in high(left).tolist()]
    changed = "".join("--" if character > "\x7f" else character for character in left)
    whole = "".join("--" if character > "\x7f" else character for character in text)
    after = chart.after(edits)
    for place in range(0, len(changed), 7):
        found = after.in_whole([Edit(place, place + 1, "", "", "")])[0].start
        # Where a stretch was left out stands a space or line break of its own.
        assert whole[found] == changed[place] or changed[place] in " \n"


def test_little_is_left_of_markup() -> None:
    text = MARKUP + "é" + MARKUP
    assert len(islands(text, high(text))[0]) < 3 * SHORE < len(text)


@pytest.mark.parametrize("between", [" ", MARKUP, "word " * 200, "x" * 2000, "\n" * 2000])
def test_what_lies_between_changes_nothing(between: str) -> None:
    repaired = repair(between.join((DAMAGED, DAMAGED, "clean")))
    once = repair(DAMAGED).text
    assert once != DAMAGED
    assert repaired.text == between.join((once, once, "clean"))
    assert undo(repaired.text, repaired.repairs) == between.join((DAMAGED, DAMAGED, "clean"))
