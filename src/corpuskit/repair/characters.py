"""Characters that are out of place: one small function for each kind, none of which guesses at a codec.

Every function takes the text and gives the edits it asks for, in order.  Idea and several of the character lists:
`ftfy.fixes <https://ftfy.readthedocs.io>`_ by Robyn Speer; the difference is that here each change can be undone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from functools import cache
from typing import TYPE_CHECKING, Final, NamedTuple

import numpy as np

from corpuskit.model import Flag
from corpuskit.plane import BMP
from corpuskit.repair.likelihood import code_points
from corpuskit.repair.vocabulary import Edit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from numpy.typing import NDArray

ASCII: Final = 0x7F
BLOCK: Final = 1 << 15
"""Characters looked at together, so that they stay in the processor's cache."""


def _run(characters: str) -> re.Pattern[str]:
    """Return a pattern of one or more of ``characters``, put so that `re` skips to the first at once: ten times faster.

    It does so where a pattern begins with a character or a set, and not where it begins with a repetition.
    """
    return re.compile(f"{characters}{characters}*")


_PLAIN: Final = bytes((*b"\t\n\f\r", *range(0x20, 0x7F)))
"""ASCII that no rule wants to change."""

_CONTROLS: Final = _run("[\x00-\x08\x0b\x0e-\x1f\x7f]")
_C1: Final = _run("[\x80-\x9f]")
_SURROGATE_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE_SURROGATES: Final = _run("[\ud800-\udfff]")
_SOFT_HYPHENS: Final = _run("\u00ad")
_BOM: Final = _run("\ufeff")
_LOST: Final = _run("\ufffd")

# Scripts written without spaces, in which U+200B tells where a line may break (UAX #14, class ZW): Thai, Lao, Tibetan,
# Myanmar, Khmer, Tai Le to New Tai Lue, Tai Tham, Balinese, Javanese, Han, kana, Yi.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\ua980-\ua9df"
    "\u3040-\u30ff\u3400-\u9fff\ua000-\ua4cf\uaa60-\uaadf"
)
# These begin with what is looked for, and ask only then what stands before it, for the reason given at _run.
_ZERO_WIDTH_SPACE: Final = re.compile(f"\u200b(?<![{_UNSPACED}\u200b]\u200b)\u200b*(?![{_UNSPACED}\u200b])")
# U+200C and U+200D shape Arabic and Indic letters and join emoji; beside ASCII or at a line end they do nothing.
_JOINER: Final = "[\u200c\u200d\u2060]"
_IDLE_JOINER: Final = re.compile(
    f"{_JOINER}(?:(?<![^\x00-\x7f]{_JOINER}){_JOINER}*(?![^\x00-\x7f])|(?<=\u2060)\u2060*)"
)

_QUOTES: Final = {
    **dict.fromkeys("\u02bc\u2018\u2019\u201a\u201b", "'"),
    **dict.fromkeys("\u201c\u201d\u201e\u201f", '"'),
}
_QUOTE: Final = re.compile("[\u02bc\u2018-\u201f]")
_LIGATURE: Final = re.compile("[\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]")
_WIDTH: Final = re.compile("[\u3000\uff01-\uffee]")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WORD: Final = re.compile(r"\S+")


_MARKS: Final = {
    "controls": _CONTROLS,
    "c1_controls": _C1,
    "surrogates": _LONE_SURROGATES,
    "soft_hyphens": _SOFT_HYPHENS,
    "inner_bom": _BOM,
    "zero_width": re.compile("[\u200b-\u200d\u2060]"),
    "lost": _LOST,
    "quotes": _QUOTE,
    "ligatures": _LIGATURE,
    "width": _WIDTH,
    "nfc": re.compile("[^\x00-\x7f]+"),
}
"""For each rule the characters without which it has nothing to do."""


class Uncommon(NamedTuple):
    """What in a text is not printable ASCII, which is all that most rules look at.

    Attributes:
        rules: the names of the rules whose characters the text holds: the others need not be run.
        high: where characters beyond ASCII stand.
    """

    rules: frozenset[str]
    high: NDArray[np.int64]


def uncommon(text: str) -> Uncommon:
    """Return what in ``text`` is not printable ASCII."""
    union = 0
    high = []
    for start in range(0, len(text), BLOCK):
        block = text[start : start + BLOCK]
        if block.isascii():  # as nearly half of the markup is of pages that are not
            found = code_points(block.encode().translate(None, _PLAIN).decode())
        else:
            codes = code_points(block)
            # Below the space the difference wraps around: one comparison for both ends.
            at = np.flatnonzero(codes - np.uint32(0x20) > np.uint32(0x7E - 0x20))
            found = codes[at]
            high.append(at[found > ASCII] + start)
        # Beyond the BMP no rule but normalisation wants anything, which wants U+FFFF too.
        union |= int(np.bitwise_or.reduce(_bits()[np.minimum(found, BMP - 1)], initial=0))
    rules = {name for bit, name in enumerate(_MARKS) if union >> bit & 1}
    if "&" in text:
        rules.add("entities")
    return Uncommon(frozenset(rules), np.concatenate(high) if high else np.zeros(0, np.int64))


@cache
def _bits() -> NDArray[np.uint16]:
    """Return for each character of the BMP which of :data:`_MARKS` it is one of: one bit each."""
    everything = "".join(map(chr, range(BMP)))
    bits = np.zeros(BMP, np.uint16)
    for bit, pattern in enumerate(_MARKS.values()):
        for match in pattern.finditer(everything):
            bits[match.start() : match.end()] |= np.uint16(1 << bit)
    return bits


def drop_controls(text: str) -> Iterator[Edit]:
    """Drop C0 controls and DEL, but for tab, line feed, form feed and carriage return."""
    return _substitute(_CONTROLS, text, lambda _: "", "controls", "control characters have no meaning in text")


def drop_soft_hyphens(text: str) -> Iterator[Edit]:
    """Drop U+00AD, which says where a renderer may break a word and is nothing to a reader."""
    return _substitute(_SOFT_HYPHENS, text, lambda _: "", "soft_hyphens", "U+00AD is a hint to a renderer")


def drop_inner_boms(text: str) -> Iterator[Edit]:
    """Drop U+FEFF: at the start a signature, elsewhere the mark of files pasted together."""
    return _substitute(_BOM, text, lambda _: "", "inner_bom", "U+FEFF is a signature, not text")


def drop_zero_width(text: str) -> Iterator[Edit]:
    """Drop U+200B and U+2060 where no script uses them, and joiners with nothing on either side to join."""
    spaces = _substitute(_ZERO_WIDTH_SPACE, text, lambda _: "", "zero_width", "U+200B beside no script that uses it")
    joiners = _substitute(_IDLE_JOINER, text, lambda _: "", "zero_width", "a joiner with nothing to join")
    return iter(sorted((*spaces, *joiners), key=lambda edit: edit.start))


def read_c1_as_windows_1252(text: str) -> Iterator[Edit]:
    """Read C1 controls as the windows-1252 characters of the same bytes, as the HTML standard does (13.2.5.5)."""

    def read(match: re.Match[str]) -> str:
        return match[0].encode("latin-1").decode("sloppy-windows-1252")

    import ftfy.bad_codecs  # noqa: F401 - registers the sloppy codecs, only where needed

    edits = _substitute(_C1, text, read, "c1_controls", "bytes of windows-1252 read as latin-1")
    return (edit for edit in edits if edit.after != text[edit.start : edit.end])


def join_surrogates(text: str) -> Iterator[Edit]:
    """Read a high surrogate and the low one after it as the character they encode in UTF-16."""

    def join(match: re.Match[str]) -> str:
        return match[0].encode("utf-16-le", "surrogatepass").decode("utf-16-le")

    return _substitute(_SURROGATE_PAIR, text, join, "surrogates", "a surrogate pair of UTF-16")


def unescape_entities(text: str) -> Iterator[Edit]:
    """Unescape HTML entities once: ``&amp;lt;`` becomes ``&lt;``."""
    edits = _substitute(_ENTITY, text, lambda match: html.unescape(match[0]), "entities", "an HTML entity")
    return (edit for edit in edits if edit.after != text[edit.start : edit.end])


def straighten_quotes(text: str) -> Iterator[Edit]:
    """Make curly quotation marks straight."""
    return _substitute(_QUOTE, text, lambda match: _QUOTES[match[0]], "quotes", "the configuration asks")


def unfold_ligatures(text: str) -> Iterator[Edit]:
    """Unfold Latin ligatures and digraphs into their letters."""
    return _substitute(_LIGATURE, text, _compatible, "ligatures", "the configuration asks")


def fold_width(text: str) -> Iterator[Edit]:
    """Fold full-width and half-width forms, and the ideographic space, into the usual ones."""
    edits = _substitute(_WIDTH, text, _compatible, "width", "the configuration asks")
    return (edit for edit in edits if edit.after != text[edit.start : edit.end])


def compose_characters(text: str) -> Iterator[Edit]:
    """Bring each word into Unicode normalisation form C."""
    if unicodedata.is_normalized("NFC", text):
        return
    for match in _WORD.finditer(text):
        composed = unicodedata.normalize("NFC", match[0])
        if composed != match[0]:
            yield Edit(match.start(), match.end(), composed, "nfc", "the configuration asks")


def lost_characters(text: str) -> Iterator[Flag]:
    """Flag what no repair can bring back: U+FFFD."""
    for match in _LOST.finditer(text):
        yield Flag(match.start(), match.end(), "lost", "U+FFFD stands for bytes nobody could read")


def lone_surrogates(text: str) -> Iterator[Flag]:
    """Flag surrogates without their other half."""
    for match in _LONE_SURROGATES.finditer(text):
        yield Flag(match.start(), match.end(), "surrogates", "half of a surrogate pair")


def _substitute(
    pattern: re.Pattern[str], text: str, after: Callable[[re.Match[str]], str], rule: str, evidence: str
) -> Iterator[Edit]:
    return (Edit(match.start(), match.end(), after(match), rule, evidence) for match in pattern.finditer(text))


def _compatible(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])
