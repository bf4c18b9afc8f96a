"""A release to where others find it: a Hugging Face dataset repository, or a store of files."""

from corpuskit.publish.publish import publish
from corpuskit.publish.report import Outcome, Progress, PublishReport

__all__ = ["Outcome", "Progress", "PublishReport", "publish"]
