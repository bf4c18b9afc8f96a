"""Measure on languages never fitted on: ``python -m bench.repair.folds --models FOLDER --plot trade-off.svg``.

``--clean FOLDER`` adds the texts of real pages (Parquet with a column ``text``) to the clean ones.  What the model that
ships edits there was read page by page and is damage, so it counts as no false edit of the others.

The languages of the sentences are dealt into folds.  For each fold the character model is trained without its
languages, and the thresholds are fitted on clean text of the others: the lowest that leave all of it alone.  One factor
scales all thresholds; their ratios to each other are as they ship, and were chosen seeing every language.
"""

from __future__ import annotations

import argparse
import re
from collections import Counter, defaultdict
from contextlib import ExitStack, contextmanager
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, NamedTuple
from unittest.mock import patch

import numpy as np

from bench.repair.__main__ import clean_texts
from bench.repair.generate import Case, cases, sentences
from bench.repair.plots import write_curve
from bench.repair.sources import dialogues, translations
from bench.repair.train import train, weighted_texts
from corpuskit.repair import RepairSettings, legacy, likelihood, mojibake, multibyte, repair, utf8, utf8_readings

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

FOLDS: Final = 4
FACTORS: Final = (0.75, 1.0, 1.5, 2.0)
"""Times the thresholds that ship."""
THRESHOLDS: Final[tuple[tuple[Any, str], ...]] = (
    (utf8_readings, "SOLO"), (utf8_readings, "RARE"), (utf8, "SPACED"), (legacy, "SEGMENT"), (legacy, "ALPHABET"),
    (multibyte, "SOLO"), (multibyte, "PAIRS"),
    (mojibake, "LEAST_UTF8"), (mojibake, "LEAST_UTF8_RARE"), (mojibake, "LEAST_PAIRS"), (mojibake, "LEAST_LEGACY"),
)  # fmt: skip
CLEAN_SENTENCES: Final = 4000
"""For each language, at most."""
PER_PAGE: Final = 10
ONLY_MOJIBAKE: Final = RepairSettings(
    c1_controls=False, surrogates=False, controls=False, zero_width=False, soft_hyphens=False, inner_bom=False
)
_SENTENCE_END: Final = re.compile(r"(?<=[.!?。！？])\s+|\n+")

Tally = Counter[str]


def main() -> None:
    """Train what is not there yet, measure, print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--models", type=Path, required=True, help="folder of the models trained without each fold")
    parser.add_argument("--clean", type=Path, help="folder of Parquet files of texts that are clean")
    parser.add_argument("--every", type=int, default=1, help="take every nth case")
    parser.add_argument("--plot", type=Path, help="SVG of restored and false edits by threshold")
    arguments = parser.parse_args()
    languages = list(sentences())
    clean = clean_pages(frozenset(languages))
    if arguments.clean:
        for language, pages in real_pages(arguments.clean).items():
            clean.setdefault(language, []).extend(pages)
    chosen = list(cases())[:: arguments.every]
    results = []
    for fold in range(FOLDS):
        held_out = frozenset(languages[fold::FOLDS])
        model = model_without(held_out, arguments.models / f"fold{fold}.npz")
        with reading_by(model):
            results.append([measured(factor, held_out, clean, chosen) for factor in FACTORS])
        print_fold(held_out, results[-1])
    pooled = [sum((fold[i][1] for fold in results), Counter()) for i in range(len(FACTORS))]
    print_curve(pooled)
    fitted = sum((fold[fitted_index(fold)][1] for fold in results), Counter())
    print("all folds, each at its own fit:", described(fitted))
    if arguments.plot:
        write_curve(arguments.plot, FACTORS, [(shares(tally)["restored"], per_100_000(tally)) for tally in pooled])


class Clean(NamedTuple):
    """A text, how many sentences it has, and the edits of it that are right."""

    text: str
    sentences: int
    right: frozenset[tuple[int, int, str]] = frozenset()


def clean_pages(languages: frozenset[str]) -> dict[str, list[Clean]]:
    """Return clean text by language, :data:`PER_PAGE` sentences a page: messages and dialogues that packages ship."""
    found: dict[str, dict[str, None]] = defaultdict(dict)
    for source in (translations("django"), translations("wagtail"), dialogues()):
        for language, text, _ in source:
            if language in languages and len(found[language]) < CLEAN_SENTENCES:
                found[language].update(dict.fromkeys(part for part in _SENTENCE_END.split(text) if len(part) > 1))
    pages = {}
    for language, parts in found.items():
        lines = list(parts)[:CLEAN_SENTENCES]
        parts_of_pages = (lines[i : i + PER_PAGE] for i in range(0, len(lines), PER_PAGE))
        pages[language] = [Clean("\n".join(parts), len(parts)) for parts in parts_of_pages]
    return pages


def real_pages(folder: Path) -> dict[str, list[Clean]]:
    """Return the texts of the pages in ``folder`` by their language, as pycld2 tells it."""
    pycld2 = import_module("pycld2")
    pages: dict[str, list[Clean]] = defaultdict(list)
    for text in clean_texts(sorted(folder.glob("*.parquet"))):
        try:
            language = pycld2.detect(text.encode("utf-8", "replace"), isPlainText=True)[2][0][1]
        except pycld2.error:
            language = "un"
        count = sum(len(part) > 1 for part in _SENTENCE_END.split(text))
        pages[{"iw": "he"}.get(language, language)].append(Clean(text, count, edits(text)))
    return pages


def edits(text: str) -> frozenset[tuple[int, int, str]]:
    """Return what is edited in ``text``."""
    return frozenset((change.start, change.end, change.after) for change in repair(text, ONLY_MOJIBAKE).repairs)


def model_without(languages: frozenset[str], path: Path) -> likelihood.Model:
    """Return the model trained without ``languages``, from ``path`` where it is there already."""
    if not path.exists():
        packed = train(list(weighted_texts(languages)))
        with path.open("wb") as file:
            np.savez_compressed(file, allow_pickle=False, **packed)
    return likelihood.unpack(path.read_bytes())


@contextmanager
def reading_by(model: likelihood.Model) -> Iterator[None]:
    """Have the package score by ``model``."""
    mojibake.limits.cache_clear()
    with patch.object(likelihood, "load", lambda: model):
        yield
    mojibake.limits.cache_clear()


@contextmanager
def thresholds_times(factor: float) -> Iterator[None]:
    """Scale every threshold."""
    with ExitStack() as stack:
        for module, name in THRESHOLDS:
            stack.enter_context(patch.object(module, name, getattr(module, name) * factor))
        yield


def measured(
    factor: float, held_out: frozenset[str], clean: dict[str, list[Clean]], chosen: Sequence[Case]
) -> tuple[Tally, Tally]:
    """Return the tallies of the languages fitted on (clean text alone) and of those held out, at one threshold."""
    fitted, unseen = Counter[str](), Counter[str]()
    with thresholds_times(factor):
        for language, pages in clean.items():
            tally = unseen if language in held_out else fitted
            for page in pages:
                tally["clean"] += page.sentences
                tally["edits"] += len(edits(page.text) - page.right)
        for case in chosen:
            if case.language in held_out:
                unseen.update(outcome(case))
    return fitted, unseen


def outcome(case: Case) -> Tally:
    """Return what came of one damaged text."""
    repaired = repair(case.damaged)
    restored = repaired.text == case.clean
    if case.reversible:
        return Counter(reversible=1, restored=int(restored))
    return Counter(lossy=1, noticed=int(restored or bool(repaired.flags)))


def fitted_index(fold: list[tuple[Tally, Tally]]) -> int:
    """Return the lowest threshold from which on no clean text fitted on is edited, else the highest."""
    index = len(fold) - 1
    while index and not fold[index - 1][0]["edits"]:
        index -= 1
    return index


def shares(tally: Tally) -> dict[str, float]:
    """Return the share of reversible cases restored exactly, and of lossy ones restored or flagged."""
    return {
        "restored": tally["restored"] / max(1, tally["reversible"]),
        "noticed": tally["noticed"] / max(1, tally["lossy"]),
    }


def per_100_000(tally: Tally) -> float:
    """Return the edits for each 100,000 clean sentences."""
    return tally["edits"] / max(1, tally["clean"]) * 100_000


def described(tally: Tally) -> str:
    """Return one line of figures."""
    found = shares(tally)
    return (
        f"{found['restored']:.3f} of {tally['reversible']} reversible restored, {found['noticed']:.3f} of"
        f" {tally['lossy']} lossy flagged or restored, {tally['edits']} edits in {tally['clean']} clean sentences"
        f" ({per_100_000(tally):.1f} per 100,000)"
    )


def print_fold(held_out: frozenset[str], fold: list[tuple[Tally, Tally]]) -> None:
    """Print what the fit chose and how it does on the languages held out."""
    index = fitted_index(fold)
    seen = fold[index][0]
    print(f"held out {','.join(sorted(held_out))}: fitted {FACTORS[index]} times the thresholds that ship,")
    print(f"  {seen['edits']} edits in the {seen['clean']} clean sentences fitted on")
    print(f"  held out: {described(fold[index][1])}")


def print_curve(pooled: Sequence[Tally]) -> None:
    """Print the trade-off on languages held out, all folds together."""
    print(
        "| times the thresholds | restored | lossy flagged or restored | edits per 100,000 clean |\n|--:|--:|--:|--:|"
    )
    for factor, tally in zip(FACTORS, pooled, strict=True):
        found = shares(tally)
        print(f"| {factor} | {found['restored']:.3f} | {found['noticed']:.3f} | {per_100_000(tally):.1f} |")


if __name__ == "__main__":
    main()
