"""The command that fits a labeller again: ``train``."""

from __future__ import annotations

import json
import logging
import sys
from enum import StrEnum
from importlib.util import find_spec
from pathlib import Path
from typing import Annotated, Final

import typer

from corpuskit.cli import output
from corpuskit.errors import CorpuskitError


class Labeller(StrEnum):
    """What can be trained."""

    HTML = "html"
    TEXT = "text"


_NEEDS: Final = {Labeller.HTML: ("catboost",), Labeller.TEXT: ("torch", "catboost")}
"""The packages of the extra `train` that fit each."""


def register(app: typer.Typer) -> None:
    """Add the command of this module to the program."""
    app.command(epilog="Example: corpuskit train html labelled-pages --out weights.npz")(train)


def train(
    labeller: Annotated[Labeller, typer.Argument(help="The labeller of HTML, or of flattened text.")],
    folder: Annotated[Path, typer.Argument(help="A folder of Parquet files of labelled pages (docs/extraction.md).")],
    out: Annotated[Path, typer.Option(help="The file of weights to write.")] = Path("weights.npz"),
    figures: Annotated[
        Path | None, typer.Option(help="Write the figures of the model card there, as JSON (html only).")
    ] = None,
    chances: Annotated[
        Path | None,
        typer.Option(help="What the folds said of each block of HTML: html writes it there, text learns from it."),
    ] = None,
    labels: Annotated[
        Path | None,
        typer.Option(help="What a reader says that blocks of these pages are (docs/extraction.md)."),
    ] = None,
    measured: Annotated[
        Path | None,
        typer.Option(help="Write weights there that have not seen fold 0, for bench/segmentation (text only)."),
    ] = None,
) -> None:
    """Fit a labeller to a folder of labelled pages; the same folder gives the same weights."""
    missing = [package for package in _NEEDS[labeller] if find_spec(package) is None]
    if missing:
        raise CorpuskitError(
            f"training needs {' and '.join(missing)}, not installed",
            where=f"train {labeller}",
            remedy="pip install 'corpuskit[train]'",
        )
    if not sorted(folder.glob("*.parquet")):
        raise CorpuskitError("holds no Parquet files", where=str(folder), remedy="Give a folder of labelled pages.")
    if labeller is Labeller.TEXT:
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
        from corpuskit.train import text

        text.run(folder, out, measured=measured, chances=chances, labels=labels)
        return
    from corpuskit.train import html

    table = html.run(folder, out, chances, labels, say=lambda line: sys.stderr.write(f"{line}\n"))
    if figures:
        figures.write_text(json.dumps(table, indent=2) + "\n", encoding="utf-8")
    output.print_json(table)
