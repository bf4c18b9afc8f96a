"""Of documents that are near copies the first stays, and each of the others says whose copy it is."""

from __future__ import annotations

import random
from functools import cache
from typing import TYPE_CHECKING, Final

import duckdb
import pytest
from hypothesis import given
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit.config import defaults
from corpuskit.package.release import checksums
from corpuskit.passes import duplicates
from corpuskit.select.sketch import BANDS, PIECE, similarity, sketch, words

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence
    from pathlib import Path

VOCABULARY: Final = [f"{word}{number}" for word in ("harbour", "ferry", "quay", "winter") for number in range(200)]


def text(seed: int, length: int = 150) -> list[str]:
    return random.Random(seed).choices(VOCABULARY, k=length)  # noqa: S311 - words, not secrets


def altered(words_: Sequence[str], *places: int) -> list[str]:
    return [f"other{place}" if place in places else word for place, word in enumerate(words_)]


# --- the sketch ---


@pytest.mark.parametrize(
    ("text_", "count"),
    [
        ("", 0),
        (" \n—…!? ", 0),
        ("one", 1),
        ("Don't stop", 3),
        ("12,5 mm", 3),
        ("Äpfel, Öl & Ähren", 3),
        ("कल की ख़बर", 3),
        ("日本語のテキスト", 8),
        ("한국어 텍스트", 2),
        ("a😀b", 3),
        ("lone \ud800 surrogate", 2),
    ],
)
def test_words_are_told_apart_in_any_script(text_: str, count: int) -> None:
    assert len(words(text_)) == count


@given(st.text(max_size=60), st.sampled_from(["", " ", "\n\n", ", ", " — "]), st.text(max_size=60))
def test_a_word_has_one_hash_wherever_it_stands(before: str, between: str, after: str) -> None:
    word = "\nferry\n"
    assert words(word)[0] in words(before + between + word + after)


def test_words_do_not_depend_on_pieces() -> None:
    long = " ".join(text(1, PIECE // 4))
    assert len(long) > 2 * PIECE
    assert len(words(long)) == PIECE // 4
    assert words(long)[-3:].tolist() == words(" ".join(long.split()[-3:])).tolist()
    assert len(words("x" * (3 * PIECE))) == 3


def test_texts_that_are_the_same_but_for_case_and_punctuation_have_one_sketch() -> None:
    one = " ".join(text(1))
    other = ", ".join(text(1)).upper() + "!"
    assert sketch(one).tolist() == sketch(other).tolist()
    assert len(set(sketch(one).tolist())) == BANDS
    assert similarity(one, other) == 1


@pytest.mark.parametrize(
    ("one", "other", "share"),
    [
        ("a b c d e f", "a b c d e f", 1),
        ("a b c d e f", "a b c d e g", 1 / 3),
        ("a b c", "A, b; c", 1),
        ("a b c", "a b d", 0),
        ("", "", 0),
        ("a", "", 0),
    ],
)
def test_similarity_is_the_share_of_runs(one: str, other: str, share: float) -> None:
    assert similarity(one, other) == pytest.approx(share)
    assert similarity(other, one) == pytest.approx(share)


# --- the pass ---


PAGES: Final = """
CREATE TABLE parts AS
SELECT 'u' AS unit, 0::BIGINT AS ordinal, 's' AS source, unnest($id::VARCHAR[]) AS id,
       unnest($sketch::UBIGINT[][]) AS sketch, {text: unnest($text::VARCHAR[])} AS documents,
       {status: 'kept', rule: NULL::VARCHAR, value: NULL::VARCHAR, threshold: NULL::VARCHAR} AS decisions
"""


@cache
def engine() -> duckdb.DuckDBPyConnection:
    """Return one engine for all examples, each of which takes back what it did: starting one takes longer than they."""
    relations = duckdb.connect(":memory:", config={"threads": 1})
    duplicates.define_functions(relations)
    return relations


def rejected(texts: Mapping[str, Sequence[str]], least: float = 0.8) -> dict[str, tuple[str, float]]:
    """Return whose copy each of ``texts``, by id, is found to be, and how much of one."""
    from dataclasses import replace

    config = replace(defaults(), select=replace(defaults().select, near_duplicates=least))
    joined = [" ".join(words_) for words_ in texts.values()]
    pages = {"id": [*texts], "sketch": [sketch(text_).tolist() for text_ in joined], "text": joined}
    relations = engine()
    relations.begin()
    try:
        relations.execute(PAGES, pages)
        relations.execute("CREATE VIEW pages AS FROM parts")
        duplicates.reject_near_duplicates(relations, config)
        rows = relations.execute("SELECT id, documents IS NULL, decisions.* FROM pages").fetchall()
    finally:
        relations.rollback()
    assert len(rows) == len(texts)
    found = {}
    for id_, gone, status, rule, value, threshold in rows:
        if not gone:
            assert (status, rule) == ("kept", None)
            continue
        assert (status, rule, threshold) == ("rejected", "near-duplicate", f"less than {least:g}")
        share, _, first = value.partition(" with ")
        found[id_] = (first, float(share))
    return found


@pytest.mark.parametrize("keys_at_a_time", [duplicates.AT_A_TIME, 35, 1])  # all bands; seven of them; one
def test_the_first_stays_and_others_say_whose_copy_they_are(
    monkeypatch: pytest.MonkeyPatch, keys_at_a_time: int
) -> None:
    monkeypatch.setattr(duplicates, "AT_A_TIME", keys_at_a_time)
    one = text(1)
    texts = {"b": one, "c": altered(one, 9), "d": text(2), "a": altered(one, 70), "e": one[:50]}
    share = similarity(" ".join(texts["c"]), " ".join(texts["a"]))
    assert rejected(texts) == {
        "b": ("a", round(similarity(" ".join(one), " ".join(texts["a"])), 2)),
        "c": ("a", round(share, 2)),
    }


def test_who_is_no_copy_of_one_that_stays_stays() -> None:
    """A chain: each is a copy of the one before it, the third none of the first."""
    chain = [text(1)]
    for step in range(3):
        chain.append(altered(chain[-1], 20 + 40 * step, 30 + 40 * step))
    texts = dict(zip("abcd", chain, strict=True))
    assert (
        similarity(" ".join(chain[0]), " ".join(chain[2])) < 0.8 <= similarity(" ".join(chain[2]), " ".join(chain[3]))
    )
    assert {id_: first for id_, (first, _) in rejected(texts).items()} == {"b": "a", "d": "c"}


def test_thousands_of_equal_pages_are_as_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    """The first is compared with each of the others, and none of those among themselves; equal texts with none."""
    compared = []

    def counted(one: str, other: str) -> float:
        compared.append(1)
        return similarity(one, other)

    monkeypatch.setattr(duplicates, "similarity", counted)
    same = text(1)
    found = rejected({f"{number:04d}": [*same[:-1], same[-1] if number % 2 else "end"] for number in range(300)})
    assert len(found) == 299
    assert {first for first, _ in found.values()} == {"0000"}
    assert len(compared) <= 150 * 3


@given(st.lists(st.tuples(st.integers(0, 2), st.sets(st.integers(0, 59), max_size=3)), min_size=1, max_size=12))
def test_who_goes_is_alike_to_one_before_it_that_stays(pages: list[tuple[int, set[int]]]) -> None:
    texts = {f"{n:02d}": altered(text(seed, 60), *places) for n, (seed, places) in enumerate(pages)}
    found = rejected(texts, 0.7)
    for id_, (first, share) in found.items():
        assert first < id_
        assert first not in found
        assert share == pytest.approx(similarity(" ".join(texts[id_]), " ".join(texts[first])), abs=0.006)
    for id_, words_ in texts.items():
        same = [other for other, others in texts.items() if other < id_ and others == words_]
        assert id_ in found or not same


# --- a build ---


def write(folder: Path, texts: Mapping[str, Sequence[str]], extra: str = "") -> Path:
    pages = folder / "pages"
    pages.mkdir(parents=True)
    for name, words_ in texts.items():
        title = " ".join(text(sum(map(ord, name)), 6)).capitalize()
        (pages / f"{name}.txt").write_text(f"{title}\n\n{' '.join(words_).capitalize()}.\n", encoding="utf-8")
    (folder / "corpus.toml").write_text(
        '[dataset]\nname = "town"\nversion = "1.0.0"\ntitle = "Town"\ndescription = "News of a town."\n'
        f'[[source]]\nname = "pages"\npath = "pages"\n{extra}',
        encoding="utf-8",
    )
    return folder


def test_a_build_without_near_copies(tmp_path: Path) -> None:
    one = text(1)
    texts = {"one": one, "two": altered(one, 3), "three": altered(one, 140), "four": text(2)}
    folder = write(tmp_path / "c", texts, "[select]\nnear_duplicates = 0.8\nmin_survival = 0.2\n")
    made = ck.build(folder)
    assert made.pages == {"read": 4, "kept": 2, "rejected": 2, "quarantined": 0}
    kept = {row["id"] for row in ck.load(str(made.path), split="train")}
    for page, decision in made.not_kept:
        assert decision.rule == "near-duplicate", page
        assert (decision.value or "").split(" with ")[1] in kept
    assert ck.validate(made.path) == []
    again = ck.build(folder, fresh=True, workers=2, replace=True)
    assert (again.outcome, again.content_sha256) == ("same", made.content_sha256)
    # Switched off, nothing is read again.
    settings = folder / "corpus.toml"
    before = checksums(made.path)
    settings.write_text(settings.read_text().replace("near_duplicates = 0.8\n", ""))
    without = ck.build(folder, replace=True)
    assert (without.pages["kept"], without.reused) == (4, 4)
    assert checksums(without.path) != before
