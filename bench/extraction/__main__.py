"""Extractors side by side on a folder of labelled pages: ``python -m bench.extraction FOLDER``.

The folder holds Parquet files with the columns ``id, url, page_type, html, text, must_have, must_not_have, title,
author, date`` (null where a set has none).  All systems see every page in one run, so that times are comparable.

The shipped weights were trained on the development pages: on those, figures of ``corpuskit`` must come from folds.
``--chances FILE`` reads the out-of-fold probabilities that ``corpuskit train html`` wrote; the network of flattened
text, which has learned from these pages too, is not asked for its second opinion then.  With ``--opinion FILE``, the
weights that ``corpuskit train text --measured`` wrote, it is, beside the markup alone, and only the pages of fold 0 are
read, which it has not seen.

``--kinds`` also says what each system leaks and loses, by kind: what a block outside the gold text is, its class names,
tags and links say (``corpuskit.train.html.roles.teach_roles``), the same for every system.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from collections import defaultdict
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pyarrow.parquet as pq

from bench.extraction.measures import Segments, bootstrap, overlap, same_people, same_text, segment_f1, segments
from bench.extraction.peers import READERS, installed
from corpuskit.model import Kind, Role
from corpuskit.segment.html import Engine, MarkupPage, read_markup
from corpuskit.segment.html.labels import choose, main_kind
from corpuskit.segment.html.second_opinion import hear
from corpuskit.segment.text.model import load
from corpuskit.train.align import coverage
from corpuskit.train.dom_roles import decode
from corpuskit.train.html.roles import teach_roles
from corpuskit.train.pages import domain_of, fold_of
from corpuskit.train.teacher import read_chances

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from corpuskit.segment.text.model import Network

COLUMNS = ["id", "url", "page_type", "html", "text", "must_have", "must_not_have", "title", "author", "date"]


def pages(folder: Path, every: int, *, unseen: bool = False) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield (set, record) for every ``every``-th page of the folder, or of those in fold 0 of flattened text."""
    for path in sorted(folder.glob("*.parquet")):
        records = pq.read_table(path, columns=COLUMNS).to_pylist()
        if unseen:
            records = [one for one in records if not fold_of(domain_of(one["url"] or one["id"]))]
        for record in records[::every]:
            yield path.stem, record


def groups_of(name: str, record: dict[str, Any]) -> list[str]:
    """Return the rows of the table a page counts in: its set, and its page type where the set has several."""
    kind = record["page_type"]
    return [name, f"{name} / {kind}"] if name.startswith("wcxb") else [name]


FOLDED = {"corpuskit": Engine.CORPUSKIT, "corpuskit auto": Engine.AUTO}
"""The systems whose text comes from out-of-fold probabilities where there are some."""
UNWANTED = {Role.RELATED: None, Role.BOILERPLATE: {Kind.SHARE, Kind.LEGAL}}
"""What must not leak: all related material, share and legal lines."""


def from_chances(markup: str, chance: NDArray[np.float32], engine: Engine, network: Network | None) -> str:
    """Return the text that out-of-fold probabilities choose, and the ``network`` where there is one."""
    page = read_markup(markup)
    keep = choose(page, chance, engine, markup, partial(hear, network=network) if network else None).keep
    return "\n\n".join(text for text, kept in zip(page.blocks.text, keep, strict=True) if kept)


class Truth:
    """What the blocks of a page are: which the gold text holds, and what the markup says of each."""

    def __init__(self, markup: str, gold: str) -> None:
        self.page: MarkupPage = read_markup(markup)
        self.texts = self.page.blocks.text
        self.main = coverage(self.texts, gold) >= 0.5
        self.words = np.array([len(text.split()) for text in self.texts])
        self.roles = teach_roles(self.page)

    def compare(self, text: str) -> tuple[dict[str, float], bool]:
        """Return what ``text`` leaks and loses (words by kind, as shares of the main text), and if any is unwanted."""
        kept = coverage(self.texts, text) >= 0.5
        total = max(int(self.words[self.main].sum()), 1)
        shares: dict[str, float] = defaultdict(float)
        unwanted = False
        for block in np.flatnonzero(kept & ~self.main):
            role, kind = self.roles[block]
            shares[f"leaked {role} {kind}"] += self.words[block] / total
            wanted = UNWANTED.get(role, set())
            unwanted |= wanted is None or kind in wanted
        for block in np.flatnonzero(self.main & ~kept):
            shares[f"lost {main_kind(self.page.blocks.inside[block], self.texts[block])}"] += self.words[block] / total
        return shares, unwanted


@dataclass(slots=True)
class Tally:
    """What all systems did on all pages, gathered by (group of pages, system)."""

    shingle: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    word: dict[tuple[str, str], list[float]] = field(default_factory=lambda: defaultdict(list))
    segment: dict[tuple[str, str], list[Segments]] = field(default_factory=lambda: defaultdict(list))
    seconds: dict[str, list[float]] = field(default_factory=lambda: defaultdict(list))
    fields: dict[tuple[str, str, str], list[float]] = field(default_factory=lambda: defaultdict(list))

    kinds: dict[tuple[str, str], list[dict[str, float]]] = field(default_factory=lambda: defaultdict(list))
    unwanted: dict[tuple[str, str], list[bool]] = field(default_factory=lambda: defaultdict(list))

    def compare(self, name: str, record: dict[str, Any], system: str, truth: Truth, text: str) -> None:
        """Add what ``system`` leaks and loses on a page."""
        shares, unwanted = truth.compare(text)
        for group in groups_of(name, record):
            self.kinds[group, system].append(shares)
            self.unwanted[group, system].append(unwanted)

    def score(self, name: str, record: dict[str, Any], system: str, text: str) -> None:
        """Add what ``system`` made of a page."""
        for group in groups_of(name, record):
            if record["text"]:
                self.shingle[group, system].append(overlap(text, record["text"])[2])
                self.word[group, system].append(overlap(text, record["text"], 1)[2])
            if record["must_have"] or record["must_not_have"]:
                found = segments(text, record["must_have"] or (), record["must_not_have"] or ())
                self.segment[group, system].append(found)

    def describe(self, name: str, record: dict[str, Any], reader: str, found: dict[str, Any]) -> None:
        """Add what ``reader`` says of a page: 1 where it is right; where the gold has no date, 1 where one is given."""
        if record["title"]:
            self.fields[name, reader, "title"].append(same_text(found["title"], record["title"]))
        if record["author"]:
            self.fields[name, reader, "authors"].append(same_people(found["authors"], record["author"]))
        day = (found["date"] or "")[:10]
        if record["date"]:
            self.fields[name, reader, "date"].append(day == str(record["date"])[:10])
        else:
            self.fields[name, reader, "date where the gold has none"].append(bool(day))

    def figures(self) -> dict[str, Any]:
        """Return all that was gathered, for printing and for JSON."""
        return {
            "shingle": {"|".join(key): values for key, values in self.shingle.items()},
            "word": {"|".join(key): values for key, values in self.word.items()},
            "segments": {
                "|".join(key): {
                    "f1": segment_f1(rows),
                    "kept": sum(row.kept for row in rows) / max(sum(row.must for row in rows), 1),
                    "pages with a leak": sum(row.leaked > 0 for row in rows) / len(rows),
                }
                for key, rows in self.segment.items()
            },
            "kinds": {"|".join(key): _mean_shares(rows) for key, rows in self.kinds.items()},
            "unwanted": {"|".join(key): [float(np.mean(rows)), len(rows)] for key, rows in self.unwanted.items()},
            "ms": {
                system: {
                    "median": 1e3 * float(np.median(values)),
                    "mean": 1e3 * float(np.mean(values)),
                    "p99": 1e3 * float(np.quantile(values, 0.99)),
                }
                for system, values in self.seconds.items()
            },
            "metadata": {"|".join(key): [float(np.mean(rows)), len(rows)] for key, rows in self.fields.items()},
        }


def _mean_shares(rows: list[dict[str, float]]) -> dict[str, float]:
    names = sorted({name for row in rows for name in row})
    return {name: float(np.mean([min(row.get(name, 0.0), 1.0) for row in rows])) for name in names}


def run(options: argparse.Namespace) -> dict[str, Any]:
    """Run every system on every page; return the figures."""
    systems = {name: system for name, system in installed().items() if not options.systems or name in options.systems}
    folds = read_chances(options.chances).pages if options.chances else {}
    network = load(dict(np.load(options.opinion))) if options.opinion else None
    tally = Tally()
    for name, record in pages(options.folder, options.every, unseen=network is not None):
        markup = decode(record["html"])
        truth = Truth(markup, record["text"]) if options.kinds and record["text"] else None
        for system, extract in systems.items():
            started = time.process_time()
            try:
                text = extract(markup, record["url"])
            except Exception as error:  # noqa: BLE001 - a peer that fails has no text
                sys.stderr.write(f"{system} {name}/{record['id']}: {error!r}\n")
                text = ""
            tally.seconds[system].append(time.process_time() - started)
            texts = {system: text}
            if system in FOLDED and folds:
                chance = folds[f"{name}/{record['id']}"][:, 0]
                texts = {system: from_chances(markup, chance, FOLDED[system], network)}
                if network:
                    texts[f"{system}, markup alone"] = from_chances(markup, chance, FOLDED[system], None)
            for which, found in texts.items():
                tally.score(name, record, which, found)
                if truth is not None:
                    tally.compare(name, record, which, truth, found)
        for reader, read in READERS.items() if options.metadata else ():
            tally.describe(name, record, reader, read(markup, record["url"]))
    return tally.figures()


def overlaps(figures: dict[str, Any]) -> list[str]:
    """Return, for each measure and group, a row per system, and the paired difference of ours to each."""
    lines: list[str] = []
    for measure in ("shingle", "word"):
        by_group: dict[str, dict[str, list[float]]] = defaultdict(dict)
        for key, values in figures[measure].items():
            group, system = key.split("|")
            by_group[group][system] = values
        for group, systems in sorted(by_group.items()):
            mine = systems.get("corpuskit")
            lines.append(f"\n{group}: {measure} F1, {len(next(iter(systems.values())))} pages")
            for system, values in sorted(systems.items(), key=lambda item: -float(np.mean(item[1]))):
                row = f"  {system:24} {np.mean(values):.4f}"
                if mine is not None and system != "corpuskit":
                    difference, deviation = bootstrap(mine, values)
                    row += f"   ours {difference:+.4f} ± {deviation:.4f}"
                lines.append(row)
    return lines


def kinds(figures: dict[str, Any]) -> list[str]:
    """Return what leaks and is lost, by kind."""
    if not figures["kinds"]:
        return []
    lines = ["\nleaked and lost words by kind, as shares of a page's main text, means over pages (8 largest)"]
    for key, shares in sorted(figures["kinds"].items()):
        often = sorted(shares.items(), key=lambda item: -item[1])[:8]
        lines.append(f"  {key:48} " + ", ".join(f"{name} {share:.4f}" for name, share in often))
    lines.append("\npages on which related, share or legal lines leak")
    lines += [f"  {key:48} {share:.4f} of {pages}" for key, (share, pages) in sorted(figures["unwanted"].items())]
    return lines


def table(figures: dict[str, Any]) -> str:
    """Return the figures as text."""
    lines = overlaps(figures)
    lines.append("\nsegments: F1, must-haves kept, pages with a must-not-have leaked")
    for key, row in sorted(figures["segments"].items()):
        lines.append(f"  {key:48} {row['f1']:.4f} {row['kept']:.4f} {row['pages with a leak']:.4f}")
    lines += kinds(figures)
    lines.append("\nCPU milliseconds a page: median, mean, p99 (corpuskit: metadata included)")
    for system, row in sorted(figures["ms"].items(), key=lambda item: item[1]["mean"]):
        lines.append(f"  {system:24} {row['median']:8.2f} {row['mean']:8.2f} {row['p99']:8.2f}")
    if figures["metadata"]:
        lines.append("\nmetadata: exact (or, where the gold has no date, given)")
        for key, (value, number) in sorted(figures["metadata"].items()):
            lines.append(f"  {key:64} {value:.4f} of {number}")
    return "\n".join(lines)


def main() -> int:
    """Run, print the table, and write the figures where ``--out`` says."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--chances", type=Path, help="out-of-fold probabilities (npz) for the development pages")
    parser.add_argument("--opinion", type=Path, help="weights of flattened text (npz) that have not seen fold 0")
    parser.add_argument("--systems", nargs="*", help="only these")
    parser.add_argument("--every", type=int, default=1, help="every n-th page of each set")
    parser.add_argument("--metadata", action="store_true", help="compare metadata, too")
    parser.add_argument("--kinds", action="store_true", help="say what leaks and is lost, by kind")
    parser.add_argument("--out", type=Path, help="write the figures as JSON, for bench.extraction.plot")
    options = parser.parse_args()
    figures = run(options)
    if options.out:
        options.out.write_text(json.dumps(figures) + "\n", "utf-8")
    sys.stdout.write(table(figures) + "\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
