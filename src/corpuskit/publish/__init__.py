"""A release to where others find it: a Hugging Face dataset repository, or a store of files.

The room has the name of what it does, and Python binds a room to its package over whatever else has that name there:
so it can be called, and ``corpuskit.publish(...)`` is the same before and after somebody has imported it.
"""

import sys
from types import ModuleType

from corpuskit.publish.publishing import publish
from corpuskit.publish.report import Outcome, Progress, PublishReport

__all__ = ["Outcome", "Progress", "PublishReport", "publish"]


class _Room(ModuleType):
    __call__ = staticmethod(publish)


sys.modules[__name__].__class__ = _Room
