"""The rights gate."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

import pytest

import corpuskit as ck
from corpuskit.errors import RightsError
from corpuskit.package.release import write_sums
from corpuskit.publish.gate import WithheldError, check_rights
from corpuskit.publish.release import open_release

if TYPE_CHECKING:
    from pathlib import Path

TEXT = (
    "The ferry to the island had not run for eleven days when the harbour master opened the ticket office again.\n\n"
    "Nobody on the quay believed the notice at first, since the last three had been taken down within the hour.\n\n"
)
OPEN = "\n\nThis article is licensed under CC BY 4.0.\n"
NOTICE = "\n\n© 2024 The Harbour Post. All rights reserved.\n"
REASON = "The publisher agreed to it in a letter of 3 May 2024 (no. 17 & *others*)."


def build(folder: Path, pages: dict[str, str], settings: str = "", source: str = "") -> Path:
    """Build a release of ``pages``, by name, and return its folder."""
    for name, text in pages.items():
        path = folder / "pages" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    (folder / "corpus.toml").write_text(
        '[dataset]\nname = "ferry"\nversion = "1.0.0"\ntitle = "Ferry"\ndescription = "Pages."\n'
        f'{settings}\n[[source]]\nname = "pages"\npath = "pages"\n{source}',
        encoding="utf-8",
    )
    return ck.build(folder / "corpus.toml", workers=1).path


def refused(release: Path) -> dict[str, str]:
    """The pages that the gate withholds, by name, with their class."""
    try:
        check_rights(open_release(release))
    except WithheldError as error:
        return {document.page.removeprefix("pages/"): document.rights for document in error.refusal.listed}
    return {}


def accept(*classes: str) -> str:
    return "".join(f'[[rights.accept]]\nrights = "{name}"\nreason = "{REASON}"\n' for name in classes)


PAGES = {
    "open.txt": f"The ferry runs again\n\n{TEXT}{OPEN}",
    "notice.txt": f"A lighthouse is for sale\n\n{TEXT}{NOTICE}",
    "silent.txt": f"Herring prices fall\n\n{TEXT}",
    "nc.txt": f"Gulls return\n\n{TEXT}\n\nThis article is licensed under CC BY-NC 4.0.\n",
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", {"notice.txt": "reserved", "silent.txt": "unknown", "nc.txt": "reserved"}),
        (accept("unknown"), {"notice.txt": "reserved", "nc.txt": "reserved"}),
        (accept("reserved"), {"silent.txt": "unknown"}),
        (accept("reserved", "unknown"), {}),
    ],
    ids=["nothing", "unknown", "reserved", "both"],
)
def test_what_is_not_open_is_withheld_unless_its_class_is_accepted(
    tmp_path: Path, settings: str, expected: dict[str, str]
) -> None:
    assert refused(build(tmp_path, PAGES, settings)) == expected


def test_the_message_says_which_documents_what_they_state_and_what_to_do(tmp_path: Path) -> None:
    with pytest.raises(RightsError) as caught:
        check_rights(open_release(build(tmp_path, PAGES)))
    said = str(caught.value)
    for words in (
        "3 of 4 documents may not be published (2 reserved, 1 unknown)",
        "pages/notice.txt  reserved  © 2024 The Harbour Post. All rights reserved.",
        "pages/silent.txt  unknown  says nothing",
        "[[rights.accept]]",
    ):
        assert words in said


HTML = (
    "<html><head>{head}</head><body><article><h1>The ferry runs again</h1>"
    "<p>{one}</p><p>{two}</p><p>{open}</p></article></body></html>"
)


def page(head: str = "") -> str:
    one, two, *_ = TEXT.split("\n\n")
    return HTML.format(
        head=head,
        one=one,
        two=two,
        open='Licence: <a rel="license" href="https://creativecommons.org/licenses/by/4.0/">CC BY 4.0</a>',
    )


SIGNALS = {
    "plain.html": page(),
    "robots.html": page('<meta name="robots" content="noai">'),
    "tdm.html": page('<meta name="tdm-reservation" content="1">'),
    "free.html": page('<meta name="tdm-reservation" content="0"><meta name="robots" content="noindex">'),
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ("", {"robots.html": "reserved", "tdm.html": "reserved"}),
        (f'[rights]\nsignals = "ignore"\nsignals_reason = "{REASON}"\n', {}),
        (accept("reserved"), {}),
    ],
    ids=["obey", "ignore", "accept"],
)
def test_signals_to_machines_reserve_what_a_licence_opens(
    tmp_path: Path, settings: str, expected: dict[str, str]
) -> None:
    release = build(tmp_path, SIGNALS, settings)
    assert refused(release) == expected
    if "ignore" in settings:
        assert "was not taken as a reservation" in (release / "README.md").read_text(encoding="utf-8")


def test_a_tdmrep_of_the_server_reserves_by_path(tmp_path: Path) -> None:
    (tmp_path / "tdmrep.json").write_text('[{"location": "/news/*", "tdm-reservation": 1}]', encoding="utf-8")
    canonical = '<link rel="canonical" href="https://harbour.example/{}/1">'
    pages = {"news.html": page(canonical.format("news")), "open.html": page(canonical.format("open"))}
    assert refused(build(tmp_path, pages, source='tdmrep = "tdmrep.json"\n')) == {"news.html": "reserved"}


def test_a_reason_that_does_not_stand_in_the_card_counts_for_nothing(tmp_path: Path) -> None:
    release = build(tmp_path, PAGES, accept("reserved", "unknown"))
    card = release / "README.md"
    card.write_text(card.read_text(encoding="utf-8").replace("a letter", "a word"), encoding="utf-8")
    manifest = json.loads((release / "manifest.json").read_text(encoding="utf-8"))
    _restate(release, manifest)
    with pytest.raises(RightsError, match="does not give the reason"):
        check_rights(open_release(release))


def _restate(release: Path, manifest: dict[str, Any]) -> None:
    """Make manifest and checksums fit the files again."""
    from corpuskit.package.release import sha256

    (release / "SHA256SUMS").unlink()
    for entry in manifest["files"]:
        path = release / entry["path"]
        entry |= {"bytes": path.stat().st_size, "sha256": sha256(path)}
    (release / "manifest.json").write_text(json.dumps(manifest), encoding="utf-8")
    write_sums(release)


def test_a_release_that_knows_no_acceptance_accepts_nothing(root: Path) -> None:
    """Releases of 0.1 have no part on rights, and their rows no signals."""
    with pytest.raises(RightsError, match="5 of 5 documents may not be published"):
        check_rights(open_release(root / "dist" / "sco-news-7.0.0"))
