"""What to make of findings: which count, how many are kept, and whether the whole is sound."""

from __future__ import annotations

import dataclasses
import difflib
from collections import Counter
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Final, Self

from corpuskit.check import rules
from corpuskit.check.findings import Severity
from corpuskit.errors import ConfigError

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from corpuskit.check.findings import Finding
    from corpuskit.config import Config

KEPT: Final = 100
"""Findings of one rule that are reported one by one; the rest are only counted, so that memory stays bounded."""

_OFF: Final = "off"


@dataclass(frozen=True, slots=True)
class Policy:
    """What is asked of a release.

    ``severities`` and ``budgets`` are by rule id; ``None`` turns a rule off.  A budget is the share of pages, 0 to 1,
    that may have a finding of the rule.  ``today`` is the day after which a date lies in the future.
    """

    severities: Mapping[str, Severity | None] = field(default_factory=dict)
    budgets: Mapping[str, float] = field(default_factory=dict)
    min_main_characters: int = 200
    min_survival: float = 0.5
    extends: Path | None = None
    today: date = field(default_factory=date.today)

    @classmethod
    def of(cls, config: Config) -> Self:
        """Return what the settings of a corpus ask for.

        Raises:
            ConfigError: they name a rule that there is not.
        """
        known = rules.load()
        for setting in config.validate.rule:
            if setting.id not in known:
                close = difflib.get_close_matches(setting.id, known, 1)
                raise ConfigError(
                    f"validate.rule: there is no rule {setting.id!r}"
                    + (f"; did you mean {close[0]!r}?" if close else ""),
                    remedy="The rules are listed in docs/rules.",
                )
        return cls(
            severities={
                setting.id: None if setting.severity == _OFF else Severity(setting.severity)
                for setting in config.validate.rule
                if setting.severity
            },
            budgets={setting.id: setting.budget for setting in config.validate.rule if setting.budget is not None},
            min_main_characters=config.select.min_main_characters,
            min_survival=config.select.min_survival,
            extends=config.folder / config.schema.extends if config.schema.extends else None,
        )

    def severity(self, rule: str) -> Severity | None:
        """Return how bad a finding of ``rule`` is; ``None`` where the rule is off."""
        return self.severities.get(rule, rules.load()[rule].severity)


@dataclass(frozen=True, slots=True)
class Count:
    """How often one rule found something: findings, and the documents they are about."""

    severity: Severity
    findings: int
    pages: int
    budget: float | None = None


@dataclass(frozen=True, slots=True)
class Report:
    """Everything that was found.  ``findings`` holds up to :data:`KEPT` of each rule, ``counts`` counts all."""

    path: str
    findings: tuple[Finding, ...]
    counts: Mapping[str, Count]
    pages: int

    @property
    def clean(self) -> bool:
        """Whether nothing was found."""
        return not self.counts

    @property
    def failed(self) -> bool:
        """Whether an error was found."""
        return any(count.severity is Severity.ERROR for count in self.counts.values())


class Sink:
    """Takes findings in, counts them and keeps the first of each rule."""

    def __init__(self, policy: Policy) -> None:
        self._policy = policy
        self._kept: dict[str, list[Finding]] = {}
        self._findings: Counter[str] = Counter()
        self._pages: Counter[str] = Counter()
        self._last: dict[str, str | None] = {}

    def take(self, findings: Iterable[Finding]) -> None:
        """Take ``findings`` in; those of rules that are off are dropped."""
        for finding in findings:
            rule = finding.rule
            severity = self._policy.severity(rule)
            if severity is None:
                continue
            self._findings[rule] += 1
            # The findings on one document come one after another, so that pages can be counted without a set of ids.
            if finding.document is None or self._last.get(rule) != finding.document:
                self._pages[rule] += 1
                self._last[rule] = finding.document
            kept = self._kept.setdefault(rule, [])
            if len(kept) < KEPT:
                kept.append(dataclasses.replace(finding, severity=severity))

    def report(self, path: str, pages: int) -> Report:
        """Return what was found in the release at ``path``, which has ``pages`` documents."""
        counts = {rule: self._count(rule, pages) for rule in rules.load() if self._findings[rule]}
        findings = tuple(
            dataclasses.replace(finding, severity=count.severity)
            for rule, count in counts.items()
            for finding in self._kept[rule]
        )
        return Report(path, findings, counts, pages)

    def _count(self, rule: str, pages: int) -> Count:
        """Count one rule.  Within its budget it gives warnings, above it errors."""
        severity, budget = self._policy.severity(rule), self._policy.budgets.get(rule)
        if budget is not None:
            severity = Severity.WARNING if self._pages[rule] <= budget * pages else Severity.ERROR
        return Count(severity or Severity.ERROR, self._findings[rule], self._pages[rule], budget)
