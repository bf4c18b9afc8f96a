"""What a pure function returned, for the next time it is asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Final, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable

K = TypeVar("K")
V = TypeVar("V")

MOST: Final = 1 << 16
"""Values after which all are forgotten: a bound on memory that costs nothing to keep."""


class Kept(dict[K, V]):
    """The values of ``make`` by its argument, made when first asked for.

    ``functools.lru_cache`` does the same for functions; finding a value takes it two to three times as long, which is
    what counts where there are thousands on a page.
    """

    def __init__(self, make: Callable[[K], V], most: int = MOST) -> None:
        super().__init__()
        self._make = make
        self._most = most

    def __missing__(self, key: K) -> V:
        """Make the value of ``key``."""
        if len(self) >= self._most:
            self.clear()
        value = self[key] = self._make(key)
        return value
