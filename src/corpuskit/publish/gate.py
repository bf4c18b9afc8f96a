"""The rights gate: what is not open is not published, unless those who made the dataset accept it, with a reason.

It looks at the release alone: its rows, the acceptance in its manifest, and that the reason stands in its card, where
whoever loads the dataset can read it.
"""

from __future__ import annotations

import html
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from corpuskit.describe.signals import reserves
from corpuskit.errors import RightsError
from corpuskit.model import Rights

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from corpuskit.publish.release import Release

KEPT: Final = 10_000
"""Documents that are listed one by one; all are counted."""
SHOWN: Final = 20
"""Documents that a message shows."""

_COLUMNS: Final = (
    "id",
    "source",
    "locator",
    "rights",
    "rights_statement",
    "rights_holder",
    "license",
    "robots",
    "tdm_reserved",
)


@dataclass(frozen=True, slots=True)
class Withheld:
    """A document that may not be published: its class of rights, and the statement or signals that make it so."""

    id: str
    page: str
    rights: Rights
    statement: str | None
    holder: str | None
    license: str | None
    signals: tuple[str, ...]

    def __str__(self) -> str:
        said = "; ".join(filter(None, (*self.signals, self.license, self.statement))) or "says nothing"
        return f"{self.page}  {self.rights}  {' '.join(said.split())[:100]}"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why a release is refused: documents by class, and the first of them."""

    documents: int
    withheld: Mapping[Rights, int]
    listed: tuple[Withheld, ...]


class WithheldError(RightsError):
    """Some documents of a release may not be published; ``refusal`` lists them."""

    def __init__(self, what: str, *, where: str, remedy: str, refusal: Refusal) -> None:
        super().__init__(what, where=where, remedy=remedy)
        self.refusal = refusal


def check_rights(release: Release) -> None:
    """Let a release pass whose documents may all be published.

    Raises:
        WithheldError: some may not.
        RightsError: the card does not give the reason why some may.
    """
    policy = release.manifest.get("rights", {})
    accepted = {entry["rights"]: entry["reason"] for entry in policy.get("accept", ())}
    ignore = policy.get("signals") == "ignore"
    reasons = [*accepted.values(), *([policy.get("signals_reason") or ""] if ignore else [])]
    _check_card(release, reasons)
    total = 0
    counts: Counter[Rights] = Counter()
    listed: list[Withheld] = []
    for row in _documents(release):
        total += 1
        document = _withheld(row, ignore=ignore)
        if document is None or document.rights in accepted:
            continue
        counts[document.rights] += 1
        if len(listed) < KEPT:
            listed.append(document)
    if counts:
        raise _error(release, Refusal(total, dict(counts), tuple(listed)))


def _withheld(row: Mapping[str, Any], *, ignore: bool) -> Withheld | None:
    """Return the document of a row unless it is open; what is said to machines reserves unless it is to ``ignore``."""
    signals = () if ignore else tuple(reserves(row.get("robots") or (), row.get("tdm_reserved")))
    rights = Rights.RESERVED if signals else Rights(row["rights"])
    if rights is Rights.OPEN:
        return None
    return Withheld(
        id=row["id"],
        page=f"{row['source']}/{row['locator']}",
        rights=rights,
        statement=row["rights_statement"],
        holder=row["rights_holder"],
        license=row["license"],
        signals=signals,
    )


def _documents(release: Release) -> Iterator[dict[str, Any]]:
    """Yield the rows of all documents, a batch in memory at a time."""
    import pyarrow.parquet as pq

    for split in release.manifest["configs"]["documents"]["splits"].values():
        for name in split["files"]:
            with pq.ParquetFile(release.folder / name) as file:
                columns = [column for column in _COLUMNS if column in file.schema_arrow.names]
                for batch in file.iter_batches(columns=columns):
                    yield from batch.to_pylist()


def _check_card(release: Release, reasons: list[str]) -> None:
    """Make sure that the card gives each reason for which something is accepted.

    Raises:
        RightsError: it does not.
    """
    card = _letters(html.unescape((release.folder / "README.md").read_text(encoding="utf-8")))
    for reason in reasons:
        if not _letters(reason) or _letters(reason) not in card:
            raise RightsError(
                f"the card does not give the reason why documents are published that are not open: {reason!r}",
                where=str(release.folder / "README.md"),
                remedy="Build the release again: the card is made from the settings, never by hand.",
            )


def _letters(text: str) -> str:
    """Return the letters and digits of ``text``: Markdown may wrap and escape the rest."""
    return "".join(c for c in text if c.isalnum())


def _error(release: Release, refusal: Refusal) -> WithheldError:
    number = sum(refusal.withheld.values())
    by_class = ", ".join(f"{count:,} {rights}" for rights, count in sorted(refusal.withheld.items()))
    shown = "\n  ".join(map(str, refusal.listed[:SHOWN]))
    more = f"\n  and {number - SHOWN:,} more (--json lists them)" if number > SHOWN else ""
    classes = " and ".join(sorted(refusal.withheld))
    return WithheldError(
        f"{number:,} of {refusal.documents:,} documents may not be published ({by_class}):\n  {shown}{more}",
        where=str(release.folder),
        remedy=f"Leave them out, get a licence, or accept the class {classes} under [[rights.accept]] in corpus.toml "
        "with a reason, which will stand in the card; then build again. Nothing was sent.",
        refusal=refusal,
    )
