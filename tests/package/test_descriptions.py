"""The card, its pictures, the citation and the provenance: true, harmless, and the same every time."""

from __future__ import annotations

import hashlib
import json
import re
from collections import Counter
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

import corpuskit as ck
from corpuskit import config as configuration
from corpuskit import schema
from corpuskit.package import citation, licenses, markdown, pictures, provenance
from corpuskit.package.figures import UNNAMED, Figures

TRICKS = '---\n# | `x` <script>alert(1)</script> ![a](http://evil.example) $x$ &amp; ~~s~~ [l](x) "q" \\'


def settings(**dataset: object) -> configuration.Config:
    made = {"name": "ferry", "version": "1.0.0", "title": "Ferry", "description": "Three pages.", **dataset}
    return configuration.parse({"dataset": made, "source": [{"name": "pages", "path": "pages"}]}, Path("corpus.toml"))


def build(corpus: Path, **dataset: object) -> Path:
    """Build the small corpus with other words in its settings."""
    lines = "".join(f"{name} = {json.dumps(value)}\n" for name, value in dataset.items())
    path = corpus / "corpus.toml"
    text = path.read_text(encoding="utf-8")
    kept = [line for line in text.splitlines(keepends=True) if line.partition(" =")[0] not in dataset]
    path.write_text("".join(kept).replace("[dataset]\n", f"[dataset]\n{lines}"), encoding="utf-8")
    return ck.build(path).path


def front_and_text(release: Path) -> tuple[dict[str, Any], str]:
    _, front, text = (release / "README.md").read_text(encoding="utf-8").split("---\n", 2)
    return yaml.safe_load(front), text


def test_tricks_in_the_settings_are_shown_and_not_obeyed(corpus: Path) -> None:
    release = build(
        corpus,
        title=TRICKS,
        description=f"{TRICKS}\n\n```\nopen",
        notes=f"```\n<script>x</script>\n{TRICKS}",
        contact="a|b",
    )
    front, text = front_and_text(release)
    assert front["pretty_name"] == citation.one_line(TRICKS)
    assert [finding for finding in ck.validate(release) if finding.severity == "error"] == []
    outside = re.sub(
        r"^(`{3,}).*?^\1$", "", re.sub(r"^>.*$", "", text, flags=re.MULTILINE), flags=re.DOTALL | re.MULTILINE
    )
    assert not re.search(r"(?<!\\)<script", outside)
    assert not re.search(r"^(---|```)", outside, re.MULTILINE)
    assert "evil.example)" not in re.sub(r"\\\[.*?\\\]\(http://evil.example\)", "", outside)
    assert re.findall(r"^# .*", text, re.MULTILINE) == [f"# {markdown.text(TRICKS)}"]


def test_tricks_in_pages_do_not_reach_the_form_of_the_card(corpus: Path) -> None:
    page = corpus / "pages" / "a.txt"
    page.write_text(page.read_text() + "\n© 2024 Ada | Marsh `x` <b>All rights reserved</b>\n", encoding="utf-8")
    release = build(corpus)
    _, text = front_and_text(release)
    assert "<b>" not in re.sub(r"\\<b\\>", "", text)
    heads = re.findall(r"^\| .*\|$", text, re.MULTILINE)
    assert heads


@given(st.text())
def test_plain_text_is_one_line_without_markup(value: str) -> None:
    made = markdown.text(value)
    assert "\n" not in made
    assert not re.search(r"(?<!\\)(?:\\\\)*[`*_\[\]<>|~&$#]", made.replace("\\\\", "")) or "\\" in value
    assert markdown.table(("a",), [(made,)]).count("\n") == 2


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_code_ends_where_it_ends(value: str) -> None:
    fence = re.match("`+", markdown.block(value))
    assert fence
    assert fence[0] not in value
    assert markdown.code(value).count("\n") == 0


@given(st.dictionaries(st.text(max_size=40), st.integers(0, 10**9), max_size=30))
def test_pictures_are_xml_whatever_the_names(counts: dict[str, int]) -> None:
    figures = Figures(languages=Counter(counts), sources=Counter({(name, "kept"): n for name, n in counts.items()}))
    for picture in pictures.draw(figures).values():
        root = ET.fromstring(picture)  # noqa: S314 - our own
        assert {element.tag.rpartition("}")[2] for element in root.iter()} <= {"svg", "title", "style", "rect", "text"}
        assert "http" not in re.sub(
            r'xmlns="[^"]*"', "", re.sub(r"<(text|title).*?</\1>", "", picture, flags=re.DOTALL)
        )


def test_pictures_add_up_and_say_what_is_left_out() -> None:
    counts = {f"l{number:02}": 100 - number for number in range(50)}
    shown = pictures.largest({**counts, "unknown": 7})
    assert len(shown) == pictures.MOST
    assert sum(count for _, count in shown) == sum(counts.values()) + 7
    assert shown[-1][0] == "32 others"


def test_the_citation_has_what_its_format_asks_for(corpus: Path) -> None:
    release = build(
        corpus, creators=["Ada Marsh", "Town & Harbour_Archive"], date="2024-05-17", homepage="https://a.example/x"
    )
    made = yaml.safe_load((release / "CITATION.cff").read_text(encoding="utf-8"))
    assert made.keys() >= citation.REQUIRED
    assert (made["cff-version"], made["type"], made["version"]) == ("1.2.0", "dataset", "0.1.0")
    assert [author["name"] for author in made["authors"]] == ["Ada Marsh", "Town & Harbour_Archive"]
    assert (str(made["date-released"]), made["url"]) == ("2024-05-17", "https://a.example/x")
    _, text = front_and_text(release)
    assert r"author = {{Ada Marsh} and {Town \& Harbour\_Archive}}" in text
    assert "year = {2024}" in text


def test_a_citation_without_names_invents_nobody() -> None:
    made = citation.make(settings().dataset, "0" * 64, {UNNAMED: 3})
    assert made["authors"] == [{"name": "The makers of ferry"}]
    assert "license" not in made
    assert "date-released" not in made


@pytest.mark.parametrize(
    ("named", "expected"),
    [
        ({}, {"license": "unknown"}),
        ({UNNAMED: 3}, {"license": "unknown"}),
        ({"CC-BY-4.0": 3}, {"license": "cc-by-4.0"}),
        ({"ODbL-1.0": 1}, {"license": "odbl"}),
        ({"CC-BY-4.0": 3, UNNAMED: 1}, {"license": "other", "license_name": "mixed", "license_link": "LICENSE.md"}),
        ({"CC-BY-4.0": 3, "MIT": 1}, {"license": "other", "license_name": "mixed", "license_link": "LICENSE.md"}),
        (
            {"LicenseRef-CC-BY": 2},
            {"license": "other", "license_name": "licenseref-cc-by", "license_link": "LICENSE.md"},
        ),
    ],
)
def test_the_licence_of_the_whole_is_derived(named: dict[str, int], expected: dict[str, str]) -> None:
    assert licenses.front_matter(named) == expected


def test_where_there_is_no_licence_of_the_whole_a_file_says_what_there_is(corpus: Path) -> None:
    page = corpus / "pages" / "a.txt"
    page.write_text(page.read_text() + "\nLicensed under CC BY 4.0\n", encoding="utf-8")
    release = build(corpus)
    front, _ = front_and_text(release)
    assert front["license"] == "other"
    assert "| CC-BY-4.0 | 1 |" in (release / front["license_link"]).read_text(encoding="utf-8")
    assert [finding for finding in ck.validate(release) if finding.severity == "error"] == []


def statement(release: Path) -> dict[str, Any]:
    made: dict[str, Any] = json.loads((release / "provenance.json").read_text(encoding="utf-8"))
    return made


def test_the_provenance_names_every_input(corpus: Path) -> None:
    (corpus / "pages" / "empty.txt").write_bytes(b"")
    release = build(corpus)
    made = statement(release)
    assert schema.validator("provenance").is_valid(made)
    source, *models = made["predicate"]["buildDefinition"]["resolvedDependencies"]
    pages = {path.name: path.read_bytes() for path in (corpus / "pages").iterdir()}
    listed = {page["name"]: page["digest"]["sha256"] for page in source["annotations"]["pages"] if "digest" in page}
    assert listed == {name: hashlib.sha256(raw).hexdigest() for name, raw in pages.items() if raw}
    lines = "".join(f"{listed.get(page['name'], '-')}  {page['name']}\n" for page in source["annotations"]["pages"])
    assert (source["name"], source["digest"]["sha256"]) == ("source:pages", hashlib.sha256(lines.encode()).hexdigest())
    assert source["annotations"]["pages_count"] == 4
    assert {model["name"] for model in models} >= {
        "model:corpuskit/segment/text/weights.npz",
        "model:corpuskit/segment/html/weights.npz",
    }


def test_a_large_source_has_one_digest_only(corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = statement(build(corpus))["predicate"]["buildDefinition"]["resolvedDependencies"][0]
    monkeypatch.setattr(provenance, "LISTED", 2)
    (corpus / "dist").rename(corpus / "before")
    large = statement(build(corpus))["predicate"]["buildDefinition"]["resolvedDependencies"][0]
    assert large == {**small, "annotations": {"pages_count": 3}}


@pytest.mark.parametrize(
    ("path", "kept"),
    [
        ("pages", "pages"),
        ("../shared/pages", "../shared/pages"),
        ("/home/ada/pages", "pages"),
        ("~/pages", "pages"),
        (r"C:\Users\ada\pages", "pages"),
    ],
)
def test_the_provenance_names_no_place_on_a_machine(path: str, kept: str) -> None:
    data = {
        "dataset": {"name": "ferry", "version": "1.0.0", "title": "Ferry", "description": "Three pages."},
        "source": [{"name": "pages", "path": path}],
    }
    made = provenance.settings(configuration.parse(data, Path("/somewhere/corpus.toml")))
    assert made["source"][0]["path"] == kept
    assert "somewhere" not in json.dumps(made)
