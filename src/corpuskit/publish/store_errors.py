"""What goes wrong with a store of files: whether to try again, and what it means for who publishes."""

from __future__ import annotations

from typing import Final

_LASTING: Final = (PermissionError, FileNotFoundError, FileExistsError, IsADirectoryError, NotADirectoryError)
"""Errors that another attempt meets again."""

_LOG_IN: Final = (
    "Put credentials that may write there into the environment (AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, "
    "GOOGLE_APPLICATION_CREDENTIALS, AZURE_STORAGE_CONNECTION_STRING), or log in with the store's own tool."
)


def passing(error: Exception, also: tuple[type[Exception], ...] = ()) -> float | None:
    """Return how long to wait before another attempt (0: as long as seems right), ``None`` where none would help."""
    if isinstance(error, also):
        return 0.0
    hopeless = (
        isinstance(error, (*_LASTING, ImportError, TypeError, ValueError)) or "Credentials" in type(error).__name__
    )
    return None if hopeless else 0.0


def meaning(error: Exception) -> tuple[str, str]:
    """Return what an error means for who publishes, and what they can do."""
    again = "run the same command again: what has arrived is not sent again."
    if isinstance(error, PermissionError) or "Credentials" in type(error).__name__:
        return "it is not allowed, or there are no credentials", _LOG_IN
    if isinstance(error, FileNotFoundError):
        return "there is no such bucket or folder", f"Create it, or check its spelling; then {again}"
    if isinstance(error, FileExistsError):
        return "somebody else is publishing it at the same time", f"Wait until they are done; then {again}"
    return "the store did not do it", f"Look at the message; then {again}"
