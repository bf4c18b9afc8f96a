"""Which pages are done, told from what parts say: none is missed, and none is taken twice."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from corpuskit.passes.parts import Index, Part, Span, without

LENGTH = 12

spans = st.tuples(st.integers(0, LENGTH), st.integers(0, LENGTH)).map(sorted).map(lambda ends: (ends[0], ends[1]))


@given(span=spans, held=st.lists(spans, max_size=6))
def test_what_is_left_of_a_span_is_what_nobody_holds(span: tuple[int, int], held: list[tuple[int, int]]) -> None:
    left = [place for start, stop in without(span, held) for place in range(start, stop)]
    assert left == [place for place in range(*span) if not any(start <= place < stop for start, stop in held)]


@given(cuts=st.lists(spans, max_size=8), lost=st.sets(st.integers(0, LENGTH - 1), max_size=3), ended=st.booleans())
def test_a_unit_is_complete_when_parts_hold_all_its_pages(
    cuts: list[tuple[int, int]],
    lost: set[int],
    ended: bool,  # noqa: FBT001 - a case of a property
) -> None:
    """Parts overlap as those of killed and repeated runs do; lost pages of an earlier run do not count."""
    index = Index(frozenset({"unit"}))
    for number, (start, stop) in enumerate(cuts):
        gone = tuple(("unit", place) for place in sorted(lost) if start <= place < stop)
        index.add(Part(f"{number}", (Span("unit", start, stop), Span("other", 0, 5, last=True)), gone), again=True)
    if ended:
        index.add(Part("last", (Span("unit", LENGTH, LENGTH, last=True),)), again=True)
    held = {place for start, stop in cuts for place in range(start, stop)} - lost
    counted = [place for _, key, start, stop in index.live if key == "unit" for place in range(start, stop)]
    assert sorted(counted) == sorted(held)
    assert index.pages == len(held)
    assert index.complete("unit") == (ended and held == set(range(LENGTH)))
    assert index.lost == 0


def test_pages_that_were_lost_in_this_run_count_and_are_told() -> None:
    index = Index(frozenset({"unit"}))
    part = Part("part", (Span("unit", 0, 3),), lost=(("unit", 2),))
    index.add(part)
    index.add(part)
    assert (index.pages, index.lost, index.complete("unit")) == (3, 1, True)
