"""A release whose version means something: built, compared with the one before it, refused where it is too low."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from corpuskit import config as configuration
from corpuskit.errors import ReleaseError, VersionError
from corpuskit.package.bump import Bump, numbers, raised
from corpuskit.package.changes import CHANGELOG
from corpuskit.package.reference import previous
from corpuskit.pipeline import build

if TYPE_CHECKING:
    from corpuskit.config import Config
    from corpuskit.package.difference import Diff
    from corpuskit.pipeline import BuildReport, Progress


@dataclass(frozen=True, slots=True)
class ReleaseReport:
    """What ``release`` did, or with ``dry_run`` would do.

    Attributes:
        version: the version in the settings.
        least_version: the least version that the changes allow; ``None`` for a first release.
        previous: the release compared with, if there is one.
        diff: what differs from it.
        changelog: the text of ``CHANGELOG.md``.
        report: what the build did; ``None`` where nothing was written.
    """

    version: str
    least_version: str | None
    previous: Path | None
    diff: Diff | None
    changelog: str
    report: BuildReport | None

    @property
    def unchanged(self) -> bool:
        """Whether the version stands there already, and what would be built now does not differ from it."""
        return self.diff is not None and not self.diff.reasons and self.diff.before.version == self.version

    @property
    def allowed(self) -> bool:
        """Whether the version is as high as the changes ask for, and the policy allows them."""
        if self.diff is None or self.least_version is None or self.unchanged:
            return True
        return self.diff.refused is None and numbers(self.version) >= numbers(self.least_version)


class _NotWritten(Exception):  # noqa: N818 - it ends a dry run, which is no error
    """Ends a build before its release takes its place."""


def release(
    config: Config | Path | str = "corpus.toml",
    *,
    dist: Path | str | None = None,
    workers: int | None = None,
    dry_run: bool = False,
    progress: Progress | None = None,
) -> ReleaseReport:
    """Build the release that ``config`` describes, if its version is as high as its changes ask for.

    Where the version stands in ``dist`` already, a dry run compares with that one, to say what the next is to be
    called.

    Raises:
        VersionError: the version is lower than the changes ask for, or the policy allows no version.
        ReleaseDiffersError: this version stands there already, with other bytes.
        CorpuskitError: as for :func:`corpuskit.pipeline.build`.
    """
    if not isinstance(config, configuration.Config):
        config = configuration.load(config)
    target = Path(dist) if dist is not None else config.folder / "dist"
    dataset = config.dataset
    if dry_run and (target / f"{dataset.name}-{dataset.version}").exists():
        # Any later version has the same rows: which it is to be is what a dry run finds out.
        config = dataclasses.replace(
            config, dataset=dataclasses.replace(dataset, version=raised(dataset.version, Bump.MAJOR))
        )
    before = previous(target, dataset.name, config.dataset.version)
    held: list[ReleaseReport] = []

    def approve(folder: Path, found: Diff | None) -> None:
        least = None if found is None else found.least_version
        changelog = (folder / CHANGELOG).read_text(encoding="utf-8")
        if config.dataset.version != dataset.version and least is not None:
            changelog = changelog.replace(f"## {config.dataset.version}", f"## {least}", 1)
        report = ReleaseReport(dataset.version, least, before, found, changelog, None)
        held.append(report)
        if dry_run:
            raise _NotWritten
        _must_be_allowed(report)

    try:
        made = build(config, dist=target, workers=workers, progress=progress, approve=approve)
    except _NotWritten:
        return held[0]
    return dataclasses.replace(held[0], report=made)


def _must_be_allowed(report: ReleaseReport) -> None:
    """Refuse a version that is too low, and changes that the policy does not allow."""
    if report.allowed:
        return
    found = report.diff
    if found is None or not found.reasons:
        raise ReleaseError(f"the version {report.version} is too low", remedy=f"Make it {report.least_version}.")
    listed = "\n  ".join(reason.what for reason in found.reasons if reason.bump is found.bump)
    if found.refused is not None:
        raise VersionError(
            f"the policy {found.policy} allows additions only; compared with {report.previous} there are\n  {listed}",
            where=f"dataset.version {report.version}",
            remedy="Leave what was there as it was, or change version.policy in corpus.toml.",
        )
    raise VersionError(
        f"is too low: compared with {report.previous} there are\n  {listed}",
        where=f"dataset.version {report.version}",
        remedy=f'Set version = "{report.least_version}" (or a later one) under [dataset] in corpus.toml.',
    )
