"""The tests talk to nobody and leave no cache behind."""

import os
import tempfile

CACHE = tempfile.TemporaryDirectory(prefix="furniture-")
os.environ["HF_HOME"] = CACHE.name
os.environ["HF_HUB_OFFLINE"] = "1"
os.environ["HF_DATASETS_DISABLE_PROGRESS_BARS"] = "1"
