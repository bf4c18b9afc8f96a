"""What differs between two releases, and what it asks of the version."""

from __future__ import annotations

import json
import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any

import fsspec
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit import schema
from corpuskit.errors import ReleaseError
from corpuskit.package import bump as bumps
from corpuskit.package.bump import Bump, Policy
from corpuskit.package.diff import diff, text_diff
from corpuskit.package.tables import SCHEMAS
from corpuskit.package.terms import of_document, of_whole, tightened
from tests.package.releases import FOUR, ONE, SIX, TWO, Release, document

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpuskit.package.difference import Diff

EDITS: list[dict[str, Any]] = tomllib.loads((Path(__file__).parent / "edits.toml").read_text(encoding="utf-8"))["edit"]


def edited(edits: Iterable[dict[str, Any]]) -> Release:
    release = Release()
    for edit in edits:
        for step in edit["do"]:
            for name, arguments in step.items():
                getattr(release, name)(**arguments)
    return release


def problems(found: Diff) -> list[str]:
    """Where the JSON of a difference does not follow its schema."""
    whole = schema.load("changes")
    validator = schema.compile_schema({"$ref": "#/$defs/diff", "$defs": whole["$defs"]})
    return [error.message for error in validator.iter_errors(json.loads(json.dumps(found.to_json())))]


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return Release().write(tmp_path_factory.mktemp("base"))


@pytest.mark.parametrize("edit", EDITS, ids=lambda edit: edit["name"])
def test_an_edit_asks_for_its_version(edit: dict[str, Any], base: Path, tmp_path: Path) -> None:
    found = diff(base, edited([edit]).write(tmp_path, batch=3))
    assert str(found.bump) == edit["strict"]
    assert {reason.rule for reason in found.reasons} == set(edit["rules"])
    assert found.least_version == {"patch": "1.0.1", "minor": "1.1.0", "major": "2.0.0"}[edit["strict"]]
    corrected = bumps.least(
        bumps.Reason(reason.rule, bumps.rules()[reason.rule].bump(Policy.CORRECTIONS), reason.what)
        for reason in found.reasons
    )
    assert str(corrected) == edit.get("corrections", edit["strict"])
    assert problems(found) == []


def test_there_are_enough_edits_and_every_rule_has_one() -> None:
    assert len(EDITS) >= 40
    assert {rule for edit in EDITS for rule in edit["rules"]} == set(bumps.rules())
    reasons = schema.load("changes")["$defs"]["diff"]["properties"]["reasons"]["items"]
    assert set(reasons["properties"]["rule"]["enum"]) == set(bumps.rules())


def test_the_policy_is_the_one_of_the_later_release_unless_said(base: Path, tmp_path: Path) -> None:
    release = Release()
    release.set("documents", 0, "title", "Another")
    release.changes["policy"] = "corrections"
    later = release.write(tmp_path)
    assert (diff(base, later).bump, diff(base, later, policy="strict").bump) == (Bump.MINOR, Bump.MAJOR)


@pytest.mark.parametrize(
    ("name", "refused"),
    [
        ("a document removed", "rows-removed"),
        ("a document added", None),
        ("a document forgotten", None),
        ("nothing", None),
    ],
)
def test_append_refuses_all_but_additions_and_forgetting(
    name: str, refused: str | None, base: Path, tmp_path: Path
) -> None:
    later = edited(edit for edit in EDITS if edit["name"] == name).write(tmp_path)
    found = diff(base, later, policy="append").refused
    assert (found.rule if found else None) == refused


def test_rows_are_told_by_config_split_and_column(base: Path, tmp_path: Path) -> None:
    release = Release()
    release.set("documents", 0, "title", "Another")
    release.set("documents", 0, "text", "Other.")
    release.set("documents", 1, "title", "And another")
    release.move("documents", 1)
    release.remove("documents", 0, "test")
    release.add("documents", document(SIX))
    rows = diff(base, release.write(tmp_path)).configs["documents"]
    assert (rows.before, rows.after) == (5, 5)
    assert (rows.added, rows.removed, rows.changed, rows.moved, rows.documents) == (1, 1, 2, 1, 4)
    assert rows.columns == {"title": 2, "text": 1}
    assert [(move.before, move.after, move.rows) for move in rows.moves] == [("train", "test", 1)]
    assert rows.examples.added == (SIX,)
    assert rows.examples.removed == (FOUR,)
    assert rows.examples.changed == (ONE, TWO)
    assert rows.examples.moved == (TWO,)
    train, test = rows.splits["train"], rows.splits["test"]
    assert (train.before, train.after, train.added, train.changed, train.moved_out) == (3, 3, 1, 1, 1)
    assert (test.before, test.after, test.removed, test.changed, test.moved_in) == (2, 2, 1, 1, 1)


def test_texts_are_shown_by_sentence_and_the_same_ones_each_time(base: Path, tmp_path: Path) -> None:
    release = Release()
    for row in (0, 1, 2):
        before = release.tables["documents"]["train"][row]["text"]
        release.set("documents", row, "text", f"{before} And a sentence more.")
    later = release.write(tmp_path)
    found = diff(base, later, samples=2).samples
    assert [sample.document for sample in found] == [ONE, TWO]
    assert found == diff(base, later, samples=2).samples
    assert f" The text of {ONE}.\n+And a sentence more." in found[0].diff
    assert diff(base, later, samples=0).samples == ()


def test_a_long_diff_is_cut() -> None:
    made = text_diff("", "\n".join(f"{'word ' * 200}{number}" for number in range(5000)))
    assert len(made) < 60 * 500
    assert made.endswith("more lines")


def test_rows_that_share_an_id_are_named(base: Path, tmp_path: Path) -> None:
    release = Release()
    release.add("documents", document(ONE), "test")
    with pytest.raises(ReleaseError, match=f"two rows of documents have the same id: {ONE}"):
        diff(base, release.write(tmp_path))


def test_folders_without_a_manifest_are_compared(base: Path, tmp_path: Path) -> None:
    release = Release()
    release.remove("documents", 0)
    later = release.write(tmp_path)
    (later / "manifest.json").unlink()
    (later / "changes.json").unlink()
    found = diff(base, later)
    assert (found.after.version, found.configs["documents"].removed) == (None, 1)
    assert diff(later, base).least_version is None


def test_any_address_that_fsspec_knows_can_be_compared(base: Path) -> None:
    memory = fsspec.filesystem("memory")
    memory.put(f"{base}/", "/bucket/town-1.0.0/", recursive=True)
    try:
        assert diff("memory://bucket/town-1.0.0", base).reasons == ()
        memory.rm("/bucket/town-1.0.0/manifest.json")
        found = diff(base, "memory://bucket/town-1.0.0")
        assert found.configs["documents"].after == 5
        assert found.same
    finally:
        memory.rm("/bucket", recursive=True)


@pytest.mark.parametrize(
    ("address", "said"),
    [
        ("nowhere", "there is no release there"),
        ("memory://nowhere", "there is no release there"),
        ("bogus://somewhere", "this kind of address cannot be read"),
    ],
)
def test_what_is_no_release_is_said(address: str, said: str, base: Path) -> None:
    with pytest.raises(ReleaseError, match=said):
        diff(base, address)


def test_an_empty_folder_is_no_release(base: Path, tmp_path: Path) -> None:
    with pytest.raises(ReleaseError, match="there is no release there"):
        diff(base, tmp_path)


def test_a_manifest_cannot_lead_out_of_its_release(base: Path, tmp_path: Path) -> None:
    later = Release().write(tmp_path / "later")
    manifest = json.loads((later / "manifest.json").read_text())
    manifest["configs"]["documents"]["splits"]["train"]["files"] = ["../secret.parquet"]
    (later / "manifest.json").write_text(json.dumps(manifest))
    with pytest.raises(ReleaseError, match="names a file outside of it"):
        diff(base, later)


def test_tables_without_ids_are_an_error(base: Path, tmp_path: Path) -> None:
    release = Release()
    release.drop_column("documents", "id")
    with pytest.raises(ReleaseError, match="cannot be told apart"):
        diff(base, release.write(tmp_path))


def test_a_file_that_is_broken_is_an_error(base: Path, tmp_path: Path) -> None:
    release = Release()
    release.remove("documents", 0)
    later = release.write(tmp_path)
    (later / "data" / "documents" / "train-00000-of-00001.parquet").write_bytes(b"PAR1")
    with pytest.raises(ReleaseError, match="cannot be read"):
        diff(base, later)


def test_columns_of_any_name_and_value_are_compared(tmp_path: Path) -> None:
    """Names are no SQL."""
    names = ['"; DROP TABLE old; --', "select", "c0", "k0", "split", "changed", "id ", "Überschrift"]
    first, second = Release(), Release()
    for release, value in ((first, "a'b"), (second, 'a"b')):
        for name in names:
            release.add_column("documents", name, value)
    found = diff(first.write(tmp_path / "1"), second.write(tmp_path / "2"))
    assert found.configs["documents"].columns == dict.fromkeys(sorted(names), 5)


def test_public_function_and_types(base: Path) -> None:
    found = ck.diff(base, base)
    assert isinstance(found, ck.Diff)
    assert found.bump is ck.Bump.PATCH
    assert found.same


# --- what always holds ---

EDIT = st.sampled_from([edit for edit in EDITS if edit["rules"]])
SLOW = settings(max_examples=12, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])


@st.composite
def corpora(draw: st.DrawFn) -> Release:
    """Releases of a few documents, over two splits, with values of all kinds."""
    release = Release()
    ids = draw(st.lists(st.sampled_from([f"{number:032x}" for number in range(12)]), unique=True, max_size=8))
    release.tables["documents"] = {"train": [], "test": []}
    for identifier in ids:
        values = {
            "text": draw(st.sampled_from(["", "a", "b"])),
            "title": draw(st.sampled_from([None, "", "a"])),
            "authors": draw(st.sampled_from([[], [None], [""], ["a", "b"], ["b", "a"]])),
            "license": draw(st.sampled_from([None, "CC-BY-4.0", "CC0-1.0"])),
        }
        release.add("documents", document(identifier, **values), draw(st.sampled_from(["train", "test"])))
    return release


def plain(release: Release) -> dict[str, tuple[str, Any]]:
    """The documents by id, with their split: what a diff must be about."""
    return {row["id"]: (split, row) for split, rows in release.tables["documents"].items() for row in rows}


@SLOW
@given(one=corpora(), other=corpora())
def test_a_diff_says_what_comparing_row_by_row_says(
    one: Release, other: Release, tmp_path_factory: pytest.TempPathFactory
) -> None:
    folder = tmp_path_factory.mktemp("pair")
    found = diff(one.write(folder / "a"), other.write(folder / "b", batch=1))
    mirrored = diff(folder / "b", folder / "a")
    rows, back, was, now = found.configs["documents"], mirrored.configs["documents"], plain(one), plain(other)
    both = was.keys() & now.keys()
    assert rows.added == len(now.keys() - was.keys()) == back.removed
    assert rows.removed == len(was.keys() - now.keys()) == back.added
    assert rows.changed == sum(was[key][1] != now[key][1] for key in both) == back.changed
    assert rows.moved == sum(was[key][0] != now[key][0] for key in both) == back.moved
    assert rows.columns == back.columns
    assert rows.before - rows.removed == rows.after - rows.added == len(both)
    for split in rows.splits.values():
        assert split.before + split.added + split.moved_in == split.after + split.removed + split.moved_out
    same = diff(folder / "a", folder / "a")
    assert (same.reasons, same.same) == ((), True)


def places(edit: dict[str, Any]) -> set[str]:
    """Return what an edit touches: two that touch the same may undo or break one another."""
    touched: set[str] = set()
    for name, arguments in ((name, arguments) for step in edit["do"] for name, arguments in step.items()):
        touched |= set(SCHEMAS) if name == "forget" else {arguments.get("config", name)}
    return touched


@SLOW
@given(edits=st.lists(EDIT, min_size=1, max_size=4, unique_by=lambda edit: edit["name"]))
def test_more_edits_never_lower_the_bump(edits: list[dict[str, Any]], tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("edits")
    chosen: list[dict[str, Any]] = []
    for edit in edits:
        if all(not places(edit) & places(other) for other in chosen):
            chosen.append(edit)
    found = diff(Release().write(folder / "a"), edited(chosen).write(folder / "b"))
    assert found.bump == max(Bump[edit["strict"].upper()] for edit in chosen)
    assert {reason.rule for reason in found.reasons} == {rule for edit in chosen for rule in edit["rules"]}


# --- licences ---

TERMS = [
    # from, to, tightened
    (("open", "CC-BY-4.0"), ("open", "CC-BY-4.0"), False),
    (("open", "CC-BY-4.0"), ("open", "CC-BY-SA-4.0"), True),
    (("open", "CC-BY-SA-4.0"), ("open", "CC-BY-NC-4.0"), True),
    (("open", "CC-BY-NC-4.0"), ("open", "CC-BY-SA-4.0"), True),
    (("open", "CC-BY-NC-ND-4.0"), ("open", "CC-BY-NC-4.0"), False),
    (("open", "CC0-1.0"), ("open", "Unlicense"), False),
    (("open", "MIT"), ("open", "Apache-2.0"), False),
    (("open", "MIT"), ("open", "GPL-3.0-or-later"), True),
    (("open", "MIT OR GPL-3.0-only"), ("open", "GPL-3.0-only"), True),
    (("open", "GPL-3.0-only"), ("open", "MIT OR GPL-3.0-only"), False),
    (("open", "MIT"), ("open", "MIT AND CC-BY-NC-4.0"), True),
    (("open", "(MIT OR CC-BY-SA-4.0) AND Apache-2.0"), ("open", "Apache-2.0"), False),
    (("open", "GPL-2.0-only"), ("open", "GPL-2.0-only WITH Classpath-exception-2.0"), False),
    (("open", "CC-BY-3.0-DE"), ("open", "CC-BY-4.0"), False),
    (("open", "LicenseRef-CC-BY"), ("open", "CC-BY-4.0"), False),
    (("open", "LicenseRef-a"), ("open", "LicenseRef-b"), True),
    (("open", "LicenseRef-a"), ("open", "LicenseRef-a"), False),
    (("open", "CC-BY-4.0"), ("unknown", None), True),
    (("unknown", None), ("reserved", None), True),
    (("reserved", None), ("unknown", None), False),
    (("reserved", None), ("open", "CC-BY-NC-ND-4.0"), False),
    (("open", None), ("open", "CC-BY-4.0"), True),
]


@pytest.mark.parametrize(("before", "after", "tighter"), TERMS)
def test_licences_are_ordered_by_what_they_restrict(
    before: tuple[str, str | None], after: tuple[str, str | None], *, tighter: bool
) -> None:
    assert tightened(of_document(*before), of_document(*after)) is tighter


@given(expression=st.text("()ORANDWITH MIT-", max_size=20))
def test_any_expression_has_terms(expression: str) -> None:
    assert not tightened(of_document("open", expression), of_document("open", expression))


def test_the_whole_is_as_tight_as_its_documents_together() -> None:
    assert of_whole([("open", "CC-BY-SA-4.0"), ("open", "MIT OR GPL-3.0-only")]) == {"attribution", "share-alike"}
    assert of_whole([]) == frozenset()


def test_versions_rise() -> None:
    assert [bumps.raised("1.2.3", bump) for bump in Bump] == ["1.2.4", "1.3.0", "2.0.0"]
    with pytest.raises(ReleaseError, match=r"no version X\.Y\.Z"):
        bumps.numbers("1.0.0-rc.1")
