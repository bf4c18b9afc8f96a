"""What is said of every release alike, in the card and in ``croissant.json``."""

from __future__ import annotations

from typing import Final

PROTOCOL: Final = (
    "Bytes were decoded, and text that had been decoded with the wrong codec was repaired; the config repairs lists "
    "every change, and each can be undone.",
    "Each page was split into blocks, and every block was given a role: main, metadata, related or boilerplate. "
    "Blocks partition the page: none of it is lost.",
    "text is the main blocks of a page in their order. Metadata was read from blocks and markup; evidence says where "
    "each value stood and whether it was stated or inferred.",
    "Pages that are no document were rejected, pages that could not be read quarantined, each with the reason in the "
    "config decisions.",
)

LIMITS: Final = (
    "Roles were given by a program. It errs: score says how sure it was, reason why. What was left out of text is in "
    "the config blocks.",
    "Metadata is what the page says. A value that was inferred and not stated is marked so in evidence; a page without "
    "a year has no date.",
    "The pages were chosen by whoever scraped them. They are no sample of their sites, languages or years.",
    "What the pages say was not checked: they may be wrong, dated, partial or offensive.",
)

PERSONAL: Final = (
    "Pages name people: authors, and those they write about. Names, contact lines and author notes of a page stand in "
    "the configs documents and blocks as the page has them.",
    "Comments and forms were labelled boilerplate; they are not in text, but in the config blocks.",
)
