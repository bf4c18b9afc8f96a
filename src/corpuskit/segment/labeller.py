"""What a labeller is: the one interface between lines and roles.

A page, whatever its format, reaches the labeller as a sequence of :class:`Line`; the labeller gives one
:class:`Label` for each.  A rule-based labeller, a learned one and one that asks another extractor are all the same
to the rest of the room.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Protocol

if TYPE_CHECKING:
    from collections.abc import Sequence

    from corpuskit.model import Kind, Role


class Line(NamedTuple):
    """A visible stretch of the page's text, ``[start, end)``, without white space at its ends.

    ``gap`` is the number of line breaks between this line and the one before it (0 for the first).
    """

    start: int
    end: int
    text: str
    gap: int


def spanning(text: str, pieces: Sequence[Line]) -> Line:
    """Return one line from the first to the last of ``pieces``, with what stands between them in ``text``."""
    if len(pieces) == 1:
        return pieces[0]
    start, end = pieces[0].start, pieces[-1].end
    return Line(start, end, text[start:end], pieces[0].gap)


class Label(NamedTuple):
    """The role of one line, how sure the labeller is (0 to 1), and which evidence decided."""

    role: Role
    kind: Kind
    score: float
    reason: str


class Labeller(Protocol):
    """Gives each line of one page its label: pure, deterministic, same length as its input."""

    def __call__(self, lines: Sequence[Line]) -> Sequence[Label]:
        """Label ``lines``, which are all lines of one page, in order."""
        ...
