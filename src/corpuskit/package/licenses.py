"""The licence of the whole, derived from what the documents' pages name and never asserted."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.package.figures import UNNAMED

if TYPE_CHECKING:
    from collections.abc import Collection

HUB: Final = {
    **{
        name: name.lower()
        for name in (
            *("Apache-2.0", "MIT", "CC0-1.0", "CC-BY-2.0", "CC-BY-2.5", "CC-BY-3.0", "CC-BY-4.0"),
            *("CC-BY-SA-3.0", "CC-BY-SA-4.0", "CC-BY-NC-2.0", "CC-BY-NC-3.0", "CC-BY-NC-4.0", "CC-BY-ND-4.0"),
            *("CC-BY-NC-ND-3.0", "CC-BY-NC-ND-4.0", "CC-BY-NC-SA-2.0", "CC-BY-NC-SA-3.0", "CC-BY-NC-SA-4.0"),
        )
    },
    "ODbL-1.0": "odbl",
    "ODC-By-1.0": "odc-by",
    "PDDL-1.0": "pddl",
    "etalab-2.0": "etalab-2.0",
}
"""The Hub's names for licences of content, by SPDX identifier (https://huggingface.co/docs/hub/repositories-licenses)."""

MIXED: Final = "mixed"
"""What the Hub calls several licences, or a licence on some of the documents only."""

NAME: Final = "LICENSE.md"
"""The file that says which licences those are: the Hub links to it."""


def front_matter(licenses: Collection[str]) -> dict[str, str]:
    """Return the keys on the licence in the card's front matter, for documents that name ``licenses``.

    Where all name one that the Hub knows it is that one; where none names any, it is not known; otherwise there is no
    licence of the whole, and :data:`NAME` says what the documents have.
    """
    named = set(licenses)
    if named <= {UNNAMED}:
        return {"license": "unknown"}
    (only, *others) = sorted(named)
    if not others and only in HUB:
        return {"license": HUB[only]}
    return {"license": "other", "license_name": MIXED if others else only.lower(), "license_link": NAME}


def text(licenses: dict[str, int]) -> str:
    """Return the text of :data:`NAME`; ``licenses`` counts documents by SPDX expression."""
    rows = "".join(f"| {name} | {count:,} |\n" for name, count in sorted(licenses.items()))
    return (
        "# Licences of the documents\n\n"
        "There is no licence of the whole: each document has the one that its own page names, in the column `license` "
        "(an SPDX expression). A page that names none gives no licence.\n\n"
        f"| licence | documents |\n| --- | ---: |\n{rows}"
    )


def urls(licenses: Collection[str]) -> list[str]:
    """Return the addresses of the licences that documents name, where SPDX has one for them."""
    return [f"https://spdx.org/licenses/{name}.html" for name in sorted(licenses) if name in HUB]
