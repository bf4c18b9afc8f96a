"""How many bytes of a release are new to a store of chunks that has the release before.

The Hub's storage, Xet, cuts files into chunks by their content and keeps each chunk once.  What is foretold here is not
modelled but done: hf_xet, the client's own library, stores the release before and then this one in a folder, and says
how many bytes of the second were in chunks that it had not seen.  It needs room for both, for a while; the folder is
below the system's folder for temporary files (TMPDIR).

The Hub may know more chunks than these (it looks across repositories), so that less is sent than foretold, and it
adds some bytes of its own to each upload (`python -m bench.publishing` measures both).
"""

from __future__ import annotations

import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def new_bytes(files: Iterable[Path], before: Iterable[Path] = ()) -> int:
    """Return how many bytes of ``files`` are in chunks that none of ``before`` has."""
    with tempfile.TemporaryDirectory(prefix="corpuskit-chunks-") as folder:
        store = Path(folder)
        _put(before, store)
        return _put(files, store)


def _put(files: Iterable[Path], store: Path) -> int:
    """Put ``files`` into the store of chunks and return how many bytes were new to it."""
    import hf_xet  # comes with huggingface_hub; only a forecast needs it here

    files = [file for file in files if file.stat().st_size]
    if not files:
        return 0
    with hf_xet.XetSession().new_upload_commit(endpoint=f"local://{store}") as commit:
        handles = [commit.start_upload_file(str(file), sha256=hf_xet.SKIP_SHA256) for file in files]
    return sum(handle.result().dedup_metrics.new_bytes for handle in handles)
