from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from corpuskit.model import KINDS, Kind, Repair, Role, page_id, undo


def test_every_kind_belongs_to_a_role() -> None:
    assert {kind for kinds in KINDS.values() for kind in kinds} == set(Kind)
    assert set(KINDS) == set(Role)


def test_roles_and_kinds_compare_equal_to_their_names() -> None:
    assert [str(role) for role in Role] == ["main", "metadata", "related", "boilerplate"] == list(Role)
    assert f"{Kind.LIST_ITEM}" == "list_item"


@given(st.text(), st.text())
def test_ids_are_stable_and_of_fixed_form(source: str, locator: str) -> None:
    assert page_id(source, locator) == page_id(source, locator)
    assert len(page_id(source, locator)) == 32


def test_an_id_is_the_one_it_has_always_been() -> None:
    assert page_id("seeds", "a.txt") == "d51075cf1b7c1d6b6f1285fc1d40f76c"


def test_source_and_locator_do_not_run_into_each_other() -> None:
    assert page_id("a", "b/c") != page_id("a/b", "c") != page_id("ab", "/c")


edits = st.lists(st.tuples(st.text(max_size=5), st.text(max_size=5), st.text(max_size=5)), max_size=8)


@given(edits)
def test_undo_takes_every_repair_back(parts: list[tuple[str, str, str]]) -> None:
    """Each part is (text left alone, text before a repair, text after it)."""
    before = after = ""
    repairs = []
    for kept, old, new in parts:
        before, after = before + kept, after + kept
        repairs.append(
            Repair(len(before), len(before) + len(old), len(after), len(after) + len(new), old, new, "rule", "why")
        )
        before, after = before + old, after + new
    assert undo(after, repairs) == before


def test_undo_refuses_a_repair_that_does_not_fit() -> None:
    with pytest.raises(ValueError, match="does not fit"):
        undo("abc", [Repair(0, 1, 0, 1, "x", "z", "rule", "why")])
