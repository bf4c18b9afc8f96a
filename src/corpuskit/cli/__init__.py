"""The command line: parse, call the library, print."""

from corpuskit.cli.app import main

__all__ = ["main"]
