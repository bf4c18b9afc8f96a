"""Whether a release is what it says it is."""

from corpuskit.check.findings import Finding, Severity
from corpuskit.check.release import validate, verify

__all__ = ["Finding", "Severity", "validate", "verify"]
