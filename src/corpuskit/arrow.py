"""Arrow for those who have no data frames."""

from __future__ import annotations

import importlib.util
import sys
from importlib.abc import Loader, MetaPathFinder
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence
    from importlib.machinery import ModuleSpec
    from types import ModuleType


def without_pandas() -> None:
    """Keep Arrow from importing pandas in this process, whenever it is imported, until something asks for a data frame.

    pyarrow imports pandas, where it is installed, for the first list it makes an array of, to tell lists from its
    series: half a second and 60 MB for nothing.  It looks for it once; so it has to look at the beginning, and find
    none.  Only for processes of our own: from then on pyarrow takes a series for any other sequence, until
    ``to_pandas`` or ``from_pandas`` is called.
    """
    if "pyarrow" in sys.modules:
        _look()
    elif not any(isinstance(finder, _Arrow) for finder in sys.meta_path):
        sys.meta_path.insert(0, _Arrow())


def _look() -> None:
    """Have pyarrow look for pandas and find none, unless it is there."""
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


class _Arrow(MetaPathFinder):
    """Finds pyarrow where it is, once, and has it look for pandas as soon as it is loaded."""

    def find_spec(
        self, fullname: str, path: Sequence[str] | None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """Find pyarrow."""
        del path, target
        if fullname != "pyarrow":
            return None
        sys.meta_path.remove(self)
        spec = importlib.util.find_spec(fullname)
        if spec is not None and spec.loader is not None:
            spec.loader = _ThenLook(spec.loader)
        return spec


class _ThenLook(Loader):
    """Loads a module as its own loader does, which it leaves in its place, and then looks."""

    def __init__(self, loader: Loader) -> None:
        self._loader = loader

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """Make the module."""
        return self._loader.create_module(spec)

    def exec_module(self, module: ModuleType) -> None:
        """Fill the module."""
        module.__loader__ = self._loader
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        self._loader.exec_module(module)
        _look()
