"""Characters that are out of place: one small function for each kind, none of which guesses at a codec.

Every function takes the text and gives the edits it asks for, in order.  Idea and several of the character lists:
`ftfy.fixes <https://ftfy.readthedocs.io>`_ by Robyn Speer; the difference is that here each change can be undone.
"""

from __future__ import annotations

import html
import re
import unicodedata
from typing import TYPE_CHECKING, Final

from corpuskit.repair.vocabulary import Edit, Flag

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

_CONTROLS: Final = re.compile("[\x00-\x08\x0b\x0e-\x1f\x7f]+")
_C1: Final = re.compile("[\x80-\x9f]+")
_SURROGATE_PAIR: Final = re.compile("[\ud800-\udbff][\udc00-\udfff]")
_LONE_SURROGATES: Final = re.compile("[\ud800-\udfff]+")
_SOFT_HYPHENS: Final = re.compile("\u00ad+")
_BOM: Final = re.compile("\ufeff+")
_LOST: Final = re.compile("\ufffd+")

# Scripts written without spaces, in which U+200B tells where a line may break (UAX #14, class ZW): Thai, Lao, Tibetan,
# Myanmar, Khmer, Tai Le to New Tai Lue, Tai Tham, Balinese, Javanese, Han, kana, Yi.
_UNSPACED: Final = (
    "\u0e00-\u0eff\u0f00-\u0fff\u1000-\u109f\u1780-\u17ff\u1950-\u19df\u1a20-\u1aaf\u1b00-\u1b7f\ua980-\ua9df"
    "\u3040-\u30ff\u3400-\u9fff\ua000-\ua4cf\uaa60-\uaadf"
)
_ZERO_WIDTH_SPACE: Final = re.compile(f"(?<![{_UNSPACED}\u200b])\u200b+(?![{_UNSPACED}\u200b])")
# U+200C and U+200D shape Arabic and Indic letters and join emoji; beside ASCII or at the edge of a line they do nothing.
_IDLE_JOINER: Final = re.compile("(?<![^\x00-\x7f])[\u200c\u200d\u2060]+(?![^\x00-\x7f])|\u2060+")

_QUOTES: Final = {**dict.fromkeys("\u02bc\u2018\u2019\u201a\u201b", "'"), **dict.fromkeys("\u201c\u201d\u201e\u201f", '"')}
_QUOTE: Final = re.compile("[\u02bc\u2018-\u201f]")
_LIGATURE: Final = re.compile("[\u0132\u0133\u0149\u01c4-\u01cc\u01f1-\u01f3\ufb00-\ufb06]")
_WIDTH: Final = re.compile("[\u3000\uff01-\uffee]")
_ENTITY: Final = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[A-Za-z][A-Za-z0-9]{1,31});")
_WORD: Final = re.compile(r"\S+")


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

    import ftfy.bad_codecs  # noqa: F401, PLC0415 - registers the sloppy codecs, only where needed

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
    """Flag what no repair can bring back: U+FFFD, and surrogates without their other half."""
    if "\ufffd" in text:
        for match in _LOST.finditer(text):
            yield Flag(match.start(), match.end(), "lost", "U+FFFD stands for bytes nobody could read")
    for match in _LONE_SURROGATES.finditer(text):
        yield Flag(match.start(), match.end(), "surrogates", "half of a surrogate pair")


def _substitute(
    pattern: re.Pattern[str], text: str, after: Callable[[re.Match[str]], str], rule: str, evidence: str
) -> Iterator[Edit]:
    return (Edit(match.start(), match.end(), after(match), rule, evidence) for match in pattern.finditer(text))


def _compatible(match: re.Match[str]) -> str:
    return unicodedata.normalize("NFKC", match[0])
