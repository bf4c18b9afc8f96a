"""The pictures of the card: bars, as SVG whose bytes depend on the figures and on nothing else.

Colours are those of Okabe and Ito (https://jfly.uni-koeln.de/color/), which people with any colour vision can tell
apart.  There is no script, no font and no address in a picture.
"""

from __future__ import annotations

import html
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final, NamedTuple

from corpuskit.model import Rights, Role, Status
from corpuskit.package.figures import UNKNOWN

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence

    from corpuskit.package.figures import Figures

COLOURS: Final[Mapping[str, str]] = {
    Role.MAIN: "#0072b2",
    Role.METADATA: "#009e73",
    Role.RELATED: "#e69f00",
    Role.BOILERPLATE: "#999999",
    Status.KEPT: "#0072b2",
    Status.REJECTED: "#d55e00",
    Status.QUARANTINED: "#cc79a7",
    Rights.OPEN: "#009e73",
    Rights.RESERVED: "#d55e00",
    Rights.UNKNOWN: "#999999",
}
PLAIN: Final = "#56b4e9"

MOST: Final = 20
"""Bars in a picture; the rest are one bar."""

_WIDTH: Final = 760
_LABEL: Final = 190
_ROOM: Final = 430
_STEP: Final = 24
_STYLE: Final = (
    "text{font:13px system-ui,sans-serif;fill:#24292f}.t{font-weight:600;font-size:15px}"
    "@media(prefers-color-scheme:dark){text{fill:#e6edf3}}"
)


class Part(NamedTuple):
    """A stretch of a bar."""

    value: int
    colour: str


@dataclass(frozen=True, slots=True)
class Bar:
    """A bar: its label, its stretches, and what is written behind it."""

    label: str
    parts: tuple[Part, ...]
    note: str

    @property
    def value(self) -> int:
        """The sum of its stretches."""
        return sum(part.value for part in self.parts)


def draw(figures: Figures) -> dict[str, str]:
    """Return the pictures of a release, by name; what there is nothing of has no picture."""
    made = {
        "roles": _roles(figures),
        "removed": _removed(figures),
        "survival": _survival(figures),
        "lengths": _lengths(figures),
        "languages": _counts("Languages of the documents", figures.languages),
        "rights": _counts("Rights of the documents", figures.rights),
        "fields": _fields(figures),
    }
    return {name: picture for name, picture in made.items() if picture}


def bars(title: str, rows: Sequence[Bar], legend: Mapping[str, str] | None = None) -> str:
    """Return a picture of horizontal bars; the longest takes all the room there is.

    ``legend`` gives what a colour stands for.
    """
    longest = max((row.value for row in rows), default=0) or 1
    top = 40 + (_STEP if legend else 0)
    height = top + _STEP * len(rows) + 8
    lines = [
        (
            f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {_WIDTH} {height}" width="{_WIDTH}" '
            f'height="{height}" role="img"><title>{escape(title)}</title><style>{_STYLE}</style>'
        ),
        f'<text class="t" x="8" y="24">{escape(title)}</text>',
    ]
    for number, (name, colour) in enumerate((legend or {}).items()):
        x = 8 + 150 * number
        lines.append(f'<rect x="{x}" y="38" width="12" height="12" rx="2" fill="{colour}"/>')
        lines.append(f'<text x="{x + 18}" y="49">{escape(name)}</text>')
    for number, row in enumerate(rows):
        y, end = top + _STEP * number, float(_LABEL)
        lines.append(f'<text x="{_LABEL - 8}" y="{y + 13}" text-anchor="end">{escape(shorten(row.label, 28))}</text>')
        for part in row.parts:
            width = _ROOM * part.value / longest
            if part.value:
                lines.append(f'<rect x="{end:.1f}" y="{y}" width="{width:.1f}" height="17" fill="{part.colour}"/>')
            end += width
        lines.append(f'<text x="{end + 6:.1f}" y="{y + 13}">{escape(row.note)}</text>')
    return "\n".join((*lines, "</svg>")) + "\n"


def escape(text: str) -> str:
    """Return ``text`` for XML; characters that XML does not allow become U+FFFD."""
    return html.escape(re.sub("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]", "\ufffd", text))


def shorten(text: str, most: int) -> str:
    """Return ``text``, cut to ``most`` characters where it has more."""
    return text if len(text) <= most else text[: most - 1] + "…"


def _roles(figures: Figures) -> str:
    roles = figures.by_role()
    total = sum(roles.values())
    rows = [
        Bar(role, (Part(roles.get(role, 0), COLOURS[role]),), f"{share(roles.get(role, 0), total)}") for role in Role
    ]
    return bars(f"What became of {total:,} characters", rows) if total else ""


def _removed(figures: Figures) -> str:
    """Draw what was left out of the main text, by kind."""
    removed = {key: count for key, count in figures.characters.items() if key[0] != Role.MAIN}
    rows = [
        Bar(f"{role} / {kind}", (Part(count, COLOURS.get(role, PLAIN)),), f"{count:,}")
        for (role, kind), count in sorted(removed.items(), key=lambda item: (-item[1], item[0]))[:MOST]
    ]
    legend = {str(role): COLOURS[role] for role in Role if role is not Role.MAIN}
    return bars("What was left out of the main text, in characters", rows, legend) if rows else ""


def _survival(figures: Figures) -> str:
    """Draw the pages of each source by what became of them, the largest sources first."""
    totals = {
        source: {status: figures.sources[source, status] for status in Status} for source, _ in sorted(figures.sources)
    }
    rows = [
        Bar(
            source,
            tuple(Part(count, COLOURS[status]) for status, count in counts.items()),
            f"{counts[Status.KEPT]:,} of {sum(counts.values()):,}",
        )
        for source, counts in sorted(totals.items(), key=lambda item: (-sum(item[1].values()), item[0]))[:MOST]
    ]
    return bars("Pages kept, by source", rows, {str(status): COLOURS[status] for status in Status}) if rows else ""


def _lengths(figures: Figures) -> str:
    if not figures.lengths:
        return ""
    powers = range(min(figures.lengths), max(figures.lengths) + 1)
    rows = [
        Bar(f"{2**power:,} to {2 ** (power + 1) - 1:,}", (Part(count, PLAIN),), f"{count:,}")
        for power in powers
        for count in (figures.lengths[power],)
    ]
    return bars("Documents by the length of their main text, in characters", rows)


def _counts(title: str, counts: Mapping[str, int]) -> str:
    rows = [Bar(name, (Part(count, COLOURS.get(name, PLAIN)),), f"{count:,}") for name, count in largest(counts)]
    return bars(title, rows) if rows else ""


def _fields(figures: Figures) -> str:
    documents = figures.pages[Status.KEPT]
    rows = [
        Bar(name, (Part(count, PLAIN), Part(documents - count, "#d0d7de")), share(count, documents))
        for name, count in figures.filled.items()
    ]
    return bars("Documents whose page states the value", rows) if documents else ""


def largest(counts: Mapping[str, int], most: int = MOST) -> list[tuple[str, int]]:
    """Return names and counts, the largest first, those beyond ``most`` together; what is not known comes last."""
    ordered = sorted(counts.items(), key=lambda item: (item[0] == UNKNOWN, -item[1], item[0]))
    rest = ordered[most - 1 :] if len(ordered) > most else []
    return [*ordered[: most - 1 if rest else most], *([(f"{len(rest)} others", _sum(rest))] if rest else [])]


def _sum(counted: Iterable[tuple[str, int]]) -> int:
    return sum(count for _, count in counted)


def share(count: int, total: int) -> str:
    """Return a share in words: ``12.3%``."""
    return f"{count / total:.1%}" if total else "–"
