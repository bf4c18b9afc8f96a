"""``changes.json`` and ``CHANGELOG.md``: what a release changes, for programs and for people.

Both are made from the release itself and the one before it, and from nothing else, so that a release can be built
again byte for byte while the one before it is there.  Earlier entries are carried on from the release before.  They
name documents by id alone: titles are looked up among the documents that the release has, so that nothing can be read
in a changelog of what is not in the release any more.
"""

from __future__ import annotations

import dataclasses
import re
from typing import TYPE_CHECKING, Any, Final

from corpuskit import schema
from corpuskit.package import cleaning, release
from corpuskit.package.bump import Policy, rules
from corpuskit.package.diff import CHANGES, compare
from corpuskit.package.manifest import dump
from corpuskit.package.reference import Reference, resolve

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from corpuskit.config import Config
    from corpuskit.package.difference import Diff

CHANGELOG: Final = "CHANGELOG.md"

_KINDS: Final = ("removed", "moved", "changed", "added")
_TITLE: Final = 100
"""Characters of a title that are shown."""

_MARKDOWN: Final = re.compile(r"([\\`*_\[\]<>|#~&!])")

_POLICIES: Final = {
    Policy.STRICT: "Under one major version rows are only added: what was there stays as it is.",
    Policy.CORRECTIONS: (
        "Under one major version no row goes or moves to another split. Rows may be corrected, by a minor version."
    ),
    Policy.APPEND: "Rows are only added; what was there neither goes nor changes, unless a document is forgotten.",
}


def write(folder: Path, manifest: Mapping[str, Any], config: Config, previous: Path | None) -> Diff | None:
    """Write both files into ``folder`` and return what the release changes, ``None`` where it is the first.

    Args:
        folder: the release, as far as it is written: its tables must be.
        manifest: what its manifest will say, but for the files.
        config: the settings it was built with.
        previous: the release before it, as :func:`corpuskit.package.reference.previous` finds it.

    Raises:
        ReleaseError: the release before it cannot be read.
    """
    stated = _statement(manifest, config)
    made: Reference | None = None
    found: Diff | None = None
    earlier: list[Any] = []
    if previous is not None:
        made = Reference(str(folder), resolve(folder).fs, str(folder), {"manifest.json": manifest, CHANGES: stated})
        before = resolve(previous)
        found = compare(before, made, policy=config.version.policy)
        earlier = list(before.json(CHANGES).get("releases", ())) or [_entry(before.manifest, None)]
    if found is not None and found.forgotten:
        # What a text was before may be what was to be forgotten.
        found = dataclasses.replace(found, samples=())
    stated["diff"] = None if found is None else found.to_json()
    stated["releases"] = [_entry(manifest, found), *earlier]
    release.write_text(folder / CHANGES, dump(stated))
    release.write_text(folder / CHANGELOG, render(config.dataset.title, stated, made))
    return found


def _statement(manifest: Mapping[str, Any], config: Config) -> dict[str, Any]:
    """Return what the release says of itself, for the next one to be compared with."""
    return {
        "schema": schema.load("changes")["$id"],
        **{name: manifest[name] for name in ("name", "version", "content_sha256")},
        "policy": config.version.policy,
        "cleaning": cleaning.fingerprint(config),
        "accepted": {accepted.rights.value: accepted.reason for accepted in config.rights.accept},
        "forgotten": [{"id": stone.id, "date": stone.date, "reason": stone.reason} for stone in config.forgotten],
    }


def _entry(manifest: Mapping[str, Any], found: Diff | None) -> dict[str, Any]:
    """Return what stays of a release in the changes of later ones."""
    if found is None:
        counts = {name: {"before": 0, "after": entry["rows"]} for name, entry in manifest["configs"].items()}
        return {"version": manifest["version"], "previous": None, "bump": None, "reasons": [], "rows": counts}
    return {
        "version": manifest["version"],
        "previous": found.before.version,
        "bump": str(found.bump),
        "reasons": [{"rule": reason.rule, "bump": str(reason.bump), "what": reason.what} for reason in found.reasons],
        "rows": {
            name: {key: getattr(rows, key) for key in ("before", "after", *_KINDS)}
            for name, rows in found.configs.items()
        },
        "documents": {
            kind: list(getattr(found.configs["documents"].examples, kind))
            for kind in _KINDS
            if "documents" in found.configs
        },
    }


def render(title: str, changes: Mapping[str, Any], made: Reference | None) -> str:
    """Return ``CHANGELOG.md`` for what ``changes.json`` says, in the form of keepachangelog.com.

    ``made`` is the release, where documents are named.

    Entries have no dates: a release has no clock in it.
    """
    named = {
        identifier
        for entry in changes["releases"]
        for kind in ("moved", "changed", "added")
        for identifier in entry.get("documents", {}).get(kind, ())
    }
    titles = made.texts("documents", "id", named, "title") if made is not None and named else {}
    head = [
        f"# Changelog of {_plain(title)}",
        f"{_POLICIES[Policy(changes['policy'])]} Earlier entries give titles of documents that this release has.",
    ]
    if changes["forgotten"]:
        gone = [f"`{stone['id']}`" + (f" ({stone['date']})" if stone["date"] else "") for stone in changes["forgotten"]]
        head.append(f"Forgotten, and in no later release: {', '.join(gone)}.")
    entries = [part for entry in changes["releases"] for part in _render_entry(entry, titles)]
    return "\n\n".join((*head, *entries)) + "\n"


def _render_entry(entry: Mapping[str, Any], titles: Mapping[str, str | None]) -> Iterator[str]:
    """Yield the paragraphs of one release."""
    yield f"## {entry['version']}"
    if entry["bump"] is None:
        counts = ", ".join(f"{rows['after']:,} {name}" for name, rows in entry["rows"].items())
        yield f"The first release that is recorded here: {counts}."
        return
    yield _why(entry)
    for kind in _KINDS:
        if count := entry["rows"].get("documents", {}).get(kind):
            yield f"### {kind.capitalize()}"
            yield "\n".join(_documents(entry.get("documents", {}).get(kind, ()), count, titles))
    touched = {name: rows for name, rows in entry["rows"].items() if any(rows[kind] for kind in _KINDS)}
    if touched:
        yield "### Rows"
        lines = [["config", "before", *_KINDS, "after"], ["---", *["---:"] * (len(_KINDS) + 2)]]
        lines += [
            [f"`{name}`", *(f"{rows[key]:,}" for key in ("before", *_KINDS, "after"))] for name, rows in touched.items()
        ]
        yield "\n".join(f"| {' | '.join(line)} |" for line in lines)


def _why(entry: Mapping[str, Any]) -> str:
    """Say which part of the version had to rise, and what asked for it."""
    asked = [reason for reason in entry["reasons"] if reason["bump"] == entry["bump"]]
    others = [reason for reason in entry["reasons"] if reason["bump"] != entry["bump"]]
    if not entry["reasons"]:
        return f"A patch release: the rows are those of {entry['previous']}."
    lead = f"After {entry['previous']} a {entry['bump']} release at least, since it"
    said = [f"- {rules()[reason['rule']].what}: {_plain(reason['what'])}" for reason in asked]
    said += [f"- besides, it {rules()[reason['rule']].what}: {_plain(reason['what'])}" for reason in others]
    return f"{lead}\n\n" + "\n".join(said)


def _documents(named: Sequence[str], count: int, titles: Mapping[str, str | None]) -> Iterator[str]:
    """Yield a line for each document that is named, and one for how many more there are."""
    for identifier in named:
        title = titles.get(identifier)
        yield f"- {_plain(title, _TITLE)} (`{identifier}`)" if title else f"- `{identifier}`"
    if count > len(named):
        yield f"- and {count - len(named):,} more"


def _plain(text: str, limit: int | None = None) -> str:
    """Return ``text`` as one line of Markdown that means nothing but its characters."""
    line = " ".join(text.split())
    return _MARKDOWN.sub(r"\\\1", f"{line[:limit]}…" if limit and len(line) > limit else line)
