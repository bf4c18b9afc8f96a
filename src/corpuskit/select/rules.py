"""The per-page rules: each has a name, measures one value and compares it with one threshold of the settings."""

from __future__ import annotations

from typing import TYPE_CHECKING

from corpuskit.model import Decision, Status
from corpuskit.select import formats

if TYPE_CHECKING:
    from corpuskit.config import SelectSettings
    from corpuskit.model import Metadata

KEPT = Decision(Status.KEPT)


def decide(text: str, metadata: Metadata, settings: SelectSettings, whole: str = "") -> Decision:
    """Return what becomes of a document with this main text and metadata: the first rule it misses rejects it.

    ``whole`` is the page it was taken from, decoded, where that may be something else than a page.
    """
    if (format_ := formats.data_format(whole)) is not None:
        return _reject(formats.RULE, format_, "a page")
    if len(text) < settings.min_main_characters:
        return _reject("min_main_characters", len(text), settings.min_main_characters)
    if settings.languages and not _is_one_of(metadata.language, settings.languages):
        return _reject("languages", metadata.language or "unknown", ", ".join(settings.languages))
    return KEPT


def _reject(rule: str, value: object, threshold: object) -> Decision:
    return Decision(Status.REJECTED, rule=rule, value=str(value), threshold=str(threshold))


def _is_one_of(language: str | None, wanted: tuple[str, ...]) -> bool:
    """Whether ``language`` is in ``wanted``, where a bare ``zh`` in the settings covers ``zh-Hant`` too."""
    return language is not None and any(language == tag or language.startswith(f"{tag}-") for tag in wanted)
