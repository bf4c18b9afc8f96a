"""What goes wrong with the Hub: whether to try again, and what it means for who publishes."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from corpuskit.publish.credentials import scrub
from corpuskit.publish.patience import PASSING, retry_after

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

_LOOK: Final = (
    "Look at the message and at https://status.huggingface.co; then run the same command again: what has arrived is "
    "not sent again."
)

_EXPLANATIONS: Final[Mapping[int | str, tuple[str, str]]] = {
    401: (
        "the Hub does not accept the token, or there is none",
        "Log in with `hf auth login`, or set HF_TOKEN to a token that may write to {organisation}.",
    ),
    402: ("the Hub asks for payment", "See the billing settings of {organisation} on the Hub."),
    403: (
        "the token may not write to {organisation}",
        "Use a token with write access to {organisation}, or publish to a user or organisation that is yours.",
    ),
    404: (
        "there is no such thing on the Hub, or the token may not see it",
        "Check the spelling of {repo}: the user or organisation must exist.",
    ),
    409: (
        "somebody else is changing it at the same time",
        "Wait until they are done; then run the same command again.",
    ),
    412: (
        "somebody else is changing it at the same time",
        "Wait until they are done; then run the same command again.",
    ),
    413: ("the Hub finds it too large", "Build the release with smaller shards."),
    429: (
        "the Hub has had too many requests",
        "Wait some minutes; then run the same command again: what has arrived is not sent again.",
    ),
    "offline": ("the Hub is switched off here (HF_HUB_OFFLINE)", "Unset HF_HUB_OFFLINE, then run it again."),
}
"""What an HTTP status of the Hub means for who publishes, and what they can do."""


def meaning(error: Exception, repo: str) -> tuple[str, str]:
    """Return what went wrong with ``repo``, and what to do about it."""
    key = "offline" if _is_offline(error) else _status(error) or 0
    what, remedy = _EXPLANATIONS.get(key, ("the Hub cannot be reached" if _is_transport(error) else "it failed", _LOOK))
    names = {"organisation": repo.partition("/")[0], "repo": repo}
    return what.format(**names), remedy.format(**names)


def said(error: Exception) -> str:
    """Return what an error and its causes say, on one line, without tokens."""
    return " ".join(scrub(": ".join(_messages(error))).split())[:500]


def passing(error: Exception, also: Sequence[int] = ()) -> float | None:
    """Return how long to wait before another attempt (0: as long as seems right), ``None`` where none would help.

    ``also`` are statuses that another attempt may help with beside those that always pass.
    """
    if _is_offline(error):
        return None
    status = _status(error)
    if status is not None:
        if status in PASSING:
            return retry_after(getattr(getattr(error, "response", None), "headers", {}))
        return 0.0 if status in also else None
    broken = type(error).__module__ == "builtins" and isinstance(error, (OSError, RuntimeError))
    return 0.0 if broken or _is_transport(error) else None


def _is_offline(error: Exception) -> bool:
    return type(error).__name__ == "OfflineModeIsEnabled"


def _messages(error: BaseException | None) -> Iterator[str]:
    """Yield what an error says, and what the ones that caused it say."""
    while error is not None:
        yield str(error).strip() or type(error).__name__
        error = error.__cause__


def _status(error: BaseException | None) -> int | None:
    """Return the HTTP status behind an error, or behind the one that caused it."""
    while error is not None:
        status = getattr(getattr(error, "response", None), "status_code", None)
        if status is not None:
            return int(status)
        error = error.__cause__
    return None


def _is_transport(error: BaseException | None) -> bool:
    """Whether a connection failed: the client's HTTP library changes from version to version, its base class not."""
    from huggingface_hub import errors

    base: type = getattr(errors, "HTTPError", ConnectionError)
    while error is not None:
        if isinstance(error, (base, ConnectionError, TimeoutError)):
            return True
        error = error.__cause__
    return False
