"""``CITATION.cff`` and BibTeX: how to cite a release.

The Citation File Format, version 1.2.0: https://github.com/citation-file-format/citation-file-format
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from corpuskit.config import DatasetSettings

NAME: Final = "CITATION.cff"

REQUIRED: Final = frozenset({"cff-version", "message", "title", "authors"})
"""The keys that the format asks for."""

_ESCAPES: Final = {
    **{character: f"\\{character}" for character in "&%$#_{}"},
    "\\": r"\textbackslash{}",
    "~": r"\textasciitilde{}",
    "^": r"\textasciicircum{}",
}


def make(dataset: DatasetSettings, content_sha256: str, licenses: Mapping[str, int]) -> dict[str, Any]:
    """Return what :data:`NAME` holds; ``licenses`` counts documents by licence."""
    from corpuskit.package.licenses import HUB

    spdx = sorted(licenses) if licenses and set(licenses) <= HUB.keys() else []
    return {
        "cff-version": "1.2.0",
        "type": "dataset",
        "message": "If you use this dataset, please cite it as below.",
        "title": one_line(dataset.title),
        "version": dataset.version,
        "authors": [{"name": creator} for creator in creators(dataset)],
        "abstract": one_line(dataset.description),
        "identifiers": [
            {"type": "other", "value": f"sha256:{content_sha256}", "description": "Digest of the rows of all configs."}
        ],
        **({"date-released": dataset.date} if dataset.date else {}),
        **({"url": dataset.homepage} if dataset.homepage else {}),
        **({"license": spdx[0] if len(spdx) == 1 else spdx} if spdx else {}),
    }


def dump(citation: Mapping[str, Any]) -> str:
    """Return :data:`NAME` as text."""
    import yaml  # only a build needs it

    text: str = yaml.safe_dump(dict(citation), sort_keys=False, allow_unicode=True, width=120)
    return text


def bibtex(dataset: DatasetSettings, content_sha256: str) -> str:
    """Return the release as a BibTeX entry."""
    fields = {
        "title": f"{{{_tex(dataset.title)}}}",
        "author": " and ".join(f"{{{_tex(creator)}}}" for creator in creators(dataset)),
        "version": dataset.version,
        **({"year": dataset.date[:4], "date": dataset.date} if dataset.date else {}),
        **({"url": dataset.homepage} if dataset.homepage else {}),
        "note": f"Rows: sha256 {content_sha256}",
    }
    lines = "".join(f"  {name} = {{{value}}},\n" for name, value in fields.items())
    return f"@misc{{{dataset.name}-{dataset.version},\n{lines}}}"


def creators(dataset: DatasetSettings) -> Sequence[str]:
    """Return who made the dataset; the format asks for somebody, so those who are not named are called its makers."""
    return tuple(map(one_line, dataset.creators)) or (f"The makers of {dataset.name}",)


def one_line(text: str) -> str:
    """Return ``text`` with every run of white space, control characters included, as one space."""
    return re.sub(r"[\s\x00-\x1f\x7f-\x9f]+", " ", text).strip()


def _tex(text: str) -> str:
    return "".join(_ESCAPES.get(character, character) for character in one_line(text))
