"""How work reaches processes.  This room knows nothing of pages."""

from corpuskit.run.local import run_local

__all__ = ["run_local"]
