"""Clean text in many languages, from what installed packages ship: what the character model is trained on.

Each source yields ``(language, text, weight)``.  The packages, their versions and licences are in the model card.
"""

from __future__ import annotations

import re
from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Iterator

Sample = tuple[str, str, float]

_MESSAGE: Final = re.compile(r'^msgstr(?:\[\d\])? ((?:"(?:[^"\\]|\\.)*"\s*)+)', re.MULTILINE)
_STRING: Final = re.compile(r'"((?:[^"\\]|\\.)*)"')
_PLACEHOLDER: Final = re.compile(r"%\(\w+\)[sd]|%[sd]|\{\w*\}|<[^>]*>|&\w+;")
_LOREM: Final = re.compile(r'"((?:[^"\\]|\\.)+)"|\'((?:[^\'\\]|\\.)+)\'')


def language_of(locale: str) -> str:
    """Return the language of a locale's name: ``pt_BR`` is ``pt``; the two scripts of Chinese stay apart."""
    parts = locale.replace("-", "_").split("_")
    traditional = {"Hant", "TW", "HK", "MO"} & set(parts)
    return "zh-Hant" if parts[0] == "zh" and traditional else parts[0].lower()


def translations(package: str) -> Iterator[Sample]:
    """Yield the translated messages that ``package`` ships as gettext catalogues."""
    for catalogue in sorted(_folder(package).rglob("LC_MESSAGES/*.po")):
        language = language_of(catalogue.parent.parent.name)
        for match in _MESSAGE.finditer(catalogue.read_text(encoding="utf-8")):
            message = "".join(_STRING.findall(match[1])).replace("\\n", "\n").replace('\\"', '"').replace("\\\\", "\\")
            message = _PLACEHOLDER.sub(" ", message)
            if message.strip():
                yield language, message, 1.0


def frequent_words(limit: int = 40_000) -> Iterator[Sample]:
    """Yield the most frequent words of each language `wordfreq` knows, weighted by the square root of their count."""
    wordfreq = import_module("wordfreq")
    for language in sorted(wordfreq.available_languages("small")):
        frequencies = wordfreq.get_frequency_dict(language, wordlist="best")
        name = "zh" if language == "zh" else language
        for word, frequency in sorted(frequencies.items(), key=lambda item: (-item[1], item[0]))[:limit]:
            yield name, word, (frequency * 1e7) ** 0.5


def fake_texts() -> Iterator[Sample]:
    """Yield the words, names and places that `Faker` draws its made-up records from."""
    for module in sorted(_folder("faker").glob("providers/*/*/__init__.py")):
        provider, locale = module.parts[-3:-1]
        if provider not in {"lorem", "person", "address", "job", "company"} or locale == "la":
            continue
        for double, single in _LOREM.findall(module.read_text(encoding="utf-8")):
            if not (double or single).isascii():
                yield language_of(locale), double or single, 1.0


def dialogues() -> Iterator[Sample]:
    """Yield the lines of the dialogues that `chatterbot-corpus` ships."""
    for path in sorted(_folder("chatterbot_corpus").glob("data/*/*.yml")):
        language = path.parent.name
        for line in path.read_text(encoding="utf-8", errors="ignore").splitlines():
            text = line.strip(" -\t\"'")
            if text and not line.startswith("categories"):
                yield _DIALOGUE_LANGUAGES.get(language, language), text, 1.0


_DIALOGUE_LANGUAGES: Final = {
    "bangla": "bn", "chinese": "zh", "english": "en", "french": "fr", "german": "de", "hebrew": "he", "hindi": "hi",
    "indonesia": "id", "italian": "it", "japanese": "ja", "korean": "ko", "marathi": "mr", "oriya": "or",
    "persian": "fa", "portuguese": "pt", "russian": "ru", "spanish": "es", "swedish": "sv", "tchinese": "zh-Hant",
    "telugu": "te", "thai": "th", "traditionalchinese": "zh-Hant", "turkish": "tr", "ukrainian": "uk",
}  # fmt: skip


def locale_names() -> Iterator[Sample]:
    """Yield the names of countries, languages, months and days in the locales of the CLDR, as `babel` ships them."""
    babel = import_module("babel")
    localedata = import_module("babel.localedata")
    for identifier in sorted(localedata.locale_identifiers()):
        locale = babel.Locale.parse(identifier)
        if locale.territory and locale.language != "zh":
            continue
        language = language_of(identifier)
        for names in (locale.territories, locale.languages, locale.scripts, locale.currencies):
            for name in names.values():
                yield language, str(name), 0.5
        for forms in (*locale.months.values(), *locale.days.values()):
            for names in forms.values():
                yield language, " ".join(map(str, names.values())), 1.0


def all_samples() -> Iterator[Sample]:
    """Yield everything there is, in an order that does not change."""
    yield from translations("django")
    yield from translations("wagtail")
    yield from frequent_words()
    yield from fake_texts()
    yield from dialogues()
    yield from locale_names()


def _folder(package: str) -> Path:
    return Path(next(iter(import_module(package).__path__)))
