"""``report.html``: one page to look at a release with, in any browser, from any folder.

It holds the pictures, and some pages with every block in the colour of its role.  It has no script, and its policy lets
none run; it fetches nothing.  What comes from pages is escaped.  Its size is bounded whatever the release's.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.dataset as ds
import pyarrow.parquet as pq

from corpuskit.model import Role, Status
from corpuskit.package.citation import one_line
from corpuskit.package.pictures import COLOURS, draw, escape, shorten
from corpuskit.package.statistics import by_source

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from corpuskit.config import Config
    from corpuskit.package.figures import Figures

NAME: Final = "report.html"

PAGES: Final = 12
"""Documents that are shown, spread evenly over the rows."""

CHARACTERS: Final = 12_000
"""Characters that are shown of each."""

SOURCES: Final = 200
"""Sources that are listed, where there are several."""

LOST: Final = 50
"""Pages not kept that are listed."""

_POLICY: Final = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
_STYLE: Final = """
:root { color-scheme: light dark }
body { font: 16px/1.5 system-ui, sans-serif; max-width: 60rem; margin: 2rem auto; padding: 0 1rem }
summary { cursor: pointer; padding: .3rem 0 }
svg { max-width: 100%; height: auto }
table { border-collapse: collapse } td, th { text-align: left; padding: .1rem 1rem .1rem 0; vertical-align: top }
.block { border-left: .4rem solid; padding: .1rem .6rem; margin: .2rem 0 }
.block span { white-space: pre-wrap; overflow-wrap: anywhere }
.why { font-size: .75rem; opacity: .75; display: block }
"""


def make(folder: Path, config: Config, figures: Figures, configs: Mapping[str, Any]) -> str:
    """Return the page for the release in ``folder``; ``configs`` is the manifest's part on configs."""
    title = f"{config.dataset.name} {config.dataset.version}"
    colours = "".join(f".{role}{{border-color:{COLOURS[role]}}}" for role in Role)
    return "\n".join(
        (
            '<!doctype html>\n<html lang="en">\n<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{escape(_POLICY)}">',
            '<meta name="viewport" content="width=device-width">',
            f"<title>{escape(title)}</title>\n<style>{_STYLE}{colours}</style>",
            f"<h1>{escape(one_line(config.dataset.title))}</h1>",
            f"<p>{escape(title)}. {escape(_in_short(figures))}</p>",
            *draw(figures).values(),
            *_sources(folder, configs, figures),
            *_pages(folder, configs),
            *_lost(folder, configs, figures),
            "</html>\n",
        )
    )


def _in_short(figures: Figures) -> str:
    pages = figures.by_status()
    counts = ", ".join(f"{pages[status]:,} {status}" for status in Status)
    return f"{pages['read']:,} pages were read: {counts}. The card, README.md, says what the rows are."


def _sources(folder: Path, configs: Mapping[str, Any], figures: Figures) -> Iterator[str]:
    """Yield a table of what each source gave, where there are several."""
    if len({source for source, _ in figures.sources}) < 2:
        return
    found = by_source(folder, configs)
    yield f"<h2>{len(found):,} sources</h2>\n<table>"
    heads = ("source", "read", *Status, "rejected by", *(f"characters: {role}" for role in Role))
    yield f"<tr>{''.join(f'<th>{head}</th>' for head in heads)}</tr>"
    for name, source in list(found.items())[:SOURCES]:
        rules = ", ".join(f"{rule} {count:,}" for rule, count in sorted(source.rules.items()))
        counts = [source.pages.total(), *(source.pages[status] for status in Status)]
        characters = [source.characters[role] for role in Role]
        cells = [name, *(f"{count:,}" for count in counts), rules, *(f"{count:,}" for count in characters)]
        yield "<tr>" + "".join(f"<td>{escape(shorten(one_line(cell), 100))}</td>" for cell in cells) + "</tr>"
    yield "</table>"


def _pages(folder: Path, configs: Mapping[str, Any]) -> Iterator[str]:
    """Yield some documents, each folded, with their blocks."""
    documents = list(_sample(folder, configs["documents"]))
    blocks = _blocks(folder, configs["blocks"], [row["id"] for row in documents])
    if documents:
        legend = ", ".join(f'<span class="block {role}">{role}</span>' for role in Role)
        yield f"<h2>{len(documents)} pages and their blocks</h2>\n<p>{legend}</p>"
    for row in documents:
        head = f"{row['title'] or 'without a title'} · {row['source']}/{row['locator']}"
        facts = f"{row['language'] or 'language unknown'}, rights {row['rights']}, id {row['id']}"
        yield f'<details>\n<summary dir="auto">{escape(shorten(one_line(head), 200))}</summary>\n<p>{escape(facts)}</p>'
        yield from _shown(blocks[row["id"]])
        yield "</details>"


def _shown(blocks: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    room = CHARACTERS
    for number, block in enumerate(blocks):
        if room <= 0:
            yield f"<p>… and {len(blocks) - number} more blocks</p>"
            return
        text = shorten(block["text"], room)
        room -= len(text)
        role = block["role"] if block["role"] in set(Role) else ""
        why = f"{block['role']} / {block['kind']} · {block['score']:.2f} · {shorten(block['reason'], 200)}"
        shown = f'<span class="why">{escape(why)}</span><span dir="auto">{escape(text)}</span>'
        yield f'<div class="block {role}">{shown}</div>'


def _sample(folder: Path, entry: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """Yield :data:`PAGES` rows of ``documents``, evenly spread over all of them."""
    wanted = {number * entry["rows"] // PAGES for number in range(PAGES)} if entry["rows"] else set()
    columns = ["id", "source", "locator", "title", "language", "rights"]
    start = 0
    for file in _files(entry):
        with pq.ParquetFile(folder / file, pre_buffer=False) as parquet:
            for batch in parquet.iter_batches(columns=columns):
                here = sorted(number - start for number in wanted if start <= number < start + batch.num_rows)
                yield from batch.take(pa.array(here, pa.int64())).to_pylist()
                start += batch.num_rows


def _blocks(folder: Path, entry: Mapping[str, Any], ids: Sequence[str]) -> dict[str, list[dict[str, Any]]]:
    """Return the blocks of some documents; the page index leads to them."""
    found: dict[str, list[dict[str, Any]]] = {identifier: [] for identifier in ids}
    opened = ds.dataset([folder / file for file in _files(entry)], format="parquet")
    columns = ["document_id", "index", "role", "kind", "score", "reason", "text"]
    for batch in opened.to_batches(columns=columns, filter=pc.field("document_id").isin(pa.array(ids, pa.string()))):
        for row in batch.to_pylist():
            found[row["document_id"]].append(row)
    return {identifier: sorted(rows, key=lambda row: row["index"]) for identifier, rows in found.items()}


def _lost(folder: Path, configs: Mapping[str, Any], figures: Figures) -> Iterator[str]:
    """Yield the first pages that were not kept, with the reason."""
    pages = figures.by_status()
    lost = pages["read"] - pages["kept"]
    if not lost:
        return
    opened = ds.dataset([folder / file for file in _files(configs["decisions"])], format="parquet")
    rows = opened.scanner(filter=pc.field("status") != Status.KEPT.value).head(LOST).to_pylist()
    yield f"<h2>{min(lost, LOST):,} of {lost:,} pages that were not kept</h2>\n<table>"
    yield "<tr><th>page</th><th>what became of it</th><th>why</th></tr>"
    for row in rows:
        why = (
            f"{row['rule']}: {row['value']}, asked for {row['threshold']}"
            if row["rule"]
            else f"{row['stage']}: {row['error']}"
        )
        cells = (f"{row['source']}/{row['locator']}", row["status"], why)
        yield "<tr>" + "".join(f"<td>{escape(shorten(one_line(cell), 300))}</td>" for cell in cells) + "</tr>"
    yield "</table>"


def _files(entry: Mapping[str, Any]) -> list[str]:
    return [file for split in entry["splits"].values() for file in split["files"]]
