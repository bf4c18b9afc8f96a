# ruff: noqa: E501 - lists of signs are easier to read in rows
"""What print adds to plain text: curly quotes, dashes, signs.  Translations and word lists have too little of it."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final
from zlib import crc32

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES: Final = {
    **dict.fromkeys(("de", "cs", "sk", "bg", "lt", "sl", "is", "et", "lv", "ka"), ("„", "“")),
    **dict.fromkeys(("pl", "ro", "hu", "hr", "sr", "nl"), ("„", "”")),
    **dict.fromkeys(("fr",), ("« ", " »")),
    **dict.fromkeys(("ru", "uk", "be", "el", "es", "it", "pt", "nb", "fa", "ar", "hy", "vi"), ("«", "»")),
    **dict.fromkeys(("sv", "fi"), ("”", "”")),
    **dict.fromkeys(("ja", "zh-Hant"), ("「", "」")),
}
_DOUBLE: Final = re.compile(r'"([^"\n]+)"')
_SINGLE: Final = re.compile(r"'(\w+)'")

_BETWEEN: Final = (
    "—", "–", " — ", " – ", "… ", "’s ", "’ ", "” ", "™ ", "® ", "\u00a0", "\u00a0– ", ".” ", ",” ", "?” ", "!” ", "’, ",
)  # fmt: skip
_BEFORE: Final = ("“", "‘", "—", "– ", "• ", "…", "„", "«", "’", "\u00a0")

COMMON: Final = (
    *(f"{amount}{gap}{sign}" for amount in ("100", "3,5", "20.000") for gap in ("", " ", "\u00a0")
      for sign in ("€", "£", "¥", "°", "°C", "°F", "%", "‰", "$", "₽", "₴", "₺", "₹", "₩", "₪", "¢", "zł", "Kč", "µm", "m²", "m³", "Ω", "′", "″", "º", "ª", "½", "¼", "¾", "×", "¤")),
    *(f"{sign}{gap}{amount}" for amount in ("100", "3.50", "2024") for gap in ("", " ", "\u00a0")
      for sign in ("€", "£", "¥", "§", "№", "©", "±", "≈", "≤", "≥", "→", "•", "·", "–", "—", "−", "×", "÷", "†", "¶", "₩", "₹")),
    *(f"{left} {sign} {right}" for left, right in (("a", "b"), ("x", "y"), ("2", "3"), ("Foo", "Bar"), ("word", "word"))
      for sign in ("–", "—", "·", "•", "|", "→", "←", "×", "÷", "±", "=", "≠", "≈", "≤", "≥", "∈", "…", "»", "›", "«", "‹", "↔", "⇒", "∞", "√", "∑", "◊", "†", "★", "▪", "►", "▶", "■", "●", "○", "▼", "▲")),
    *(f"{sign} {word}" for word in ("item", "Item", "пункт", "Пункт", "項目") for sign in ("•", "·", "▪", "►", "»", "–", "—", "★", "✓", "✔", "→", "©", "®", "¶", "●", "■", "◆", "○")),
    *(f"{word}{sign}" for word in ("Name", "word", "слово", "Слово", "λέξη", "mot", "2") for sign in ("™", "®", "…", "’", "”", "“", "»", "†", "‡", "¹", "²", "³", "°", " »", "\u00a0»", "\u00a0!", "\u00a0?", "\u00a0:", "\u00a0;", " …", "→", "›")),
    *(f"{sign}{word}" for word in ("Name", "word", "слово", "Слово", "λέξη", "mot") for sign in ("“", "‘", "„", "«", "« ", "«\u00a0", "¿", "¡", "‚", "—", "–", "…", "•", "’")),
    *(("😀😂👍🏽❤️🔥✨🎉👇👨‍👩‍👧‍👦🇫🇷🇩🇪🙏💪👀⭐️✅❌➡️⬇️☀️⚡️",)),
    *("ok 👍", "Wow! 🎉🎉", "here 👇", "❤️ you", "привет 👋", "love it 😍😍😍", "🔥 new", "▶️ play", "✅ done", "╔══╗", "║  ║", "╚══╝", "├── a", "└── b", "│   c", "─────", "▓▒░", "█▄▀", "¯\\_(ツ)_/¯", "ಠ_ಠ", "( ͡° ͜ʖ ͡°)", "ʕ•ᴥ•ʔ"),
    *("α β γ δ ε λ μ π σ φ ω Δ Σ Ω", "α-helix", "β-carotene", "Δt", "σ²", "μm", "λ = 3", "π ≈ 3.14", "∑ᵢ xᵢ²", "∫ f(x) dx", "∀x ∃y", "x ∈ ℝ", "x₁, x₂", "10⁻³", "H₂O", "CO₂", "E = mc²", "A ∪ B", "f′(x)", "√2", "½ cup"),
    *("ˈnjuːz", "/ˈwɔːtə/", "[ˈʃpʁaːxə]", "fəˈnɛtɪk", "ˈɪŋɡlɪʃ", "θ ð ʃ ʒ ŋ ɹ ʔ ɑ ɒ ʌ ə ɜ", "/ʒuʁ/", "tʃ dʒ", "ˌɪntəˈnæʃənəl", "[a̠ˈpɾi.ɾ]"),
    *("ΑΒΓΔ", "ἐν ἀρχῇ ἦν ὁ λόγος", "καὶ ὁ λόγος ἦν πρὸς τὸν θεόν", "μῆνιν ἄειδε θεὰ", "ἄνδρα μοι ἔννεπε", "οὐκ ἔστιν", "τῆς ψυχῆς", "πᾶς ἄνθρωπος"),
)  # fmt: skip
"""Patterns written for this model: signs and their neighbours in any language."""


def typeset(language: str, text: str) -> Iterator[tuple[str, float]]:
    """Yield ``text`` and variants of it as print has them, each with its share of the weight."""
    yield text, 1.0
    if "\n" not in text and " " not in text:
        yield text.title(), 0.2
        yield text.upper(), 0.06
        return
    yield text.upper(), 0.06
    first, _, rest = text.partition(" ")
    if rest:
        # One sign of each kind a text, in turn: all of them for each would be thirty times the text.
        turn = crc32(text.encode())
        yield f"{first}{_BETWEEN[turn % len(_BETWEEN)]}{rest}", 0.3
        yield f"{_BEFORE[turn % len(_BEFORE)]}{rest}", 0.2
    opening, closing = _QUOTES.get(language, ("“", "”"))
    printed = _DOUBLE.sub(lambda match: f"{opening}{match[1]}{closing}", text)
    printed = _SINGLE.sub(lambda match: f"‘{match[1]}’", printed)
    printed = printed.replace("'", "’").replace("...", "…").replace(" - ", " – ").replace("--", "—")
    if language == "fr":
        printed = re.sub(r" ([:;!?»])", "\u00a0\\1", printed).replace("« ", "«\u00a0")
    if printed != text:
        yield printed, 0.6
        yield printed.replace("–", "—"), 0.2
