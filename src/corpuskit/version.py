"""The version of the tool, which is also that of the package."""

__version__ = "0.1.0"
