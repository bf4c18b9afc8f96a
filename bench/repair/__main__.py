"""Print how much damage is undone, and how much clean text is left alone: ``python -m bench.repair``.

``--clean PATH...`` counts edits on clean text: Parquet with a ``text`` column (a file or a folder of them), or plain
text, one sentence a line.
``--speed`` measures throughput against ftfy, ``--linear`` how 50 MB compare with 5.  ``--heat FILE`` writes the
table of languages and codecs as SVG or CSV.
"""

from __future__ import annotations

import argparse
import csv
import re
import time
from collections import defaultdict
from importlib import import_module
from importlib.util import find_spec
from itertools import chain
from pathlib import Path
from typing import TYPE_CHECKING, Final

from bench.repair.generate import Case, cases, sentences
from bench.repair.plots import write_heat_map
from corpuskit.repair import RepairSettings, repair
from corpuskit.repair.misreadings import misread

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence

Scores = dict[tuple[str, str], dict[str, list[bool]]]
"""For each group of cases and each tool, which cases it restored."""
SENTENCE_END: Final = re.compile(r"[.!?。！？][\s”\"’」]|\n+")
CHARACTER_RULES_OFF: Final = RepairSettings(
    c1_controls=False, surrogates=False, controls=False, zero_width=False, soft_hyphens=False, inner_bom=False
)
"""On clean text only edits for mojibake are false ones: dropping a soft hyphen is what the rule says."""


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clean", type=Path, nargs="+", default=[])
    parser.add_argument("--speed", action="store_true")
    parser.add_argument("--linear", action="store_true")
    parser.add_argument("--heat", type=Path)
    parser.add_argument("--languages", help="only these, separated by commas")
    parser.add_argument("--kind", help="only damage of this kind: once, twice, thrice, sentence, legacy, ...")
    parser.add_argument("--every", type=int, default=1, help="take every nth case")
    arguments = parser.parse_args()
    if arguments.clean:
        print_clean(arguments.clean)
        return
    if arguments.speed:
        print_speed()
        return
    if arguments.linear:
        print_linearity()
        return
    chosen = [case for case in cases() if not arguments.languages or case.language in arguments.languages.split(",")]
    chosen = [case for case in chosen if arguments.kind in {None, case.kind}]
    print_scores(chosen[:: arguments.every], arguments.heat)


def repairers() -> dict[str, Callable[[str], str]]:
    """Return ours and the others that are installed: text in, text out."""
    ftfy = import_module("ftfy")
    safe = ftfy.TextFixerConfig(
        unescape_html=False, uncurl_quotes=False, fix_latin_ligatures=False, fix_character_width=False,
        fix_line_breaks=False, normalization=None,
    )  # fmt: skip
    found: dict[str, Callable[[str], str]] = {
        "corpuskit": lambda text: repair(text).text,
        "ftfy defaults": ftfy.fix_text,
        "ftfy safe": lambda text: str(ftfy.fix_text(text, safe)),
    }
    if find_spec("plsfix"):
        found["plsfix"] = import_module("plsfix").fix_text
    return found


def print_scores(chosen: Sequence[Case], heat: Path | None) -> None:
    """Print the share restored exactly, by kind, codec and language; of lossy cases also those flagged."""
    tools = repairers()
    scores: Scores = defaultdict(lambda: defaultdict(list))
    for case in chosen:
        add_score(scores, case, tools)
    print(f"{len(chosen)} cases")
    names = [*tools, "restored or flagged"]
    print("| | cases |", " | ".join(names), "|\n|---|--:|", "--:|" * len(names), sep="")
    for group in ("all", "kind", "codec", "language"):
        for (where, what), tallies in sorted(scores.items()):
            if where == group:
                shares = (f"{sum(t) / len(t):.3f}" if (t := tallies.get(name)) else "" for name in names)
                print(f"| {what} | {len(tallies['corpuskit'])} |", " | ".join(shares), "|")
    if heat:
        write_heat(heat, scores)


def add_score(scores: Scores, case: Case, tools: Mapping[str, Callable[[str], str]]) -> None:
    """Add to ``scores`` which of ``tools`` restore ``case``."""
    keys = [("all", "reversible" if case.reversible else "lossy"), ("kind", case.kind)]
    if case.reversible:
        keys += [("codec", case.codec), ("language", case.language), (case.language, case.codec)]
    for name, tool in tools.items():
        restored = tool(case.damaged) == case.clean
        for key in keys:
            scores[key][name].append(restored)
    if not case.reversible:
        repaired = repair(case.damaged)
        scores["all", "lossy"]["restored or flagged"].append(repaired.text == case.clean or bool(repaired.flags))


def write_heat(path: Path, scores: Scores) -> None:
    """Write the share restored for each language (row) and codec (column): a plot where ``path`` ends so, else CSV."""
    languages = sorted(what for where, what in scores if where == "language")
    codecs = sorted(what for where, what in scores if where == "codec")
    cells = {
        key: sum(tally["corpuskit"]) / len(tally["corpuskit"]) for key, tally in scores.items() if key[1] in codecs
    }
    if path.suffix == ".svg":
        write_heat_map(path, languages, codecs, cells)
        return
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.writer(file)
        writer.writerow(["language", *codecs])
        for language in languages:
            shares = (cells.get((language, codec)) for codec in codecs)
            writer.writerow([language, *("" if share is None else f"{share:.2f}" for share in shares)])


def print_clean(paths: Iterable[Path]) -> None:
    """Print every edit made to clean text, with what stands around it."""
    count = edits = flags = 0
    for text in clean_texts(paths):
        count += len(SENTENCE_END.findall(text)) + 1
        repaired = repair(text, CHARACTER_RULES_OFF)
        flags += sum(flag.rule == "mojibake" for flag in repaired.flags)
        for change in repaired.repairs:
            edits += 1
            around = text[max(0, change.start - 20) : change.end + 20]
            print(f"{change.before!r} -> {change.after!r} in {around!r}: {change.evidence}")
    print(f"{count} sentences, {edits} edits, {flags} flags")


def clean_texts(paths: Iterable[Path]) -> Iterator[str]:
    """Yield the texts in ``paths``."""
    files = (sorted(path.glob("*.parquet")) if path.is_dir() else [path] for path in paths)
    for path in chain.from_iterable(files):
        if path.suffix == ".parquet":
            table = import_module("pyarrow.parquet").read_table(path, columns=["text"])
            yield from (text for text in table.column("text").to_pylist() if text)
        else:
            yield from path.read_text(encoding="utf-8").splitlines()


def print_speed() -> None:
    """Print megabytes a second of CPU of ours and ftfy's, and how many times faster ours is."""
    texts = sentences()
    chosen = ("fr", "de", "es", "pl", "cs", "ru", "uk", "el", "ar", "tr")
    page = "\n".join(line for name in chosen for line in texts[name])
    plain = ("Nobody minded the rain, and the train was late again. " * 20 + "\n") * 2000
    fix_text = import_module("ftfy").fix_text
    for name, text in (
        ("clean ASCII", plain),
        ("clean non-ASCII", "\n".join([page] * 100)),
        ("all mojibake", "\n".join([misread(page.encode(), "cp1252")] * 40)),
    ):
        ours, theirs = _speed(repair, text), _speed(fix_text, text[:200_000])
        print(f"{name}: {ours:.1f} MB/s, ftfy {theirs:.1f} MB/s, {ours / theirs:.1f} times")


def print_linearity() -> None:
    """Print seconds for 50 MB, and how many times those for 5 MB that is: 10 where time is linear."""
    page = "\n".join(line for lines in sentences().values() for line in lines)
    for name, unit in (("clean", page), ("one character", "\u00c3"), ("misread", misread(page.encode(), "cp1252"))):
        small, large = (_seconds(unit * (size // len(unit.encode()))) for size in (5_000_000, 50_000_000))
        print(f"50 MB, {name}: {large:.1f} s, {large / small:.1f} times 5 MB")


def _seconds(text: str) -> float:
    start = time.perf_counter()
    repair(text)
    return time.perf_counter() - start


def _speed(tool: Callable[[str], object], text: str) -> float:
    tool(text[:1000])
    best = float("inf")
    for _ in range(3):
        start = time.process_time()
        tool(text)
        best = min(best, time.process_time() - start)
    return len(text.encode()) / best / 1e6


if __name__ == "__main__":
    main()
