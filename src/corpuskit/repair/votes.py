"""What happened to one page of a source is likelier to have happened to another: votes of pages, as evidence.

Votes are counts, so those of parts of a source can be added in any order.  A first pass counts them; a second one
passes those of the other pages to :func:`corpuskit.repair.repair`, where :meth:`Votes.seconding` has anything to say.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from math import log
from typing import TYPE_CHECKING, Final

from corpuskit.repair.candidates import SECONDING

if TYPE_CHECKING:
    from collections.abc import Iterable

    from corpuskit.repair.vocabulary import Repaired

CONVINCED: Final = 20.0
"""Nats by which a misreading has to be undone on a page for the page to vote for it."""
BEFOREHAND: Final = log(1e-3)
"""Log odds that a page of a source nothing is known of was misread in a certain way."""
MOST: Final = 6.0
"""Nats that votes count for at most: a page has to show something itself."""
_STEP: Final = re.compile(r"(\S+ read as [\w-]+)[^;]*?\(\+(\d+) nats\)")


@dataclass(frozen=True)
class Votes:
    """Of how many pages of a source how many were misread in each way."""

    pages: int = 0
    chains: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, repaired: Repaired) -> Votes:
        """Return the vote of one page."""
        return cls.of_evidence(change.evidence for change in repaired.repairs)

    @classmethod
    def of_evidence(cls, evidence: Iterable[str]) -> Votes:
        """Return the vote of the page whose repairs have ``evidence``."""
        gained: Counter[str] = Counter()
        for said in evidence:
            for chain, nats in _STEP.findall(said):
                gained[chain] += int(nats)
        return cls(1, Counter(chain for chain, nats in gained.items() if nats >= CONVINCED))

    def __add__(self, other: Votes) -> Votes:
        """Return the votes of both."""
        return Votes(self.pages + other.pages, self.chains + other.chains)

    def without(self, repaired: Repaired) -> Votes:
        """Return the votes without that of a page that is among those which voted."""
        own = Votes.of(repaired)
        return Votes(self.pages - own.pages, self.chains - own.chains)

    def cited(self, evidence: str) -> str:
        """Return ``evidence`` of a repair with what the votes say of its misreadings."""
        chains = dict.fromkeys(chain for chain, _ in _STEP.findall(evidence) if self.chains[chain])
        said = (f"as on {self.chains[chain]} of {self.pages} other pages of its source" for chain in chains)
        return "; ".join((evidence, *said))

    def seconding(self) -> dict[str, float]:
        """Return for each misreading the nats on a page that the votes of the others are worth.

        The evidence is how much likelier than beforehand a page of this source is to be misread so (log odds of the
        Krichevsky-Trofimov estimate), in nats of other readings on the same page.
        """
        odds = {chain: log((pages + 0.5) / (self.pages - pages + 0.5)) for chain, pages in self.chains.items()}
        return {chain: min(MOST, value - BEFOREHAND) / SECONDING for chain, value in odds.items() if value > BEFOREHAND}
