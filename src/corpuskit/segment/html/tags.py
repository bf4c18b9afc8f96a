"""What the walk has to know of each HTML element: does it break lines, is it skipped, what does it mean to be in it.

The rendering classes follow the suggested style sheet of the HTML Standard (§15.3, "Non-replaced elements").
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final

from corpuskit.segment.html.page import Inside


@dataclass(frozen=True, slots=True)
class Tag:
    """One element name: its ``code`` in :attr:`Elements.tag`, and how the walk treats it.

    ``inside`` holds :class:`Inside` bits as a plain number: the walk combines them once an element.  ``counted`` is the
    place, among what is counted on a page, of what the element is one of.
    """

    code: int
    name: str
    breaks: bool = False
    skipped: bool = False
    inside: int = 0
    heading: int = 0
    plain: bool = False
    strong: bool = False
    counted: int | None = None


def _names(text: str) -> frozenset[str]:
    return frozenset(text.split())


_INSIDE: Final = {
    "nav": Inside.NAV,
    "menu": Inside.NAV,
    "header": Inside.HEADER,
    "footer": Inside.FOOTER,
    "aside": Inside.ASIDE,
    "article": Inside.ARTICLE,
    "main": Inside.MAIN,
    "section": Inside.SECTION,
    "li": Inside.ITEM,
    "table": Inside.TABLE,
    "figure": Inside.FIGURE,
    "figcaption": Inside.CAPTION,
    "caption": Inside.CAPTION,
    "blockquote": Inside.QUOTE,
    "pre": Inside.CODE,
    "form": Inside.FORM,
    "fieldset": Inside.FORM,
    "label": Inside.FORM,
    "textarea": Inside.FORM,
    "button": Inside.BUTTON,
    "a": Inside.LINK,
    "time": Inside.TIME,
    "address": Inside.ADDRESS,
    "p": Inside.PARAGRAPH,
    "dialog": Inside.DIALOG,
    "dt": Inside.DEFINITION,
    "dd": Inside.DEFINITION,
} | {f"h{level}": Inside.HEADING for level in range(1, 7)}

_BREAKS: Final = _names(
    "address article aside blockquote body button caption center dd details dialog dir div dl dt fieldset "
    "figcaption figure footer form frameset h1 h2 h3 h4 h5 h6 header hgroup hr html legend li listing main menu "
    "nav noframes ol optgroup option p plaintext pre search section summary table tbody td textarea tfoot th "
    "thead tr ul xmp"
)

_SKIPPED: Final = _names(
    "applet area audio base canvas datalist embed head iframe link map meta noembed noframes noscript object "
    "param progress meter rp script select source style svg template title track video"
)

_PLAIN: Final = _names("b strong i em u s small sub sup br wbr hr tbody thead tfoot tr font big center")

_INLINE: Final = _names(
    "a abbr acronym b bdi bdo big br cite code data del dfn em font i img input ins kbd label mark math output q "
    "rb rt ruby s samp slot small span strike strong sub sup time tt u var wbr picture"
)

_COUNTED: Final = (("img",), ("input", "select", "button"), ("iframe", "video", "object"), ("hr",), ("br",))
"""Images, controls, frames, rules, breaks: in the order of :class:`~corpuskit.segment.html.page.Blocks`."""
_PLACES: Final = {name: place for place, names in enumerate(_COUNTED) for name in names}
COUNTED: Final = len(_COUNTED)
"""How many things are counted on a page."""

_NAMES: Final = sorted(_BREAKS | _SKIPPED | _INLINE)

TAGS: Final = {
    name: Tag(
        code=code,
        name=name,
        breaks=name in _BREAKS,
        skipped=name in _SKIPPED,
        inside=int(_INSIDE.get(name, 0)),
        heading=int(name[1]) if name in {"h1", "h2", "h3", "h4", "h5", "h6"} else 0,
        plain=name in _PLAIN,
        strong=name in {"b", "strong"},
        counted=_PLACES.get(name),
    )
    for code, name in enumerate(_NAMES, start=1)
}
"""Every element the walk knows by name."""

UNKNOWN: Final = Tag(code=0, name="")
"""An unknown element renders inline."""

CUSTOM: Final = Tag(code=len(_NAMES) + 1, name="-", breaks=True)
"""A custom element (its name has a hyphen): mostly a component with blocks inside."""


def tag_named(name: str) -> Tag:
    """Return what is known of the element called ``name`` (lower case)."""
    return TAGS.get(name) or (CUSTOM if "-" in name else UNKNOWN)
