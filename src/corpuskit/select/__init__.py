"""Which documents are kept, and why the others are not."""

from corpuskit.select.forget import bury, forget, forgotten_page, refusal
from corpuskit.select.rules import decide

__all__ = ["bury", "decide", "forget", "forgotten_page", "refusal"]
