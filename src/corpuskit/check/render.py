"""Findings in the formats that people and machines read."""

from __future__ import annotations

import dataclasses
import json
import re
from pathlib import PurePath
from typing import TYPE_CHECKING, Any, Final
from urllib.parse import quote
from xml.etree import ElementTree as ET

from corpuskit.check import rules
from corpuskit.check.findings import Severity
from corpuskit.version import __version__

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from corpuskit.check.findings import Finding
    from corpuskit.check.report import Count, Report


SARIF_SCHEMA: Final = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"

GITHUB_LIMIT: Final = 10
"""Annotations of one type that GitHub shows of a step; it drops the rest in silence."""

GITHUB_LENGTH: Final = 4_000
"""Characters of a message; GitHub cuts annotations at 64 KB, and nobody reads that far."""

_NOT_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def to_text(reports: Sequence[Report]) -> str:
    """Return text for people: each rule with its count, its first findings, and what to do."""
    return "".join(f"{line}\n" for report in reports for line in _lines(report))


def _lines(report: Report) -> Iterator[str]:
    for rule, count in report.counts.items():
        found = [finding for finding in report.findings if finding.rule == rule]
        yield f"{count.severity}: {rule}: {rules.load()[rule].summary} {_counted(count, report.pages)}"
        for finding in found[:10]:
            yield f"    {_place(finding)}{finding.message}"
        if count.findings > len(found[:10]):
            yield f"    and {count.findings - len(found[:10])} more"
        yield f"    {rules.load()[rule].do}"
    errors = sum(count.findings for count in report.counts.values() if count.severity is Severity.ERROR)
    warnings = sum(count.findings for count in report.counts.values()) - errors
    if report.clean:
        yield f"{report.path}: no findings"
    else:
        yield f"{report.path}: {errors + warnings} findings: {errors} errors, {warnings} warnings"


def to_dict(report: Report) -> dict[str, Any]:
    """Return a report as JSON has it."""
    return {
        "path": report.path,
        "pages": report.pages,
        "failed": report.failed,
        "counts": {rule: dataclasses.asdict(count) for rule, count in report.counts.items()},
        "findings": [dataclasses.asdict(finding) for finding in report.findings],
    }


def to_json(reports: Sequence[Report]) -> str:
    """Return one report as an object, more as a list of them."""
    value = to_dict(reports[0]) if len(reports) == 1 else [to_dict(report) for report in reports]
    return json.dumps(value, indent=2, ensure_ascii=False) + "\n"


def to_junit(reports: Sequence[Report]) -> str:
    """Return JUnit XML: a suite for each path, a case for each rule; errors are failures, warnings standard output."""
    suites = ET.Element("testsuites", name="corpuskit validate")
    for report in reports:
        failed = [rule for rule, count in report.counts.items() if count.severity is Severity.ERROR]
        suite = ET.SubElement(
            suites,
            "testsuite",
            name=_xml(report.path),
            tests=str(len(rules.load())),
            failures=str(len(failed)),
            errors="0",
            skipped="0",
        )
        for rule in rules.load().values():
            case = ET.SubElement(suite, "testcase", classname=f"corpuskit.{rule.level}", name=rule.id)
            if rule.id not in report.counts:
                continue
            count = report.counts[rule.id]
            lines = "\n".join(f"{_place(f)}{f.message}" for f in report.findings if f.rule == rule.id)
            summary = f"{rule.summary} {_counted(count, report.pages)}"
            if count.severity is Severity.ERROR:
                ET.SubElement(case, "failure", type=rule.id, message=_xml(summary)).text = _xml(lines)
            else:
                ET.SubElement(case, "system-out").text = _xml(f"{summary}\n{lines}")
    ET.indent(suites)
    return ET.tostring(suites, encoding="unicode", xml_declaration=True) + "\n"


def to_sarif(reports: Sequence[Report]) -> str:
    """Return SARIF 2.1.0 (OASIS): a run for each path."""
    index = {rule: number for number, rule in enumerate(rules.load())}
    log = {"$schema": SARIF_SCHEMA, "version": "2.1.0", "runs": [_run(report, index) for report in reports]}
    return json.dumps(log, indent=2, ensure_ascii=False) + "\n"


def _run(report: Report, index: dict[str, int]) -> dict[str, Any]:
    return {
        "tool": {
            "driver": {
                "name": "corpuskit",
                "version": __version__,
                "semanticVersion": __version__,
                "rules": [
                    {
                        "id": rule.id,
                        "shortDescription": {"text": rule.summary},
                        "fullDescription": {"text": rule.why},
                        "help": {"text": rule.do},
                        "defaultConfiguration": {"level": rule.severity.value},
                        "properties": {"level": rule.level},
                    }
                    for rule in rules.load().values()
                ],
            }
        },
        "invocations": [{"executionSuccessful": True}],
        "columnKind": "unicodeCodePoints",
        "results": [_result(finding, report, index) for finding in report.findings],
        "properties": {
            "pages": report.pages,
            "counts": {rule: count.findings for rule, count in report.counts.items()},
        },
    }


def _result(finding: Finding, report: Report, index: dict[str, int]) -> dict[str, Any]:
    file = str(PurePath(report.path) / finding.file) if finding.file else report.path
    location: dict[str, Any] = {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(PurePath(file).as_posix())},
            "region": {"startLine": finding.line or 1},
        }
    }
    if finding.document or finding.pointer:
        name = f"{finding.document or ''}{finding.pointer or ''}"
        location["logicalLocations"] = [{"fullyQualifiedName": name, "kind": "element"}]
    return {
        "ruleId": finding.rule,
        "ruleIndex": index[finding.rule],
        "level": finding.severity.value,
        "message": {"text": f"{_place(finding)}{finding.message}"},
        "locations": [location],
    }


def to_github(reports: Sequence[Report]) -> str:
    """Return workflow commands: one annotation a rule, with counts; what is over GitHub's limit in the last one."""
    lines: list[str] = []
    for severity in Severity:
        found = [
            (report, rule, count)
            for report in reports
            for rule, count in report.counts.items()
            if count.severity is severity
        ]
        shown = found if len(found) <= GITHUB_LIMIT else found[: GITHUB_LIMIT - 1]
        lines += [_annotation(report, rule, count) for report, rule, count in shown]
        if rest := found[len(shown) :]:
            listed = ", ".join(f"{rule} ({count.findings})" for _, rule, count in rest)
            lines.append(f"::{severity} title=corpuskit%3A {len(rest)} more rules::{_escape(listed)}")
    return "".join(f"{line}\n" for line in lines)


def _annotation(report: Report, rule: str, count: Count) -> str:
    first = next(finding for finding in report.findings if finding.rule == rule)
    file = PurePath(report.path) / first.file if first.file else None
    where = f"file={_escape_property(file.as_posix())},line={first.line or 1}," if file else ""
    message = (
        f"{report.path}: {rules.load()[rule].summary} {_counted(count, report.pages)}\n"
        f"First: {_place(first)}{first.message}\n{rules.load()[rule].do}"
    )
    return (
        f"::{count.severity} {where}title={_escape_property(f'corpuskit: {rule}')}::{_escape(message[:GITHUB_LENGTH])}"
    )


def _escape(text: str) -> str:
    """Escape as GitHub's toolkit does: a finding's text must not become a command of its own."""
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _escape_property(text: str) -> str:
    return _escape(text).replace(":", "%3A").replace(",", "%2C")


def _place(finding: Finding) -> str:
    line = f"line {finding.line}" if finding.line else None
    place = " ".join(part for part in (finding.file, line, finding.document, finding.pointer) if part)
    return f"{place}: " if place else ""


def _counted(count: Count, pages: int) -> str:
    budget = f", budget {count.budget:.2%} of {pages} pages" if count.budget is not None else ""
    return f"({count.findings} {'finding' if count.findings == 1 else 'findings'}{budget})"


def _xml(text: str) -> str:
    return _NOT_XML.sub("�", text)
