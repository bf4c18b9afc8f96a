"""Main text out of flattened pages, system by system: ``python -m bench.segmentation FOLDER --fold 0 --weights FILE``.

FOLDER holds the labelled pages (Parquet, the columns of :mod:`corpuskit.train.pages`).  The weights must have been
trained without the fold's domains (``corpuskit train text FOLDER --measured FILE``); without
``--weights`` the shipped ones are used, which have seen every page: then the figures say how well they fit, not how
well they will do.

Page F1 is over 4-word shingles, macro over pages, against the gold text.  Line figures are against gold for main text
and against the markup's hints for everything else; a related line called anything else counts as missed, anything
else called related as wrong.  Pages whose gold cannot be rebuilt from their own blocks (F1 under .8) are left out.

With ``--speed`` it prints CPU time a page instead, by part, beside peers on the same pages in the same run; one
thread (``OPENBLAS_NUM_THREADS=1``) makes the figures comparable.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import time
from collections import defaultdict
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from bench.segmentation import speed
from corpuskit.segment import experts, rules
from corpuskit.segment.pairs import PAIRS, PART_OF_PAIR, PARTS
from corpuskit.segment.text.decode import confidence, decode
from corpuskit.segment.text.model import Network, load, shipped
from corpuskit.train.align import tokens
from corpuskit.train.dom_roles import decode as decode_html
from corpuskit.train.flatten import STYLES
from corpuskit.train.pages import LabelledPage, half_of, label_page, read_rows
from corpuskit.train.samples import make

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.labeller import Line

_NUMBERS = {pair: number for number, pair in enumerate(PAIRS)}
NEWS = ("fundus-half", "aed", "wcxb-dev article")
_REACHABLE = 0.8
_MARKUP = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def keep_all(lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Everything is main text."""
    return np.ones(len(lines), dtype=bool)


def c4_rule(lines: Sequence[Line]) -> NDArray[np.bool_]:
    """Lines of five words and more that end like a sentence (Raffel et al., JMLR 2020)."""
    ends = tuple('.!?"”。！？')
    return np.array(
        [
            line.text.endswith(ends) and len(line.text.split()) >= 5 and "javascript" not in line.text.lower()
            for line in lines
        ]
    )


def justext_on_lines(lines: Sequence[Line], language: str) -> NDArray[np.bool_]:
    """Pomikálek's classifier with each line as a paragraph without links."""
    import justext
    from justext.core import classify_paragraphs, revise_paragraph_classification
    from justext.paragraph import Paragraph

    names = {
        "en": "English",
        "de": "German",
        "fr": "French",
        "es": "Spanish",
        "it": "Italian",
        "pl": "Polish",
        "pt": "Portuguese",
    }

    class Path:
        dom, xpath = "html.body.p", "/html[1]/body[1]/p[1]"

    paragraphs = []
    for line in lines:
        paragraph = Paragraph(Path())
        paragraph.append_text(line.text)
        paragraphs.append(paragraph)
    stop = frozenset(justext.get_stoplist(names.get(language, "English")))
    classify_paragraphs(
        paragraphs, stop, length_low=70, length_high=200, stopwords_low=0.3, stopwords_high=0.32, max_link_density=0.2
    )
    revise_paragraph_classification(paragraphs, max_heading_distance=200)
    return np.array([not paragraph.is_boilerplate for paragraph in paragraphs])


@dataclass(frozen=True)
class Result:
    """One system on one flattened page."""

    system: str
    dataset: str
    style: str
    language: str
    page: str
    f1: float
    truth: NDArray[np.int64] | None = None
    found: NDArray[np.int64] | None = None
    expected: float = 0.0
    confidence: NDArray[np.float64] | None = None


class Measure:
    """Shingle F1 against one gold text, with the words of both as numbers."""

    _words: dict[str, int] = {}  # noqa: RUF012

    def __init__(self, gold: str, pieces: Sequence[str]) -> None:
        self._gold = np.unique(self._shingles(self._numbers(gold)), return_counts=True)
        self._pieces = [self._numbers(piece) for piece in pieces]

    def __call__(self, keep: Iterable[bool]) -> float:
        """Return F1 of the pieces kept."""
        kept = [piece for piece, wanted in zip(self._pieces, keep, strict=True) if wanted]
        found, counts = np.unique(
            self._shingles(np.concatenate(kept) if kept else np.zeros(0, np.uint64)), return_counts=True
        )
        _, left, right = np.intersect1d(found, self._gold[0], assume_unique=True, return_indices=True)
        shared = np.minimum(counts[left], self._gold[1][right]).sum()
        return float(2 * shared / max(1, counts.sum() + self._gold[1].sum()))

    @classmethod
    def _numbers(cls, text: str) -> NDArray[np.uint64]:
        return np.array([cls._words.setdefault(word, len(cls._words) + 1) for word in tokens(text)], dtype=np.uint64)

    @staticmethod
    def _shingles(words: NDArray[np.uint64], size: int = 4) -> NDArray[np.uint64]:
        if not len(words):
            return words
        words = np.concatenate((words, np.zeros(max(0, size - len(words)), np.uint64)))
        number = len(words) - size + 1
        mixed = np.zeros(number, np.uint64)
        for at in range(size):
            mixed = (
                mixed * np.uint64(0x9E3779B97F4A7C15)
                + words[at : at + number] * np.uint64(0xC2B2AE3D27D4EB4F)
                + np.uint64(1)
            )
        return mixed


def measure_page(page: LabelledPage, html: bytes, styles: Sequence[str], network: Network, peers: bool) -> list[Result]:  # noqa: FBT001
    """Return the results of all systems on one page in each of ``styles``."""
    dataset = f"{page.dataset} {page.page_type}" if page.dataset in ("wcxb-dev", "magic") else page.dataset
    results: list[Result] = []

    def note(system: str, style: str, f1: float, **rest: Any) -> None:  # noqa: ANN401
        results.append(Result(system, dataset, style, page.language, page.id, f1, **rest))

    for style in styles:
        made = make(page.blocks, style, random.Random(f"{page.id}{style}"))  # noqa: S311
        if made is None or page.gold is None:
            continue
        _, lines, sample = made
        measure = Measure(page.gold, [_MARKUP.sub(_plain, line.text) for line in lines])
        truth = PART_OF_PAIR[sample.pairs]
        probabilities = network(sample.features)
        pairs, expected = decode(probabilities, sample.features.words)
        found, sure = PART_OF_PAIR[pairs], confidence(probabilities, pairs)
        note("ours", style, measure(found == 0), truth=truth, found=found, expected=expected, confidence=sure)
        for system, labels in (
            ("network and rules", experts.label(lines, network)),
            ("rules alone", rules.label(lines)),
        ):
            called = np.array([PART_OF_PAIR[_NUMBERS[label.role, label.kind]] for label in labels])
            note(system, style, measure(called == 0), truth=truth, found=called)
        note("labels themselves", style, measure(truth == 0))
        if peers:
            note("keep all", style, measure(keep_all(lines)))
            note("C4 rule", style, measure(c4_rule(lines)))
            note("jusText on lines", style, measure(justext_on_lines(lines, page.language)))
    if peers and page.gold:
        import trafilatura

        text = trafilatura.extract(decode_html(html), include_comments=False, fast=True) or ""
        note("trafilatura on HTML", "html", Measure(page.gold, [text])([True]))
    return results


def _plain(match: re.Match[str]) -> str:
    return "" if match[0][0] == "!" else match[1]


def _f1(truth: NDArray[np.bool_], found: NDArray[np.bool_]) -> float:
    return float(2 * (truth & found).sum() / max(1, truth.sum() + found.sum()))


def spread(values: Sequence[float], draws: int = 1000) -> float:
    """Return the bootstrap standard deviation of the mean of ``values``."""
    dice = np.random.default_rng(0)
    array = np.array(values)
    return float(np.std([array[dice.integers(0, len(array), len(array))].mean() for _ in range(draws)]))


def tabulate(results: Sequence[Result], key: Callable[[Result], str]) -> list[dict[str, Any]]:
    """Return one row per system and value of ``key``."""
    rows: dict[tuple[str, str], list[Result]] = defaultdict(list)
    for result in results:
        rows[key(result), result.system].append(result)
    table = []
    for (name, system), found in sorted(rows.items()):
        values = [result.f1 for result in found]
        row: dict[str, Any] = {
            "set": name,
            "system": system,
            "pages": len(found),
            "f1": np.mean(values),
            "sd": spread(values),
        }
        if found[0].truth is not None:
            truth = np.concatenate([result.truth for result in found if result.truth is not None])
            guess = np.concatenate([result.found for result in found if result.found is not None])
            row["line"] = np.mean(
                [_f1(r.truth == 0, r.found == 0) for r in found if r.truth is not None and r.found is not None]
            )
            row |= {name: _f1(truth == number, guess == number) for number, name in enumerate(PARTS) if 0 < number < 4}
            related = truth == PARTS.index("related")
            row["leak"] = (related & (guess == 0)).sum() / max(1, related.sum())
            row["matrix"] = [[int(((truth == a) & (guess == b)).sum()) for b in range(5)] for a in range(5)]
        table.append(
            {
                key: round(float(value), 4) if isinstance(value, float | np.floating) else value
                for key, value in row.items()
            }
        )
    return table


def show(title: str, table: Sequence[dict[str, Any]]) -> None:
    """Print one table."""
    columns = ("set", "system", "pages", "f1", "sd", "line", "metadata", "related", "comments", "leak")
    print(f"\n{title}\n" + " | ".join(columns) + "\n" + " | ".join("---" for _ in columns))
    for row in table:
        cells = (row.get(column, "") for column in columns)
        print(" | ".join(f"{cell:.3f}" if isinstance(cell, float) else str(cell) for cell in cells))


def calibration(results: Sequence[Result]) -> list[dict[str, Any]]:
    """Return, by confidence, how often the group was right, and by expected F1, what F1 came."""
    ours = [result for result in results if result.truth is not None and result.confidence is not None]
    if not ours:
        return []
    right = np.concatenate(
        [_role(r.truth) == _role(r.found) for r in ours if r.truth is not None and r.found is not None]
    )
    confidence = np.concatenate([r.confidence for r in ours if r.confidence is not None])
    rows = []
    for low, high in ((0, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 0.97), (0.97, 1.01)):
        chosen = (confidence >= low) & (confidence < high)
        pages = [(r.expected, r.f1) for r in ours if low <= r.expected < high]
        rows.append(
            {
                "from": low,
                "lines": int(chosen.sum()),
                "confidence": round(float(confidence[chosen].mean()), 3) if chosen.any() else None,
                "right": round(float(right[chosen].mean()), 3) if chosen.any() else None,
                "pages": len(pages),
                "expected F1": round(float(np.mean([page[0] for page in pages])), 3) if pages else None,
                "F1": round(float(np.mean([page[1] for page in pages])), 3) if pages else None,
            }
        )
    return rows


def _role(groups: NDArray[np.int64]) -> NDArray[np.int64]:
    return np.where(groups == PARTS.index("comments"), PARTS.index("boilerplate"), groups)


def pages_of(folder: Path, folds: Iterable[int]) -> Iterator[tuple[LabelledPage, bytes]]:
    """Yield the pages of ``folds`` whose gold their own blocks can rebuild, with their HTML."""
    for dataset, row in read_rows(folder, list(folds)):
        page = label_page(row, dataset) if row["text"] else None
        if page and page.ceiling >= _REACHABLE:
            yield page, row["html"]


def main() -> None:
    """Run the benchmark and print its tables."""
    parser = argparse.ArgumentParser(prog="python -m bench.segmentation", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument(
        "--fold", type=int, action="append", help="fold to measure on; give it again for more (default: all)"
    )
    parser.add_argument(
        "--weights",
        type=Path,
        action="append",
        help="weights trained without these pages; given twice, the first are for half 0 of the domains, the second for"
        " half 1 (see corpuskit.train.second)",
    )
    parser.add_argument("--styles", default="inner_text,get_text,markdown", help=f"of {', '.join(STYLES)}")
    parser.add_argument("--no-peers", action="store_true")
    parser.add_argument("--pages", type=int, help="stop after so many pages")
    parser.add_argument("--speed", action="store_true", help="measure CPU time, and nothing else")
    parser.add_argument("--json", type=Path, help="write all tables there too")
    options = parser.parse_args()
    networks = [load(dict(np.load(file))) for file in options.weights or ()] or [shipped()]
    chosen = islice(pages_of(options.folder, options.fold or range(5)), options.pages)
    styles = options.styles.split(",")
    if options.speed:
        speed.show(speed.measure(chosen, styles, justext_on_lines))
        return
    results: list[Result] = []
    started = time.process_time()
    pages = 0
    for page, html in chosen:
        pages += 1
        network = networks[half_of(page.domain) % len(networks)]
        results += measure_page(page, html, styles, network, not options.no_peers)
    news = [result for result in results if result.dataset in NEWS]
    tables = {
        "By set": tabulate(results, lambda result: result.dataset),
        "News, by flattener": tabulate(news, lambda result: result.style),
        "News, by language": tabulate(news, lambda result: "English" if result.language == "en" else "other"),
    }
    for title, table in tables.items():
        show(title, table)
    tables["Calibration"] = calibration(news)
    print("\nCalibration (news)")
    for line in tables["Calibration"]:
        print(line)
    total = next(iter(tabulate([r for r in news if r.system == "ours"], lambda _: "news")), None)
    if total:
        print(f"\nConfusion (news; rows truth, columns found: {', '.join(PARTS)})")
        for name, counts in zip(PARTS, total["matrix"], strict=True):
            print(f"{name:12}", *(f"{count:7}" for count in counts))
    print(f"\n{pages} pages, {time.process_time() - started:.0f} CPU-seconds")
    if options.json:
        options.json.write_text(json.dumps(tables, indent=1, sort_keys=True), encoding="utf-8")


if __name__ == "__main__":
    main()
