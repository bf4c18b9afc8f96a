"""From tables to a release: everything else in the folder is made here, from the tables and the settings.

The order matters: what describes files comes after them, and nothing comes after the checksums.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING, Any, Final

from corpuskit import schema
from corpuskit.package import card, changes, citation, croissant, licenses, manifest, pictures, provenance, report
from corpuskit.package.figures import measure
from corpuskit.package.release import SUMS, write_sums, write_text

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from corpuskit.config import Config
    from corpuskit.package.difference import Diff

FIGURES: Final = "figures"
"""The folder of the card's pictures."""


def finish(
    folder: Path, config: Config, configs: Mapping[str, Any], before: Path | None = None
) -> tuple[dict[str, Any], Diff | None]:
    """Make the release in ``folder`` whole, whose tables are there; return its manifest and what it changes.

    Args:
        folder: the release.
        config: the settings it was built with.
        configs: the manifest's part on configs: rows, logical digests, splits, files.
        before: the release before this one; what differs is ``None`` where there is none.

    A release that was whole before is made whole anew: what had been derived from other rows goes.
    """
    for name in (provenance.NAME, manifest.NAME, SUMS, licenses.NAME):
        (folder / name).unlink(missing_ok=True)
    shutil.rmtree(folder / FIGURES, ignore_errors=True)
    content = manifest.content_digest(configs)
    figures = measure(folder, configs)
    made = {name: (folder / name).stat().st_size for name in manifest.table_files(configs)}
    texts = {
        **{f"{FIGURES}/{name}.svg": picture for name, picture in pictures.draw(figures).items()},
        "README.md": card.make(config, figures, configs, made, content),
        citation.NAME: citation.dump(citation.make(config.dataset, content, figures.licenses)),
        **{f"schemas/{name}.schema.json": schema.text(name) for name in schema.NAMES},
        croissant.NAME: manifest.dump(croissant.make(folder, config, figures, configs, content)),
        report.NAME: report.make(folder, config, figures, configs),
    }
    if licenses.front_matter(figures.licenses).get("license_link") == licenses.NAME:
        texts[licenses.NAME] = licenses.text(figures.licenses)
    for name, text in texts.items():
        write_text(folder / name, text)
    facts = manifest.facts(config, figures.by_status(), configs)
    changed = changes.write(folder, facts, config, before)
    statement = provenance.make(folder, config, configs, facts["generator"])
    write_text(folder / provenance.NAME, manifest.dump(statement))
    whole = manifest.make(folder, facts)
    write_text(folder / manifest.NAME, manifest.dump(whole))
    write_sums(folder)
    return whole, changed
