"""One document out of a release."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pyarrow.dataset as ds

from corpuskit.errors import CorpuskitError, ReleaseError

if TYPE_CHECKING:
    from pathlib import Path


def find_document(release: Path, wanted: str) -> dict[str, Any]:
    """Return what the release says of one document: id, locator, blocks, repairs and evidence.

    ``wanted`` is its id, the beginning of one that no other has, or its locator.

    Raises:
        ReleaseError: there is no release at ``release``.
        CorpuskitError: it holds no such document, or more than one.
    """
    if not (release / "data" / "documents").is_dir():
        raise ReleaseError(
            "there is no release there", where=str(release), remedy="Build it first, or name one with --release."
        )
    documents = _config(release, "documents").to_table(columns=["id", "locator", "evidence"]).to_pylist()
    found = [row for row in documents if row["locator"] == wanted or (wanted and row["id"].startswith(wanted))]
    if len(found) != 1:
        raise CorpuskitError(
            "is the beginning of more than one id there"
            if found
            else "is no id or locator of a document there, nor a file",
            where=f"{wanted} in {release}",
            remedy="The config `documents` lists ids and locators; pages that were not kept are in `decisions`.",
        )
    row = found[0]
    mine = ds.field("document_id") == row["id"]
    return {
        **row,
        "blocks": _config(release, "blocks").to_table(filter=mine).to_pylist(),
        "repairs": _config(release, "repairs").to_table(filter=mine).to_pylist(),
        "flags": _config(release, "decisions").to_table(filter=mine).to_pylist()[0]["flags"],
    }


def _config(release: Path, name: str) -> ds.Dataset:
    return ds.dataset(release / "data" / name, format="parquet")
