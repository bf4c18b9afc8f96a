"""How long native parsers take to parse and to be walked: ``python -m bench.extraction.parsers FOLDER``.

Walking asks every node for its kind, from Python, as a front end must.  The shapes at the end are hostile: a parser
that finds no text in them is not whole.  A parser that is not installed is left out;
resiliparse is, since walking its tree (2.0.1) ended in a segmentation fault on one of these shapes.
"""

from __future__ import annotations

import argparse
import importlib.util
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pyarrow.parquet as pq

from corpuskit.train.dom_roles import decode

if TYPE_CHECKING:
    from collections.abc import Callable

HOSTILE = {
    "5,000 divs": "<div>" * 5_000 + "needle",
    "br soup": "needle<br>" * 20_000,
    "span soup": "<span>needle" * 20_000,
    "li soup": "<li>needle" * 20_000,
}


def _lexbor(markup: str) -> int:
    from selectolax.lexbor import LexborHTMLParser

    root = LexborHTMLParser(markup).root
    return sum(node.tag_id >= 0 for node in root.traverse(include_text=True)) if root is not None else 0


def _lexbor_text(markup: str) -> str:
    from selectolax.lexbor import LexborHTMLParser

    return LexborHTMLParser(markup).text()


def _lxml(markup: str) -> int:
    import lxml.html

    return sum(node.tag is not None for node in lxml.html.document_fromstring(markup.encode()).iter())


def _lxml_text(markup: str) -> str:
    import lxml.html

    return "".join(lxml.html.document_fromstring(markup.encode()).itertext())


PARSERS: dict[str, tuple[str, Callable[[str], int], Callable[[str], str]]] = {
    "lexbor (selectolax)": ("selectolax", _lexbor, _lexbor_text),
    "libxml2 (lxml)": ("lxml", _lxml, _lxml_text),
}


def main() -> int:
    """Print CPU milliseconds a page, and which hostile shapes each parser finds the text of."""
    parser = argparse.ArgumentParser(prog="python -m bench.extraction.parsers", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--pages", type=int, default=100)
    options = parser.parse_args()
    markups = [
        decode(value)
        for path in sorted(options.folder.glob("*.parquet"))
        for value in pq.read_table(path, columns=["html"])["html"].to_pylist()[: options.pages // 5]
    ]
    for name, (module, walk, text) in PARSERS.items():
        if importlib.util.find_spec(module) is None:
            continue
        started = time.process_time()
        nodes = sum(walk(markup) for markup in markups if markup.strip())
        spent = 1e3 * (time.process_time() - started) / max(len(markups), 1)
        whole = [shape for shape, markup in HOSTILE.items() if "needle" in text(markup)]
        sys.stdout.write(f"{name:24} {spent:8.2f} ms a page, {nodes} nodes; whole on {', '.join(whole)}\n")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
