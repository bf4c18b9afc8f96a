"""Whether a release is what it says it is, and what CI runs make of it."""

from corpuskit.check.findings import Finding, Severity
from corpuskit.check.release import examine, validate, verify, verify_report
from corpuskit.check.report import Count, Policy, Report

__all__ = [
    "Count",
    "Finding",
    "Policy",
    "Report",
    "Severity",
    "examine",
    "validate",
    "verify",
    "verify_report",
]
