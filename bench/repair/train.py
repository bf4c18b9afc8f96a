"""Train the character model: ``python -m bench.repair.train --out src/corpuskit/repair/characters.npz``.

``--without pl,th`` leaves languages out, to measure on languages the model has never seen.
"""

from __future__ import annotations

import argparse
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bench.repair.sources import all_samples
from bench.repair.typography import COMMON, typeset
from corpuskit.repair.likelihood import SCALE, SLOT_BITS, code_points, slots, unseen_bigrams
from corpuskit.repair.misreadings import SINGLE_BYTE, high_half

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    Floats = NDArray[np.float64]

CODE_POINTS: Final = 0x110000
TOTAL: Final = 2e7
"""Characters that all counts are scaled to, so that the constants below mean the same whatever the sources hold."""
LANGUAGE_POWER: Final = 0.5
"""A language with four times the text counts twice as much."""
OWN_COUNT: Final = 100.0
"""Scaled count from which a character is counted under its own id."""
BIGRAM_PRIOR: Final = 25.0
BIGRAM_COUNT: Final = 1.0
"""Scaled count from which a bigram is kept; the others are told by their scripts."""
TRIGRAM_SHARE: Final = 0.6
TRIGRAM_COUNT: Final = 2.5
"""Scaled count from which a trigram is kept."""
SCRIPT_PRIOR: Final = 300.0
UNLIKELY: Final = {"Cc": 8.0, "Co": 8.0, "Cn": 8.0, "Cs": 8.0, "So": 3.0}
"""Nats that controls, characters without a meaning, and box drawing cost beyond what counts of clean text tell."""
RANKS: Final = (200, 600, 1500, 3000, 6000)
"""Han and Hangul characters are counted together with those of like frequency."""


def main() -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--without", default="", help="languages to leave out, separated by commas")
    arguments = parser.parse_args()
    batches = list(weighted_texts(frozenset(filter(None, arguments.without.split(",")))))
    packed = train(batches)
    with arguments.out.open("wb") as file:
        np.savez_compressed(file, allow_pickle=False, **packed)
    print(f"{arguments.out}: {arguments.out.stat().st_size} bytes")


def weighted_texts(without: frozenset[str]) -> Iterator[tuple[NDArray[np.uint32], NDArray[np.float64]]]:
    """Yield for each language its text as code points and the weight of each."""
    languages: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for language, text, weight in all_samples():
        if language not in without and not text.isspace():
            languages[language].append((text, weight))
    languages["common"] = [(text, 1.0) for text in COMMON]
    for language, samples in languages.items():
        texts: list[str] = []
        weights: list[float] = []
        for text, weight in samples:
            for variant, share in typeset(language, text):
                texts.append(variant)
                weights.append(weight * share)
        lengths = np.array([len(text) + 1 for text in texts])
        codes = code_points("\n".join(texts) + "\n")
        each = np.repeat(np.array(weights), lengths)
        size = sum(len(text) for text, _ in samples) if language != "common" else 200_000
        yield codes, each * (size**LANGUAGE_POWER / each.sum())


def train(batches: list[tuple[NDArray[np.uint32], NDArray[np.float64]]]) -> dict[str, Any]:
    """Return the arrays of the model (:func:`corpuskit.repair.likelihood.unpack`)."""
    codes = np.concatenate([codes for codes, _ in batches])
    weights = np.concatenate([weights for _, weights in batches])
    weights *= TOTAL / weights.sum()
    counted: Floats = np.bincount(codes, weights, minlength=CODE_POINTS).astype(np.float64)
    groups = np.array([_group(code) for code in range(CODE_POINTS)])
    names, group_of = np.unique(groups, return_inverse=True)
    unigrams = _smooth(counted, group_of)
    ids, group_of_id = _assign_ids(unigrams, group_of, list(names))
    size = len(group_of_id)
    id_counts = np.bincount(ids, unigrams, minlength=size)
    emission = -np.log(unigrams / id_counts[ids])
    emission += np.array([UNLIKELY.get(name.split()[0], 0.0) for name in names])[group_of]
    emission[0x2500:0x25A0] += UNLIKELY["So"]
    emission[[0x09, 0x0A, 0x0D, 0x20]] = 0
    group_counts = np.bincount(group_of_id, id_counts)
    in_group = id_counts / group_counts[group_of_id]

    stream = ids[codes].astype(np.int64)
    pairs = np.bincount(stream[:-1] * size + stream[1:], weights[1:], minlength=size * size).astype(np.float64)
    pairs = pairs.reshape(size, size)
    transitions = _group_transitions(pairs, group_of_id, list(names))
    backoff = transitions[group_of_id][:, group_of_id] * in_group[None, :]
    seen = pairs.sum(1, keepdims=True)
    bigram = (pairs + BIGRAM_PRIOR * backoff) / (seen + BIGRAM_PRIOR)

    keys = (stream[:-2] * size + stream[1:-1]) * size + stream[2:]
    triples, where = np.unique(keys, return_inverse=True)
    counts = np.bincount(where, weights[2:])
    _, context_of = np.unique(triples // size, return_inverse=True)
    context_counts = np.bincount(context_of, counts)
    maximum = counts / context_counts[context_of]
    trigram = TRIGRAM_SHARE * maximum + (1 - TRIGRAM_SHARE) * bigram.ravel()[triples % (size * size)]
    kept = counts >= TRIGRAM_COUNT
    parts = np.stack([triples // (size * size), triples // size % size, triples % size], 1).astype(np.uint32)[kept]
    slot = slots(parts.ravel())[::3]
    cost = _steps(-np.log(trigram[kept]))
    order = np.lexsort((cost, slot))
    slot, first = np.unique(slot[order], return_index=True)
    steps = np.diff(slot.astype(np.int64), prepend=0)
    print(f"{size} ids, {len(names)} groups, {kept.sum()} trigrams in {1 << SLOT_BITS} slots")
    factors: dict[str, Any] = {
        "after": _steps(np.log1p(seen[:, 0] / BIGRAM_PRIOR) - np.log(1 - TRIGRAM_SHARE), least=0),
        "transitions": _steps(-np.log(transitions), least=0),
        "in_group": _steps(-np.log(in_group), least=0),
        "group_of_id": group_of_id.astype(np.uint16),
    }
    unseen = unseen_bigrams(**factors).ravel()
    bigrams = _steps(-np.log((1 - TRIGRAM_SHARE) * bigram)).ravel()
    told = np.flatnonzero((pairs.ravel() >= BIGRAM_COUNT) & (bigrams + 2 < unseen))
    print(f"{len(told)} bigrams of their own")
    id_values, id_runs = _runs(ids.astype(np.uint16))
    emission_values, emission_runs = _runs(_steps(emission, least=0))
    return {
        "ids": id_values,
        "id_runs": id_runs,
        "emission": emission_values,
        "emission_runs": emission_runs,
        **factors,
        "bigram_steps": np.diff(told, prepend=0).astype(np.uint32),
        "bigrams": bigrams[told],
        "slot_steps": steps.astype(np.uint16 if steps.max() < 1 << 16 else np.uint32),
        "trigrams": cost[order][first],
    }


def _group(code: int) -> str:
    """Return the script and kind of a character, as far as its name tells: "GREEK lower", "Po", "CJK other"."""
    character = chr(code)
    category = unicodedata.category(character)
    if category[0] in "LM":
        script = unicodedata.name(character, "?").split()[0].split("-")[0]
        script = {"MODIFIER": "LATIN", "COMBINING": "MARK"}.get(script, script)
        kind = {"Lu": "upper", "Lt": "upper", "Ll": "lower"}.get(category, "mark" if category[0] == "M" else "other")
        return f"{script} {kind}"
    if category == "Nd":
        return f"digit {code >> 8 if code > 0x7F else 0}"
    if (category in {"So", "Sk"} and code > 0xFFFF) or 0x2600 <= code <= 0x27BF:
        return "emoji"
    if category in {"Cc", "Zs", "Zl", "Zp"}:
        return category if code not in {9, 10, 13, 32} else "space"
    return f"{category} {'ascii' if code < 0x80 else 'latin1' if code < 0x100 else 'beyond'}"


def _smooth(unigrams: NDArray[np.float64], group_of: NDArray[np.int64]) -> NDArray[np.float64]:
    """Add half a count to each character: less in groups as vast as the unassigned ones."""
    members = np.bincount(group_of)
    return unigrams + np.minimum(0.5, 1000 / members[group_of])


def _assign_ids(
    unigrams: NDArray[np.float64], group_of: NDArray[np.int64], names: list[str]
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the id of each code point and the group of each id."""
    special = np.zeros(CODE_POINTS, bool)
    special[0x20:0x7F] = True
    special[0x30:0x3A] = False
    for codec in SINGLE_BYTE:
        special[[ord(character) for character in high_half(codec)]] = True
    ranked = {names.index(name) for name in ("CJK other", "HANGUL other")}
    own = (special | (unigrams >= OWN_COUNT)) & ~np.isin(group_of, list(ranked))
    own[0x80:0xA0] = False
    own[[0x20, 0x09, 0x0A, 0x0D, *range(0x30, 0x3A)]] = False
    ids = np.zeros(CODE_POINTS, np.int64)
    group_of_id: list[int] = []
    for group in range(len(names)):
        members = np.flatnonzero((group_of == group) & ~own)
        if not len(members):
            continue
        chunks = [members]
        if group in ranked:
            order = members[np.argsort(-unigrams[members], kind="stable")]
            chunks = [chunk for chunk in np.split(order, RANKS) if len(chunk)]
        for chunk in chunks:
            ids[chunk] = len(group_of_id)
            group_of_id.append(group)
    for code in np.flatnonzero(own):
        ids[code] = len(group_of_id)
        group_of_id.append(int(group_of[code]))
    return ids, np.array(group_of_id)


def _group_transitions(
    pairs: NDArray[np.float64], group_of_id: NDArray[np.int64], names: list[str]
) -> NDArray[np.float64]:
    """Return how likely a group is after another; where counts are few, a script goes on, or a word ends."""
    count = len(names)
    membership = np.zeros((len(group_of_id), count))
    membership[np.arange(len(group_of_id)), group_of_id] = 1
    counts = membership.T @ pairs @ membership
    scripts = [name.split()[0] if name.split()[-1] in {"upper", "lower", "other", "mark"} else name for name in names]
    same_script = np.array([[a == b for b in scripts] for a in scripts], float)
    overall = counts.sum(0) + 20
    prior = 0.6 * same_script / same_script.sum(1, keepdims=True) + 0.4 * overall / overall.sum()
    # A script begins after a space or a mark, not in the middle of a word of another.
    smoothed: Floats = (counts + SCRIPT_PRIOR * prior) / (counts.sum(1, keepdims=True) + SCRIPT_PRIOR)
    return smoothed


def _steps(nats: NDArray[np.float64], least: int = 1) -> NDArray[np.uint8]:
    return np.clip(np.rint(nats * SCALE), least, 255).astype(np.uint8)


def _runs(values: NDArray[np.generic]) -> tuple[NDArray[np.generic], NDArray[np.generic]]:
    """Return the values of the runs of equal ``values`` and their lengths."""
    starts = np.flatnonzero(np.concatenate(([True], values[1:] != values[:-1])))
    return values[starts], np.diff(np.append(starts, len(values))).astype(np.uint32)


if __name__ == "__main__":
    main()
