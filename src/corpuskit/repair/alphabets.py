"""Alphabets of languages of Latin script: letters that no language has together are a sign of a misreading.

A model of characters cannot tell a language it never saw from damage; a list of letters can.  "ŕ", "ů" and "é" are
letters of Slovak, of Czech and of both, and on one page together those of French read as windows-1250.

The letters are those schools teach, with those of frequent loan words; compare the exemplar characters of the
`CLDR <https://cldr.unicode.org/translation/characters>`_.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING, Final

import numpy as np

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from corpuskit.repair.likelihood import Codes

ALPHABETS: Final = {
    "az": "əçğıöşü", "br": "êñùü", "ca": "àçéèíïóòúü·", "cs": "áčďéěíňóřšťúůýž", "csb": "ąãéëłńòóôù",
    "cy": "âêîôûŵŷäëïöüáéíóúàèìòù", "da": "æøåéèêóäöü", "de": "äöüßéèà", "dsb": "čćěłńóŕśšźž", "eo": "ĉĝĥĵŝŭ",
    "es": "áéíñóúü¿¡", "et": "äõöüšž", "eu": "ñçü", "fi": "äöåšžé", "fo": "áðíóúýæø", "fr": "àâæçéèêëîïôùûüÿœñ",
    "ga": "áéíóú", "gd": "àèìòù", "gl": "áéíñóúüï¿¡", "haw": "āēīōū", "hr": "čćđšž", "hsb": "čćěłńóřšž",
    "hu": "áéíóöőúüű", "is": "áðéíóúýþæö", "it": "àèéìíîòóùú", "ku": "çêîşû", "lb": "äëéüöôèêîâû", "lt": "ąčęėįšųūž",
    "lv": "āčēģīķļņšūžōŗ", "mt": "ċġħżàèìòù", "nl": "éëïóöüáíúèêç", "oc": "àáçèéíïòóúü", "pl": "ąćęłńóśźżé",
    "pt": "ãáàâçéêíõóôúü", "rm": "àéèìîòù", "ro": "ăâîșțşţ", "se": "áčđŋšŧž", "sk": "áäčďéíĺľňóôŕšťúýž", "sl": "čšžćđ",
    "sq": "çë", "sv": "åäöéàüè", "tk": "äçžňöşüý", "tr": "çğıöşüâîûİ", "uz": "ʻʼ",
    "vi": (
        "àáâãèéêìíòóôõùúýăđĩũơưạảấầẩẫậắằẳẵặẹẻẽếềểễệỉịọỏốồổỗộớờởỡợụủứừửữựỳỵỷỹ"
    ), "yo": "ẹọṣáàéèíìóòúùńǹ",
}  # fmt: skip
"""Letters beyond ASCII, in lower case, by the language's code."""


GREEK: Final = 0x370
PUNCTUATION: Final = 0x2000
"""Code points between which letters of scripts other than Latin lie."""


def coverage(codes: Codes, counts: NDArray[np.int64]) -> float:
    """Return the share of ``codes``, each there ``counts`` times, in the alphabet that has most; 1 where none are."""
    if not len(codes):
        return 1.0
    return float((_members()[:, np.minimum(codes, PUNCTUATION - 1)] @ counts).max() / counts.sum())


def share_mixed(codes: Codes, starts: NDArray[np.int64], ends: NDArray[np.int64]) -> float:
    """Return the share of words (from ``starts`` to ``ends``) of both ASCII letters and letters of another script."""
    if not len(starts):
        return 0.0
    folded = codes | 0x20
    latin = np.concatenate(([0], np.cumsum((folded >= 0x61) & (folded <= 0x7A))))
    other = np.concatenate(([0], np.cumsum((codes >= GREEK) & (codes < PUNCTUATION))))
    return float(np.mean((latin[ends] > latin[starts]) & (other[ends] > other[starts])))


@cache
def _members() -> NDArray[np.int64]:
    """Return for each alphabet (row) which characters before :data:`PUNCTUATION` are in it."""
    members = np.zeros((len(ALPHABETS), PUNCTUATION), np.int64)
    for row, letters in zip(members, ALPHABETS.values(), strict=True):
        row[[ord(letter) for letter in letters + "".join(letter.upper() for letter in letters if letter != "ß")]] = 1
    return members
