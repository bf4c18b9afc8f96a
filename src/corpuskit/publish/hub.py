"""Publishing to a dataset repository on the Hugging Face Hub.

A branch is filled, checked and loaded; only then is its commit tagged; only then does ``main`` follow, in one commit.
Whatever breaks in between leaves a branch that nobody is pointed to, and that the next attempt completes.

Why not ``upload_folder``: it may split into several commits, and guards only the first against a change in between.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property, partial
from typing import TYPE_CHECKING, Any, Final, TypeVar

from packaging.version import Version

from corpuskit.errors import PublishError, ReleaseDiffersError
from corpuskit.package.manifest import NAME as MANIFEST
from corpuskit.publish.forecast import new_bytes
from corpuskit.publish.hub_errors import meaning, passing, said
from corpuskit.publish.patience import PASSING, Patience, retry_after
from corpuskit.publish.report import Outcome, Plan, silent

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence
    from pathlib import Path

    from huggingface_hub import HfApi
    from huggingface_hub.hf_api import CommitOperation, RepoFile

    from corpuskit.publish.release import File, Release
    from corpuskit.publish.report import Progress

T = TypeVar("T")

MAIN: Final = "main"
KEPT: Final = (".gitattributes",)
"""Files of the repository's own, which are part of no release."""
BLANK: Final = (*KEPT, "README.md", "LICENSE")
"""What a repository may hold that nothing was published to yet."""
BATCH: Final = 100
"""Files in one commit on the branch: what was committed is not sent again after a break."""
_CHUNK: Final = 2**20


@dataclass(frozen=True)
class HubRepository:
    """A dataset repository, ``organisation/name``, as publishing sees it.

    ``endpoint`` is by default the one that ``HF_ENDPOINT`` names.  ``read_back`` says whether every byte is read from
    the Hub and digested before the commit is tagged, or only the digests that the Hub states are compared.
    """

    repo: str
    endpoint: str | None = None
    private: bool = False
    read_back: bool = True
    patience: Patience = field(default_factory=Patience)
    progress: Progress = silent

    @cached_property
    def api(self) -> HfApi:
        """The Hub's client; its token is the environment's or the Hub's own login."""
        from huggingface_hub import HfApi

        return HfApi(endpoint=self.endpoint, library_name="corpuskit")

    # --- the steps ---

    def plan(self, release: Release, tag: str) -> tuple[Outcome, Plan]:
        """Return what publishing ``release`` as ``tag`` would do; nothing is changed."""
        with self._bounded():
            refs = self._refs()
            if refs is None:
                return Outcome.PLANNED, Plan(tuple(release.files), (), ())
            self._check_kin(release)
            if commit := refs.tags.get(tag):
                self._check_same(commit, release, tag)
                return Outcome.SAME, Plan((), tuple(release.files), ())
            head = refs.branches.get(_branch(tag)) or refs.start(release.version)
            return Outcome.PLANNED, self._compare(head, release)

    def forecast(self, release: Release, plan: Plan, previous: Path | None) -> int:
        """Return how many bytes of what is to be sent the Hub does not have in chunks of the release before."""
        before = [path for path in previous.rglob("*") if path.is_file()] if previous else []
        return new_bytes((release.files[path].source for path in plan.missing), before)

    def publish(self, release: Release, tag: str, *, latest: bool) -> tuple[Outcome, Plan, str, bool]:
        """Bring ``release`` to the repository as ``tag``.

        Returns:
            What was done, what was sent, the commit that is tagged, and whether ``main`` is this release.

        Raises:
            PublishError: a step cannot be done; nothing is tagged that was not checked.
            ReleaseDiffersError: the tag names other files.
        """
        with self._bounded():
            self._ensure_repository()
            self._check_kin(release)
            commit = self._tags().get(tag)
            if commit is None:
                outcome, plan = Outcome.PUBLISHED, self._fill(release, tag)
                commit = self._head(_branch(tag))
                self._check_bytes(commit, release, tag)
                self._load(commit, release)
                self._ensure_tag(tag, commit)
            else:
                outcome, plan = Outcome.SAME, Plan((), tuple(release.files), ())
            self._check_same(commit, release, tag)
            self._load(tag, release, one=True)
            moved = latest and self._advance(commit, release)
            self._drop_branch(tag)
            return outcome, plan, commit, moved

    def _ensure_repository(self) -> None:
        def create() -> None:
            if self._refs() is None:
                self.api.create_repo(self.repo, repo_type="dataset", private=self.private or None, exist_ok=True)

        self._try(f"create the dataset repository {self.repo}", create)

    def _check_kin(self, release: Release) -> None:
        """Make sure that ``main`` holds a release of the same dataset, or none: publishing replaces what is there.

        Raises:
            PublishError: it holds something else.
        """
        files = self._files(MAIN)
        if set(files) <= set(BLANK):
            return
        held = self._manifest(MAIN).get("name") if MANIFEST in files else None
        if held != release.name:
            raise PublishError(
                f"it holds {f'the dataset {held!r}' if held else 'files that are no release'}, "
                f"and publishing {release.name!r} would replace them",
                where=f"{self.repo} on the Hub",
                remedy="Publish to another repository, or empty the branch main of this one first.",
            )

    def _fill(self, release: Release, tag: str) -> Plan:
        """Bring the tag's branch to hold the files of ``release`` and nothing else; say what that took."""
        from huggingface_hub import CommitOperationAdd

        branch = _branch(tag)
        self._ensure_branch(branch, release.version)
        start = self._compare(self._head(branch), release)

        def send(path: str) -> CommitOperation:
            return CommitOperationAdd(path, str(release.files[path].source))

        self._bring(branch, release, send, batch=BATCH)
        return start

    def _advance(self, commit: str, release: Release) -> bool:
        """Let ``main`` follow to ``commit`` unless it holds a later version; say whether it is this one."""
        from huggingface_hub import CommitOperationCopy

        def copy(path: str) -> CommitOperation:
            return CommitOperationCopy(path, path, src_revision=commit)

        def later(head: str) -> bool:
            held = self._manifest(head).get("version", "0") if MANIFEST in self._files(head) else "0"
            return Version(held) > Version(release.version)

        return self._bring(MAIN, release, copy, batch=len(release.files), unless=later)

    def _bring(
        self,
        branch: str,
        release: Release,
        operation: Callable[[str], CommitOperation],
        *,
        batch: int,
        unless: Callable[[str], bool] = lambda _: False,
    ) -> bool:
        """Commit to ``branch`` until it holds the files of ``release``, each time on the state that was looked at.

        Where ``unless`` says so of the branch's head it is left as it is; return whether it was not.
        """
        from huggingface_hub import CommitOperationDelete

        def commit() -> bool | None:
            """Make one commit where one is needed: ``None``, or whether the files are those of the release."""
            head = self._head(branch)
            if unless(head):
                return False
            plan = self._compare(head, release)
            self.progress("upload", len(plan.present), len(release.files))
            if plan.done:
                return True
            operations = [*map(operation, plan.missing[:batch]), *map(CommitOperationDelete, plan.extra)]
            self.api.create_commit(
                self.repo,
                operations,
                commit_message=f"Release {release.version}",
                repo_type="dataset",
                revision=branch,
                parent_commit=head,
            )
            return None

        rounds = 2 + len(release.files) // batch
        for _ in range(rounds):
            done = self._try(f"send files to {self.repo} (branch {branch})", commit, also=(409, 412))
            if done is not None:
                return done
        raise PublishError(
            "does not hold what was sent there, although every commit was accepted",
            where=f"{self.repo} on the Hub (branch {branch})",
            remedy="Nothing was tagged. Look at the branch on the Hub, delete it, and run the same command again.",
        )

    def _ensure_branch(self, branch: str, version: str) -> None:
        def create() -> None:
            refs = self._refs()
            if refs is not None and branch not in refs.branches:
                self.api.create_branch(
                    self.repo, branch=branch, revision=refs.start(version), repo_type="dataset", exist_ok=True
                )

        self._try(f"create the branch {branch} in {self.repo}", create)

    def _ensure_tag(self, tag: str, commit: str) -> None:
        def create() -> None:
            if tag not in self._tags():
                self.api.create_tag(
                    self.repo, tag=tag, revision=commit, repo_type="dataset", tag_message=None, exist_ok=True
                )

        self._try(f"tag {commit} in {self.repo}", create, also=(409,))
        if (found := self._tags().get(tag)) != commit:
            raise PublishError(
                f"the tag names {found or 'nothing'}, not {commit}",
                where=f"{self.repo} on the Hub, tag {tag}",
                remedy="Somebody else has published at the same time: see which of the two is meant.",
            )

    def _drop_branch(self, tag: str) -> None:
        """Take away the branch, which the tag has made superfluous."""
        branch = _branch(tag)

        def drop() -> None:
            if branch in self._branches():
                self.api.delete_branch(self.repo, branch=branch, repo_type="dataset")

        self._try(f"delete the branch {branch} in {self.repo}", drop)

    # --- looking ---

    def _refs(self) -> _Refs | None:
        """Return the branches and tags, or ``None`` where there is no such repository."""
        from huggingface_hub.errors import RepositoryNotFoundError

        def look() -> _Refs | None:
            try:
                refs = self.api.list_repo_refs(self.repo, repo_type="dataset")
            except RepositoryNotFoundError as error:
                if error.response.status_code == 404:
                    return None
                raise
            return _Refs(
                {ref.name: ref.target_commit for ref in refs.branches},
                {ref.name: ref.target_commit for ref in refs.tags},
            )

        return self._try(f"look at {self.repo}", look)

    def _branches(self) -> Mapping[str, str]:
        refs = self._refs()
        return refs.branches if refs else {}

    def _head(self, branch: str) -> str:
        """Return the commit that a branch names.

        Raises:
            PublishError: there is no such branch, although it was made.
        """
        if branch not in (branches := self._branches()):
            raise PublishError(
                f"has no branch {branch}",
                where=f"{self.repo} on the Hub",
                remedy="Somebody else has deleted it: wait until they are done, then run the same command again.",
            )
        return branches[branch]

    def _tags(self) -> Mapping[str, str]:
        refs = self._refs()
        return refs.tags if refs else {}

    def _files(self, revision: str) -> dict[str, RepoFile]:
        """Return the files at ``revision``, with what the Hub says of their size and digest."""
        from huggingface_hub.hf_api import RepoFile

        def look() -> dict[str, RepoFile]:
            entries = self.api.list_repo_tree(self.repo, recursive=True, revision=revision, repo_type="dataset")
            return {entry.path: entry for entry in entries if isinstance(entry, RepoFile)}

        return self._try(f"list the files of {self.repo} at {revision}", look)

    def _compare(self, revision: str, release: Release) -> Plan:
        """Compare the digests that the Hub states with those of ``release``."""
        found = self._files(revision)
        present = {path for path, file in release.files.items() if path in found and _same(found[path], file)}
        return Plan(
            missing=tuple(path for path in release.files if path not in present),
            present=tuple(path for path in release.files if path in present),
            extra=tuple(sorted(found.keys() - release.files.keys() - set(KEPT))),
        )

    def _check_same(self, commit: str, release: Release, tag: str) -> None:
        """Make sure that ``commit`` holds the files of ``release`` and nothing else.

        Raises:
            ReleaseDiffersError: it does not.
        """
        plan = self._compare(commit, release)
        if not plan.done:
            differing = [
                *(f"{path}: is missing or has other bytes" for path in plan.missing),
                *(f"{path}: is no part of the release" for path in plan.extra),
            ]
            listed = "\n  ".join(differing[:20])
            raise ReleaseDiffersError(
                f"the tag stands there already, and what it names differs:\n  {listed}",
                where=f"{self.repo} on the Hub, tag {tag}",
                remedy="What is published stays as it is: give the release a new version.",
            )

    def _read(self, path: str, commit: str) -> Iterator[bytes]:
        """Yield the bytes of a file as the Hub gives them out."""
        from huggingface_hub import hf_hub_url
        from huggingface_hub.utils import build_hf_headers, get_session, hf_raise_for_status

        url = hf_hub_url(self.repo, path, repo_type="dataset", revision=commit, endpoint=self.endpoint)
        with get_session().stream("GET", url, headers=build_hf_headers(), follow_redirects=True) as response:
            hf_raise_for_status(response)
            yield from response.iter_bytes(_CHUNK)

    def _manifest(self, revision: str) -> Mapping[str, Any]:
        def read() -> Mapping[str, Any]:
            try:
                held = json.loads(b"".join(self._read(MANIFEST, revision)))
            except ValueError:
                return {}
            return held if isinstance(held, dict) else {}

        return self._try(f"read {MANIFEST} of {self.repo} at {revision}", read)

    def _check_bytes(self, commit: str, release: Release, tag: str) -> None:
        """Read every file back from the Hub and digest it.

        Raises:
            PublishError: one is not what was sent.
        """
        for done, file in enumerate(release.files.values() if self.read_back else (), 1):
            self.progress("verify", done, len(release.files))
            digest = self._try(f"read {file.path} back from {self.repo}", partial(self._digest, file.path, commit))
            if digest != file.sha256:
                raise PublishError(
                    f"has the SHA-256 {digest} there and {file.sha256} in the release",
                    where=f"{file.path} in {self.repo} on the Hub, commit {commit}",
                    remedy="Nothing was tagged. Run the same command again; if it stays so, delete the branch "
                    f"{_branch(tag)} on the Hub first.",
                )

    def _digest(self, path: str, commit: str) -> str:
        digest = hashlib.sha256()
        for part in self._read(path, commit):
            digest.update(part)
        return digest.hexdigest()

    def _load(self, revision: str, release: Release, *, one: bool = False) -> None:
        """Open every config that has rows as a reader will, or only ``one``, and look at its first row.

        Raises:
            PublishError: one does not load.
        """
        wanted = [
            (name, split, made["rows"])
            for name, entry in release.manifest["configs"].items()
            for split, made in entry["splits"].items()
            if made["rows"]  # datasets cannot open a split without rows
        ][: 1 if one else None]
        for done, (name, split, rows) in enumerate(wanted, 1):
            self.progress("load", done, len(wanted))
            self._try(
                f"load {name}/{split} of {self.repo} at {revision}",
                partial(self._load_one, revision, name, split, rows),
            )

    def _load_one(self, revision: str, config: str, split: str, rows: int) -> None:
        from datasets import load_dataset  # a second and a half that only publishing pays

        with tempfile.TemporaryDirectory(prefix="corpuskit-") as cache:
            opened = load_dataset(self.repo, config, split=split, revision=revision, streaming=True, cache_dir=cache)
            stated = opened.info.splits[split].num_examples
            first = next(iter(opened), None)
        if first is None or stated != rows:
            raise PublishError(
                f"states {stated} rows and gives {'none' if first is None else 'some'}; the release has {rows}",
                where=f"{config}/{split} in {self.repo} on the Hub at {revision}",
                remedy="The card does not fit the data: run `corpuskit validate` on the release.",
            )

    # --- failing ---

    def _try(self, doing: str, step: Callable[[], T], also: Sequence[int] = ()) -> T:
        """Return what ``step`` returns, tried again where that may help; ``also`` are more statuses to try again on.

        Raises:
            PublishError: it cannot be done: what, where, and what to do about it.
        """
        return self.patience.attempt(step, partial(passing, also=also), partial(self._explain, doing))

    def _explain(self, doing: str, error: Exception) -> PublishError:
        what, remedy = meaning(error, self.repo)
        return PublishError(f"cannot {doing}: {what}\n  ({said(error)})", where=self.api.endpoint, remedy=remedy)

    @contextmanager
    def _bounded(self) -> Iterator[None]:
        """Keep the client quiet, and from waiting as long as any server asks.

        Its own retries honour Retry-After without end.
        """
        from huggingface_hub.utils import (
            are_progress_bars_disabled,
            disable_progress_bars,
            enable_progress_bars,
            get_session,
        )

        def look(response: Any) -> None:  # noqa: ANN401 - of whichever library the client uses
            if response.status_code in PASSING:
                self.patience.check(retry_after(response.headers))

        hooks = getattr(get_session(), "event_hooks", {"response": []})["response"]
        hooks.append(look)
        quiet = are_progress_bars_disabled()
        disable_progress_bars()
        try:
            yield
        finally:
            hooks.remove(look)
            if not quiet:
                enable_progress_bars()


@dataclass(frozen=True, slots=True)
class _Refs:
    """The names for commits that a repository has."""

    branches: Mapping[str, str]
    tags: Mapping[str, str]

    def start(self, version: str) -> str:
        """Return the commit to start a release from: the latest candidate for it, or what ``main`` is."""
        candidates = [tag for tag in self.tags if tag.startswith(f"{version}-rc.") and tag.rpartition(".")[2].isdigit()]
        latest = max(candidates, key=lambda tag: int(tag.rpartition(".")[2]), default=None)
        return self.tags[latest] if latest else self.branches[MAIN]


def _branch(tag: str) -> str:
    return f"release-{tag}"


def _same(remote: RepoFile, file: File) -> bool:
    """Whether the Hub's file has the bytes of the release's: by the SHA-256 of a large file, by git's id of another."""
    if remote.size != file.bytes:
        return False
    if remote.lfs is not None:
        return bool(remote.lfs.sha256 == file.sha256)
    data = file.source.read_bytes()
    return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest() == remote.blob_id
