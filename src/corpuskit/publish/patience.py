"""What is tried again, after how long, and when to give up.

Every step of publishing looks at the state it finds before it acts, so that trying it again is safe: an answer that
was lost on the way back is found to have been acted on.
"""

from __future__ import annotations

import time
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from typing import TYPE_CHECKING, Final, TypeVar

from corpuskit.errors import CorpuskitError, PublishError, ReleaseDiffersError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

T = TypeVar("T")

PASSING: Final = frozenset({408, 425, 429, 500, 502, 503, 504})
"""HTTP statuses that may be gone on the next attempt (RFC 9110, RFC 6585)."""


@dataclass(frozen=True, slots=True)
class Patience:
    """How often a step is tried, and the longest wait, in seconds, that a server may ask for."""

    attempts: int = 5
    longest: float = 120.0
    sleep: Callable[[float], None] = time.sleep

    def keep_trying(self, step: Callable[[], T], passing: Callable[[Exception], float | None]) -> T:
        """Return what ``step`` returns, trying again what ``passing`` gives a wait for (0 for our own choice).

        The wait doubles from one second; a server's own, from Retry-After, is honoured up to ``longest``.

        Raises:
            PublishError: the server asks for a longer wait.
            Exception: whatever ``step`` raised last.
        """
        for attempt in range(1, self.attempts + 1):
            try:
                return step()
            except CorpuskitError:
                raise
            except Exception as error:
                wait = passing(error)
                if wait is None or attempt == self.attempts:
                    raise
                self.check(wait)
                self.sleep(wait or min(2.0 ** (attempt - 1), self.longest))
        raise AssertionError  # for the type checker: the last attempt returns or raises

    def attempt(
        self,
        step: Callable[[], T],
        passing: Callable[[Exception], float | None],
        explain: Callable[[Exception], PublishError],
    ) -> T:
        """Like :meth:`keep_trying`; whatever a library raised last is explained.

        Raises:
            PublishError: it cannot be done: what, where, and what to do about it.
            ReleaseDiffersError: other bytes stand there.
        """
        try:
            return self.keep_trying(step, passing)
        except (PublishError, ReleaseDiffersError):
            raise
        except Exception as error:  # noqa: BLE001 - libraries raise what they like; every one of them is explained
            raise explain(error) from None  # the error behind it may hold a credential: it is said, scrubbed

    def check(self, wait: float) -> None:
        """Refuse to wait longer than ``longest``.

        Raises:
            PublishError: ``wait``, in seconds, is longer.
        """
        if wait > self.longest:
            raise PublishError(
                f"the server has had too many requests and asks to wait {wait:,.0f} seconds",
                remedy="Run the same command again after that: what has arrived is not sent again.",
            )


def retry_after(headers: Mapping[str, str]) -> float:
    """Return how many seconds Retry-After asks to wait; 0 where it does not say (RFC 9110, 10.2.3)."""
    value = next((value.strip() for name, value in headers.items() if name.lower() == "retry-after"), "")
    if value.isdigit():
        return float(value)
    with suppress(ValueError, TypeError):
        return max(0.0, (parsedate_to_datetime(value) - datetime.now(UTC)).total_seconds())
    return 0.0
