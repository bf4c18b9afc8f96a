"""Tell main text from page furniture by the shape of a block: a small classifier on a pinned version of a corpus."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

import numpy as np

import corpuskit as ck

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    Array = np.ndarray[Any, np.dtype[np.float64]]

HERE = Path(__file__).parent


class Pin(NamedTuple):
    """Which version of which dataset."""

    dataset: str
    version: str


class Block(NamedTuple):
    """What the classifier sees of a block, and what it is to say."""

    document_id: str
    text: str
    is_main: bool


class Report(NamedTuple):
    """How well pages that were held out were told: shares from 0 to 1."""

    blocks: int
    accuracy: float
    majority: float
    f1: float


def pinned(project: Path = HERE / "pyproject.toml") -> Pin:
    """Return the dataset and version that the project names; a folder is relative to the project."""
    settings = tomllib.loads(project.read_text(encoding="utf-8"))["tool"]["furniture"]
    dataset = settings["dataset"]
    return Pin(str(project.parent / dataset) if dataset.startswith(".") else dataset, settings["version"])


def read(pin: Pin, *, streaming: bool = True) -> Iterator[Block]:
    """Yield the blocks of the corpus; streaming copies nothing to the cache of ``datasets``."""
    rows: Iterable[Mapping[str, Any]] = ck.load(
        pin.dataset, "blocks", version=pin.version, split="train", streaming=streaming
    )
    for row in rows:
        yield Block(row["document_id"], row["text"], row["role"] == "main")


def features(text: str) -> list[float]:
    """Return the shape of a block: how long it is, how it ends, and what it is made of."""
    words, letters = text.split(), [character for character in text if character.isalpha()]
    count = len(text) or 1
    return [
        1.0,
        float(np.log1p(len(text))),
        float(np.log1p(len(words))),
        float(text.rstrip("\"'”’»)").endswith((".", "!", "?", "…", "。"))),
        sum(character in ".,;:!?" for character in text) / count,
        sum(character.isdigit() for character in text) / count,
        sum(character.isupper() for character in letters) / (len(letters) or 1),
    ]


def train(x: Array, y: Array, steps: int = 500, rate: float = 0.5, decay: float = 1e-3) -> Array:
    """Return the weights of a logistic regression, by gradient descent from nought: the same every time."""
    weights = np.zeros(x.shape[1])
    for _ in range(steps):
        chance = 1 / (1 + np.exp(-x @ weights))
        weights -= rate * (x.T @ (chance - y) / len(y) + decay * weights)
    return weights


def evaluate(blocks: list[Block]) -> Report:
    """Hold each page out once, train on the others, and count over all of them."""
    x = np.array([features(block.text) for block in blocks])
    x[:, 1:] = (x[:, 1:] - x[:, 1:].mean(axis=0)) / (x[:, 1:].std(axis=0) + 1e-9)
    y = np.array([block.is_main for block in blocks], dtype=np.float64)
    page = np.array([block.document_id for block in blocks])
    said = np.zeros(len(y), dtype=bool)
    for held in sorted(set(page)):
        weights = train(x[page != held], y[page != held])
        said[page == held] = x[page == held] @ weights > 0
    right = float(np.sum(said & (y == 1)))
    return Report(
        blocks=len(blocks),
        accuracy=float(np.mean(said == y)),
        majority=float(max(y.mean(), 1 - y.mean())),
        f1=2 * right / float(said.sum() + y.sum()),
    )


def main() -> None:
    """Print what was learnt from which version."""
    pin = pinned()
    report = evaluate(list(read(pin)))
    print(f"{Path(pin.dataset).name} {pin.version}: {report.blocks} blocks, each page held out once")
    print(f"accuracy {report.accuracy:.3f} (always the same answer: {report.majority:.3f}), F1 of main {report.f1:.3f}")


if __name__ == "__main__":
    main()
