"""Arrow for those who have no data frames."""

from __future__ import annotations

import sys
from importlib.abc import MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from types import ModuleType


def without_pandas() -> None:
    """Keep Arrow from importing pandas in this process, until something asks for a data frame.

    pyarrow imports pandas, where it is installed, for the first list it makes an array of, to tell lists from its
    series: half a second and 60 MB for nothing.  It looks for it once; so it has to look now, and find none.  Only for
    processes of our own: from then on pyarrow takes a series for any other sequence, until ``to_pandas`` or
    ``from_pandas`` is called.
    """
    import pyarrow as pa

    if "pandas" not in sys.modules:
        hidden = _Hidden()
        sys.meta_path.insert(0, hidden)
        try:
            pa.array([None])
        finally:
            sys.meta_path.remove(hidden)


class _Hidden(MetaPathFinder):
    """Finds that there is no pandas."""

    def find_spec(self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None) -> None:
        """Find nothing, and say so at once where it is pandas."""
        del path, target
        if fullname == "pandas":
            message = "hidden from pyarrow"
            raise ImportError(message)
