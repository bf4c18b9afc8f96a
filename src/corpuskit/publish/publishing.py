"""``publish``: the release, the gate, the target, in that order."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from packaging.version import Version

from corpuskit.errors import PublishError
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.publish.credentials import refuse_in_address
from corpuskit.publish.gate import check_rights
from corpuskit.publish.patience import Patience
from corpuskit.publish.release import Release, open_release
from corpuskit.publish.report import Progress, PublishReport, silent

if TYPE_CHECKING:
    from corpuskit.publish.hub import HubRepository
    from corpuskit.publish.store import Store

_HUB: Final = re.compile(r"hf://datasets/(?P<repo>[\w.-]+/[\w.-]+)/?")
_REPO: Final = re.compile(r"[\w.-]+/[\w.-]+")
_VERSION: Final = re.compile(r"\d+\.\d+\.\d+")
_CANDIDATE: Final = re.compile(r"(?P<version>\d+\.\d+\.\d+)-rc\.(0|[1-9]\d*)")


def publish(  # noqa: PLR0913 - each is one thing a person may want to say
    release: Path | str,
    target: str,
    *,
    tag: str | None = None,
    hub: bool = False,
    dry_run: bool = False,
    previous: Path | str | None = None,
    private: bool = False,
    latest: bool = True,
    read_back: bool = True,
    progress: Progress | None = None,
    patience: Patience | None = None,
) -> PublishReport:
    """Bring a release to where others find it, check every byte of it there, and only then give it its name.

    Running it again completes what was interrupted; what has arrived is not sent again.

    Args:
        release: the folder of the release.
        target: ``hf://datasets/ORG/NAME``, or a folder or address that fsspec opens (``s3://bucket/path``).
        tag: the name it gets there; by default its version.  A release candidate is a tag, ``X.Y.Z-rc.N``: it never
            becomes the latest.
        hub: ``target`` is ``ORG/NAME`` on the Hub.
        dry_run: say what would be sent, and send nothing.
        previous: the release before, to foretell with ``dry_run`` how many bytes are new to the Hub; by default the
            one of the next lower version beside it.
        private: where the repository is created, create it as a private one.
        latest: whether readers who name no version get this one from now on, unless a later one is there.
        read_back: whether every byte is read back before the name is given, or only digests are compared.
        progress: is told how far it has come.
        patience: how often a step is tried, and how long a server may keep us waiting.

    Raises:
        ReleaseError: there is no sound release there.
        RightsError: it holds documents that may not be published.
        ReleaseDiffersError: another release has this name there.
        PublishError: a step cannot be done.
    """
    refuse_in_address(target)
    opened = open_release(Path(release))
    name = check_tag(opened, tag)
    check_rights(opened)
    place = _target(target, hub=hub, private=private, read_back=read_back, progress=progress, patience=patience)
    move = latest and name == opened.version
    if dry_run:
        outcome, plan = place.plan(opened, name)
        commit, moved = None, False
        new_bytes = place.forecast(opened, plan, previous_release(opened, previous))
    else:
        outcome, plan, commit, moved = place.publish(opened, name, latest=move)
        new_bytes = None
    return PublishReport(
        name=opened.name,
        version=opened.version,
        target=target,
        tag=name,
        outcome=outcome,
        sent=plan.missing,
        present=plan.present,
        sent_bytes=sum(opened.files[path].bytes for path in plan.missing),
        new_bytes=new_bytes,
        commit=commit,
        latest=moved,
    )


def check_tag(release: Release, tag: str | None) -> str:
    """Return the name to give ``release``: its version, or a candidate for it.

    Raises:
        PublishError: ``tag`` is neither.
    """
    if tag is None or tag == release.version:
        return release.version
    candidate = _CANDIDATE.fullmatch(tag)
    if candidate is None or candidate["version"] != release.version:
        raise PublishError(
            f"{tag!r} is no tag for version {release.version}",
            where=str(release.folder),
            remedy=f"It can be {release.version}, or a release candidate: {release.version}-rc.1.",
        )
    return tag


def _target(  # noqa: PLR0913 - as publish has them
    target: str,
    *,
    hub: bool,
    private: bool,
    read_back: bool,
    progress: Progress | None,
    patience: Patience | None,
) -> HubRepository | Store:
    from corpuskit.publish.hub import HubRepository
    from corpuskit.publish.store import Store

    found = _HUB.fullmatch(target)
    if found or hub:
        repo = found["repo"] if found else target
        if not _REPO.fullmatch(repo):
            raise PublishError(
                "is no dataset repository", where=target, remedy="Write it as ORG/NAME, or hf://datasets/ORG/NAME."
            )
        return HubRepository(
            repo,
            private=private,
            read_back=read_back,
            patience=patience or Patience(),
            progress=progress or silent,
        )
    return Store(target, patience=patience or Patience(), progress=progress or silent)


def previous_release(release: Release, named: Path | str | None) -> Path | None:
    """Return the folder of the release before: the one ``named``, or the next lower version beside ``release``.

    Raises:
        ReleaseError: there is no release where ``named`` says.
    """
    if named is not None:
        return open_release(Path(named)).folder
    found = {
        Version(path.name.removeprefix(f"{release.name}-")): path
        for path in release.folder.resolve().parent.glob(f"{release.name}-*")
        if _VERSION.fullmatch(path.name.removeprefix(f"{release.name}-")) and (path / MANIFEST).is_file()
    }
    lower = [version for version in found if version < Version(release.version)]
    return found[max(lower)] if lower else None
