from __future__ import annotations

import dataclasses
import json
from pathlib import Path
from typing import TYPE_CHECKING, Any
from xml.etree import ElementTree as ET

import pytest
from pydantic import ValidationError
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from corpuskit import config as configuration
from corpuskit.check import Finding, Policy, Severity, examine, rules
from corpuskit.check.render import GITHUB_LIMIT, to_github, to_json, to_junit, to_sarif, to_text
from corpuskit.check.report import KEPT, Report, Sink
from corpuskit.errors import ConfigError

if TYPE_CHECKING:
    from tests.check.conftest import Release

NASTY = 'a title with ::error::, %0A, <b>, "quotes", \x00\x1b[31m and\nlines'


def report(*found: tuple[str, int], policy: Policy | None = None, pages: int = 1000) -> Report:
    sink = Sink(policy or Policy())
    for rule, count in found:
        sink.take(
            Finding(rule, NASTY, file="data/a b.parquet", document=f"{n:032x}", pointer="/title") for n in range(count)
        )
    return sink.report("dist/town-1.0.0", pages)


ALL = report(*((rule, 2) for rule in rules.load()))
SOME = report(("date-future", 3), ("title-is-site", 1))
NONE = report()


# --- what counts ---


def test_only_the_first_findings_are_kept_and_all_are_counted() -> None:
    made = report(("date-future", KEPT + 50))
    assert len(made.findings) == KEPT
    assert made.counts["date-future"].findings == made.counts["date-future"].pages == KEPT + 50


def test_pages_are_counted_once() -> None:
    sink = Sink(Policy())
    sink.take(Finding("row-schema", "x", document=document) for document in ("a", "a", "b"))
    assert (count := sink.report("p", 10).counts["row-schema"]).findings == 3
    assert count.pages == 2


@pytest.mark.parametrize(("rule", "failed"), [("date-future", True), ("title-is-site", False)])
def test_errors_fail_and_warnings_do_not(rule: str, *, failed: bool) -> None:
    assert report((rule, 1)).failed == failed


def test_severities_can_be_set() -> None:
    policy = Policy(severities={"date-future": Severity.WARNING, "title-is-site": None})
    made = report(("date-future", 1), ("title-is-site", 1), policy=policy)
    assert {rule: count.severity for rule, count in made.counts.items()} == {"date-future": Severity.WARNING}
    assert [finding.severity for finding in made.findings] == [Severity.WARNING]


@pytest.mark.parametrize(("found", "failed"), [(1, False), (2, True)])
@pytest.mark.parametrize("rule", ["date-future", "title-is-site"])
def test_a_budget_is_a_share_of_pages(rule: str, found: int, *, failed: bool) -> None:
    assert report((rule, found), policy=Policy(budgets={rule: 0.001}), pages=1000).failed == failed


SETTINGS: dict[str, Any] = {
    "dataset": {"name": "town", "version": "1.0.0", "title": "t", "description": "d"},
    "source": [{"name": "a", "path": "a"}],
}


def test_settings_become_a_policy(tmp_path: Path) -> None:
    rule = [{"id": "date-order", "severity": "off"}, {"id": "text-short", "severity": "error", "budget": 0.01}]
    data = {
        **SETTINGS,
        "validate": {"rule": rule},
        "schema": {"extends": "own.json"},
        "select": {"min_main_characters": 7},
    }
    policy = Policy.of(configuration.parse(data, tmp_path / "corpus.toml"))
    assert policy.severities == {"date-order": None, "text-short": Severity.ERROR}
    assert policy.budgets == {"text-short": 0.01}
    assert policy.extends == tmp_path / "own.json"
    assert policy.min_main_characters == 7


def test_settings_of_checks_have_no_part_in_the_content() -> None:
    checked = {**SETTINGS, "validate": {"rule": [{"id": "date-order", "severity": "off"}]}}
    assert configuration.parse(checked, Path("c")).digest() == configuration.parse(SETTINGS, Path("c")).digest()


def test_an_unknown_rule_is_an_error_with_a_guess() -> None:
    data = {**SETTINGS, "validate": {"rule": [{"id": "date-futur", "severity": "off"}]}}
    with pytest.raises(ConfigError, match="did you mean 'date-future'"):
        Policy.of(configuration.parse(data, Path("corpus.toml")))


def test_a_rule_that_is_off_is_not_reported(release: Release) -> None:
    release.edit("documents", 0, date="2000-01-01")
    release.seal()
    assert set(examine(release.path).counts) == {"date-basis"}
    assert examine(release.path, Policy(severities={"date-basis": None})).clean


# --- how it is written ---


def test_text_says_what_where_and_what_to_do() -> None:
    text = to_text([SOME])
    assert "error: date-future: " in text
    assert rules.load()["date-future"].do in text
    assert text.endswith("dist/town-1.0.0: 4 findings: 3 errors, 1 warnings\n")
    assert to_text([NONE]) == "dist/town-1.0.0: no findings\n"


def test_json_is_read_back() -> None:
    read = json.loads(to_json([SOME]))
    assert (read["failed"], read["pages"], len(read["findings"])) == (True, 1000, 4)
    assert read["counts"]["date-future"] == {"severity": "error", "findings": 3, "pages": 3, "budget": None}
    assert [Finding(**finding) for finding in read["findings"]] == list(SOME.findings)
    assert len(json.loads(to_json([SOME, NONE]))) == 2


def test_junit_has_a_case_for_each_rule_and_a_failure_for_each_error() -> None:
    suites = ET.fromstring(to_junit([SOME, NONE, ALL]))  # noqa: S314 - our own
    assert [suite.attrib["failures"] for suite in suites] == [
        "1",
        "0",
        str(sum(r.severity == "error" for r in rules.load().values())),
    ]
    for suite in suites:
        cases = suite.findall("testcase")
        assert {case.attrib["name"] for case in cases} == set(rules.load())
        assert int(suite.attrib["tests"]) == len(cases)
        assert int(suite.attrib["failures"]) == len(suite.findall("testcase/failure"))
    assert suites.find("testsuite/testcase[@name='title-is-site']/system-out") is not None


@pytest.mark.parametrize("reports", [[SOME], [NONE], [ALL], [SOME, ALL]])
def test_sarif_follows_its_schema(reports: list[Report]) -> None:
    written = to_sarif(reports)
    Sarif.model_validate_json(written)
    with pytest.raises(ValidationError, match="forbidden"):
        Sarif.model_validate_json(written.replace('"tool"', '"tools"', 1))
    log = json.loads(written)
    for run, made in zip(log["runs"], reports, strict=True):
        ids = [rule["id"] for rule in run["tool"]["driver"]["rules"]]
        assert [ids[result["ruleIndex"]] for result in run["results"]] == [finding.rule for finding in made.findings]


def commands(text: str) -> list[tuple[str, dict[str, str], str]]:
    """Read workflow commands as GitHub's runner does."""
    found = []
    for line in text.splitlines():
        head, _, message = line.removeprefix("::").partition("::")
        kind, _, properties = head.partition(" ")
        found.append((kind, dict(part.split("=", 1) for part in properties.split(",") if part), message))
    return found


def test_annotations_are_one_a_rule_with_counts() -> None:
    (kind, properties, message), other = commands(to_github([SOME]))
    assert (kind, other[0]) == ("error", "warning")
    assert properties == {"file": "dist/town-1.0.0/data/a b.parquet", "line": "1", "title": "corpuskit%3A date-future"}
    assert "(3 findings)" in message
    assert to_github([NONE]) == ""


def test_annotations_stay_under_the_limit_and_name_the_rest() -> None:
    found = commands(to_github([ALL, ALL]))
    kinds = [kind for kind, _, _ in found]
    assert kinds.count("error") == kinds.count("warning") == GITHUB_LIMIT
    assert set(kinds) == {"error", "warning"}  # no command came out of a finding's text
    listed = "".join(message + properties["title"] for _, properties, message in found)
    assert all(rule in listed for rule in rules.load())


def test_findings_print_as_a_line() -> None:
    finding = dataclasses.replace(SOME.findings[-1], message="lies after today")
    assert finding.rule == "date-future"
    assert str(finding) == f"error: date-future: data/a b.parquet {finding.document} /title: lies after today"
