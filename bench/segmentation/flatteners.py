"""Pages as the flatteners that people use write them: ``python -m bench.segmentation.flatteners FOLDER --fold 0``.

The styles that the labeller has learned from (:mod:`corpuskit.train.flatten`) imitate flatteners; here the libraries
themselves flatten the HTML of news pages, those that are installed of ``beautifulsoup4``, ``html2text``, ``inscriptis``
and ``markdownify``.  Page F1 is over 4-word shingles against the gold text, macro over pages.  The weights must have
been trained without the fold's domains, as those that ``corpuskit train text --measured`` writes.
"""

from __future__ import annotations

import argparse
import importlib.util
import re
from functools import partial
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import numpy as np

from bench.segmentation.__main__ import NEWS, pages_of, spread
from corpuskit.model import Role
from corpuskit.segment import experts
from corpuskit.segment.segment import segment_text
from corpuskit.segment.text.model import load, shipped
from corpuskit.train.align import shingle_f1
from corpuskit.train.dom_roles import decode

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from corpuskit.train.pages import LabelledPage

    Flattener = Callable[[str], str]

_MARKUP: Final = re.compile(r"!?\[([^\]]*)\]\([^)]*\)")


def _soup(markup: str) -> Any:  # noqa: ANN401 - of a library that may not be installed
    from bs4 import BeautifulSoup

    soup = BeautifulSoup(markup, "lxml")
    for element in soup(["script", "style", "noscript", "template"]):
        element.decompose()
    return soup


def _get_text(markup: str, separator: str = "", *, strip: bool = False) -> str:
    return str(_soup(markup).get_text(separator, strip=strip))


def _html2text(markup: str, width: int, *, links: bool = True) -> str:
    import html2text

    writer = html2text.HTML2Text(bodywidth=width)
    writer.ignore_links = writer.ignore_images = not links
    return str(writer.handle(markup))


def _inscriptis(markup: str) -> str:
    import inscriptis

    return str(inscriptis.get_text(markup))


def _markdownify(markup: str) -> str:
    import markdownify

    return str(markdownify.markdownify(str(_soup(markup))))


FLATTENERS: Final[Mapping[str, tuple[str, Flattener]]] = {
    'get_text("\\n", strip=True)': ("bs4", partial(_get_text, separator="\n", strip=True)),
    'get_text("\\n")': ("bs4", partial(_get_text, separator="\n")),
    "get_text()": ("bs4", _get_text),
    'get_text(" ", strip=True)': ("bs4", partial(_get_text, separator=" ", strip=True)),
    "inscriptis": ("inscriptis", _inscriptis),
    "html2text": ("html2text", partial(_html2text, width=78)),
    "html2text, not wrapped": ("html2text", partial(_html2text, width=0)),
    "html2text, no links": ("html2text", partial(_html2text, width=0, links=False)),
    "markdownify": ("markdownify", _markdownify),
}
"""Name to (module it needs, function)."""


def news(folder: Path, folds: list[int]) -> Iterator[tuple[LabelledPage, str]]:
    """Yield the news pages of ``folds`` that have a gold text, with their markup."""
    for page, html in pages_of(folder, folds):
        name = f"{page.dataset} {page.page_type}" if page.dataset == "wcxb-dev" else page.dataset
        if page.gold and name in NEWS:
            yield page, decode(html)


def main() -> None:
    """Print a row for each flattener."""
    parser = argparse.ArgumentParser(prog="python -m bench.segmentation.flatteners", description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--fold", type=int, action="append", help="fold to measure on (default: all)")
    parser.add_argument("--weights", type=Path, help="weights trained without these pages")
    parser.add_argument("--every", type=int, default=1, help="every n-th page")
    options = parser.parse_args()
    network = load(dict(np.load(options.weights))) if options.weights else shipped()
    chosen = {
        name: flatten for name, (module, flatten) in FLATTENERS.items() if importlib.util.find_spec(module) is not None
    }
    found: dict[str, list[float]] = {name: [] for name in chosen}
    for page, markup in islice(news(options.folder, options.fold or [*range(5)]), 0, None, options.every):
        for name, flatten in chosen.items():
            blocks = segment_text(flatten(markup), partial(experts.label, network=network))
            main_text = "\n".join(block.text for block in blocks if block.role is Role.MAIN)
            found[name].append(shingle_f1(_MARKUP.sub(r"\1", main_text), page.gold or "")[2])
    print("flattener | pages | page F1 | sd\n--- | --- | --- | ---")
    for name, values in found.items():
        print(f"{name} | {len(values)} | {np.mean(values):.3f} | {spread(values):.3f}")


if __name__ == "__main__":
    main()
