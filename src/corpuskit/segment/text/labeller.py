"""The learned labeller of flattened text: lines in, labels out."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import numpy as np

from corpuskit.model import Kind, Role
from corpuskit.segment import cues
from corpuskit.segment.copies import copies
from corpuskit.segment.labeller import Label
from corpuskit.segment.pairs import PAIRS, PART_OF_PAIR
from corpuskit.segment.text.decode import confidence, decode, role_probabilities
from corpuskit.segment.text.features import GROUP_COLUMNS, SHARED_COLUMN, read_features
from corpuskit.segment.text.lexicon import GROUPS
from corpuskit.segment.text.model import Network, shipped

if TYPE_CHECKING:
    from collections.abc import Sequence

    from numpy.typing import NDArray

    from corpuskit.segment.labeller import Labeller, Line
    from corpuskit.segment.pairs import Array
    from corpuskit.segment.text.features import Features

WINDOW: Final = 8_192
"""Lines read at once.  A longer page is read in windows of this many, each as if it were a page: bounded memory."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A page's labels, and how well they are expected to fit.

    ``expected_f1`` is the F1 over words that the labeller expects of the main text it chose, 0 to 1: the page-level
    doubt.  Below about .8 a page deserves a look.
    """

    labels: tuple[Label, ...]
    expected_f1: float


class TextLabeller:
    """A :class:`~corpuskit.segment.labeller.Labeller` that has learned from pages whose markup was known.

    Pure and deterministic; instances share the weights.  ``second`` is another labeller (the rules) that is heard
    too: it sways what the network doubts, and says the kinds where both agree on the role.  It takes its own time, so
    it is not asked about the depths of menus and footers (:func:`open_lines`).
    """

    def __init__(self, network: Network | None = None, second: Labeller | None = None) -> None:
        self._network = network
        self._second = second

    def __call__(self, lines: Sequence[Line]) -> Sequence[Label]:
        """Label ``lines``, all lines of one page in order."""
        return self.read(lines).labels

    def read(self, lines: Sequence[Line]) -> Reading:
        """Label ``lines`` and say how sure the page as a whole is."""
        labels: list[Label] = []
        expected, weight = 0.0, 0
        for start in range(0, len(lines), WINDOW):
            window = lines[start : start + WINDOW]
            found, quality = self._window(window)
            labels += found
            size = sum(line.end - line.start for line in window)
            expected += quality * size
            weight += size
        return Reading(tuple(labels), expected / weight if weight else 0.0)

    def _window(self, lines: Sequence[Line]) -> tuple[list[Label], float]:
        network = self._network or shipped()
        features = read_features(lines)
        probabilities = network(features)
        asked = open_lines(probabilities) if self._second else np.zeros(0, np.int64)
        others = self._second([lines[at] for at in asked]) if self._second else ()
        probabilities = _blend(probabilities, asked, others)
        pairs, expected = decode(probabilities, features.words)
        pairs = _sign_off(lines, _echoes(lines, features.words, pairs))
        pairs, evidence = _take_over(pairs, asked, others)
        main = confidence(probabilities, pairs)
        copied = _copied(lines, pairs, main)
        pairs = np.where(copied, _COPY, pairs)
        _refine(lines, pairs, evidence, np.setdiff1d(np.arange(len(lines)), asked, assume_unique=True))
        for number in np.flatnonzero(copied).tolist():
            evidence[number] = _TWICE
        _say_why(lines, features, pairs, evidence)
        sure = np.where(copied, main, confidence(probabilities, pairs))
        labels = [
            Label(role, kind, score, reason)
            for (role, kind), score, reason in zip(
                map(PAIRS.__getitem__, pairs.tolist()), sure.round(4).tolist(), evidence, strict=True
            )
        ]
        return labels, expected


_DEEP: Final = 2
"""Lines on either side that must be furniture too before a line is deep in it."""
_FURNITURE: Final = 0.7
"""Probability of boilerplate from which a line counts as furniture here."""


def open_lines(probabilities: Array) -> NDArray[np.int64]:
    """Return the lines worth asking another labeller about: all but those deep in menus and footers."""
    closed = role_probabilities(probabilities)[Role.BOILERPLATE] >= _FURNITURE
    if len(closed) <= 2 * _DEEP:
        return np.arange(len(closed))
    run = np.convolve(closed, np.ones(2 * _DEEP + 1, np.int64), mode="same")
    return np.flatnonzero(run <= 2 * _DEEP)


_TITLE: Final = PAIRS.index((Role.METADATA, Kind.TITLE))
_CAPTION: Final = PAIRS.index((Role.METADATA, Kind.CAPTION))
_TITLE_WORDS: Final = 4  # of a title that says enough to be known again
_CREDIT: Final = 80  # characters: a caption that begins with the title goes on with a credit, not a paragraph


def _echoes(lines: Sequence[Line], words: NDArray[np.int64], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Call a kept line that says the page's title again a title, and one that goes on a little a caption.

    Extractors repeat the headline on a third of news pages; no paragraph begins with it.
    """
    known = np.flatnonzero((pairs == _TITLE) & (words >= _TITLE_WORDS))
    titles = tuple(lines[number].text for number in known.tolist())
    echoed = pairs.copy()
    for number in np.flatnonzero(_ROLE_OF_PAIR[pairs] == _ORDER[Role.MAIN]).tolist() if titles else ():
        line = lines[number]
        if line.text.startswith(titles):
            rest = min((line.text[len(title) :] for title in titles if line.text.startswith(title)), key=len)
            if not rest:
                echoed[number] = _TITLE
            elif len(rest) <= _CREDIT and not rest[0].isalnum():
                echoed[number] = _CAPTION
    return echoed


_FIXED: Final = np.array([kind in {Kind.CODE, Kind.TABLE} for _, kind in PAIRS])
_COPY: Final = PAIRS.index((Role.BOILERPLATE, Kind.OTHER))


def _copied(lines: Sequence[Line], pairs: NDArray[np.int64], chance: Array) -> NDArray[np.bool_]:
    """Return which main lines are a second copy of others."""
    keep = _ROLE_OF_PAIR[pairs] == _ORDER[Role.MAIN]
    return copies([line.text for line in lines], keep, chance, _FIXED[pairs])


_TWICE: Final = "said elsewhere on the page"
_EVIDENCE: Final = {
    "related": "words that announce other articles",
    "comments": "words of a comment section",
    "share": "words of share buttons",
    "byline": "words of a byline",
    "dated": "words of a date",
    "age": "words of an age",
    "more": "an invitation to read more",
    "subscribe": "an invitation to subscribe",
    "legal": "words of a legal notice",
    "cookie": "words of a cookie notice",
    "nav": "words of a menu",
    "paging": "words of paging",
    "tags": "words of a tag list",
    "caption": "words of a picture credit",
    "promotion": "words of an advertisement",
    "bio": "words about an author",
    "form": "words of a form",
    "media": "words of a player",
}
_FITTING: Final[dict[Role, frozenset[str]]] = {
    Role.MAIN: frozenset(),
    Role.METADATA: frozenset({"byline", "dated", "caption", "bio", "legal", "age"}),
    Role.RELATED: frozenset({"related", "age", "more", "dated"}),
    Role.BOILERPLATE: frozenset(GROUPS) - {"dated", "bio", "byline"},
}


_BIO: Final = PAIRS.index((Role.METADATA, Kind.AUTHOR_BIO))
_LAST: Final = 3  # kept lines that may be about the author


def _sign_off(lines: Sequence[Line], pairs: NDArray[np.int64]) -> NDArray[np.int64]:
    """Call a last paragraph that a cue phrase says is about the author that."""
    signed = pairs.copy()
    last = np.flatnonzero(_ROLE_OF_PAIR[pairs] == _ORDER[Role.MAIN])[-_LAST:].tolist()
    found = cues.find_all([cues.fold(lines[number].text[:_BIO_LENGTH]) for number in last])
    for number, cue in zip(last, found, strict=True):
        if cue and cue.kind is Kind.AUTHOR_BIO:
            signed[number] = _BIO
    return signed


_BIO_LENGTH: Final = 600
_TRUST: Final = 2.0
NEUTRAL: Final = 0.4
"""How far a second labeller's word moves the log odds: by its trust times its score above neutral.

With the rules as second labeller, on folds 1 to 4 and with networks that had not seen the pages, page F1 is .931, .929,
.926 on one half and .908, .909, .908 on the other at trusts of 1, 2 and 2.5, and related lines are told a little worse
the more they are trusted; on short hand-made pages more lines are right.
"""


def _blend(probabilities: Array, asked: NDArray[np.int64], labels: Sequence[Label]) -> Array:
    """Return ``probabilities`` after hearing another labeller about the lines ``asked``.

    A product of experts (Hinton 2002).
    """
    if not labels:
        return probabilities
    roles = np.array([_ORDER[label.role] for label in labels])
    shift = _TRUST * (np.array([label.score for label in labels], dtype=np.float32) - NEUTRAL)
    weighed = probabilities[asked] * np.where(_ALLIED[roles], np.exp(shift)[:, None], 1)
    result: Array = probabilities.copy()
    result[asked] = weighed / weighed.sum(axis=1, keepdims=True)
    return result


def _take_over(
    pairs: NDArray[np.int64], asked: NDArray[np.int64], labels: Sequence[Label]
) -> tuple[NDArray[np.int64], list[str]]:
    """Take kind and evidence from the second labeller where it agrees about the part of the lines ``asked``."""
    taken, evidence = pairs.copy(), [""] * len(pairs)
    said = np.array([_PAIR_NUMBERS[label.role, label.kind] for label in labels], np.int64)
    agreed = np.flatnonzero(PART_OF_PAIR[said] == PART_OF_PAIR[pairs[asked]])
    taken[asked[agreed]] = said[agreed]
    for number, at in zip(asked[agreed].tolist(), agreed.tolist(), strict=True):
        evidence[number] = labels[at].reason
    return taken, evidence


_PAIR_NUMBERS: Final = {pair: number for number, pair in enumerate(PAIRS)}


def _refine(lines: Sequence[Line], pairs: NDArray[np.int64], evidence: list[str], numbers: NDArray[np.int64]) -> None:
    """Let short lines among ``numbers`` that are cue phrases and no main text say their kind: write pairs and evidence.

    Markup, from which the network learned, tells roles well and kinds within a role only roughly.  A phrase that
    announces other articles has their role if they follow it.
    """
    phrases = cues.phrases()
    for number in numbers[_ROLE_OF_PAIR[pairs[numbers]] != _ORDER[Role.MAIN]][::-1].tolist():
        text = lines[number].text
        if len(text) > _PHRASE:
            continue
        phrase = cues.bare(cues.fold(text))
        kinds = phrases.get(phrase)
        if not kinds:
            continue
        role = PAIRS[pairs[number]][0]
        if kinds.get(Role.RELATED) is Kind.HEADING and number + 1 < len(lines):
            role = Role.RELATED if PAIRS[pairs[number + 1]][0] is Role.RELATED else role
        if role in kinds:
            pairs[number] = _PAIR_NUMBERS[role, kinds[role]]
            evidence[number] = f"says “{phrase}”"


_PHRASE: Final = 40  # characters of the longest line looked up as a phrase
_SHAPED: Final = {
    kind: f"shape and place of a {kind.value}" for kind in (Kind.TITLE, Kind.HEADING, Kind.DATE, Kind.BYLINE)
}
_ORDER: Final = {role: number for number, role in enumerate(Role)}
_ROLE_OF_PAIR: Final = np.array([_ORDER[role] for role, _ in PAIRS])
_ALLIED: Final = np.array(
    [
        [
            role is said or (said is Role.MAIN and (role is Role.RELATED or kind is Kind.COMMENTS))
            for role, kind in PAIRS
        ]
        for said in Role
    ]
)
"""Which pairs gain where a second labeller says a role: running text may also be another article's, or a comment."""
_ROLE_NAMES: Final = [role.value for role, _ in PAIRS]
_FITTING_GROUPS: Final = np.array([[name in _FITTING[role] for name in GROUPS] for role in Role])
_NAMES: Final = tuple(GROUPS)
_TELLING: Final = 0.3
_SHORT: Final = 14  # words: in longer lines single words tell little


def _say_why(lines: Sequence[Line], features: Features, pairs: NDArray[np.int64], evidence: list[str]) -> None:
    """Say in a few words what speaks for the role of each line without ``evidence``: words, shape or neighbours."""
    numbers = [number for number, said in enumerate(evidence) if not said]
    groups = features.dense[numbers, GROUP_COLUMNS] * _FITTING_GROUPS[_ROLE_OF_PAIR[pairs[numbers]]]
    best = groups.argmax(axis=1)
    telling = (groups[np.arange(len(best)), best] >= _TELLING) & (features.words[numbers] <= _SHORT)
    named = np.where(telling, best, -1).tolist()
    shared = features.dense[numbers, SHARED_COLUMN].tolist()
    beside = ["nothing", *[_ROLE_NAMES[pair] for pair in pairs.tolist()], "nothing"]
    for number, name, share, words in zip(numbers, named, shared, features.words[numbers].tolist(), strict=True):
        role, kind = PAIRS[pairs[number]]
        before, own, behind = beside[number : number + 3]
        if name >= 0:
            why = _EVIDENCE[_NAMES[name]]
        elif lines[number].text.startswith("!["):
            why = "an image"
        elif role is Role.MAIN and words > _SHORT:
            why = f"a paragraph of {words} words, {share:.0%} of its longer words said before"
        elif kind in _SHAPED:
            why = _SHAPED[kind]
        elif before == behind == own:
            why = f"among {own} lines"
        else:
            why = f"{words} words between {before} and {behind}"
        evidence[number] = why
