"""Publishing to a Hub: what arrives, in which order, and what is left when something breaks."""

from __future__ import annotations

import hashlib
import shutil
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import pytest

import corpuskit as ck
from corpuskit.errors import CorpuskitError, PublishError, ReleaseDiffersError, ReleaseError

from .conftest import Fault, Waits, make_release

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpuskit.publish import PublishReport

    from .conftest import Loopback

TARGET = "hf://datasets/harbour/ferry"


def publish(folder: Path, **options: Any) -> PublishReport:  # noqa: ANN401 - as publish has them
    return ck.publish(folder, TARGET, **{"patience": Waits().patience(), **options})


def held(hub: Loopback, revision: str) -> dict[str, str]:
    """The SHA-256 of each file that the Hub has at a revision."""
    commit = hub.repositories["harbour/ferry"].resolve(revision)
    return {
        path: hashlib.sha256(hub.content(blob)).hexdigest()
        for path, blob in commit.tree.items()
        if path != ".gitattributes"
    }


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_a_release_is_published_tagged_and_loaded_by_its_tag(hub: Loopback, built: tuple[Path, Path]) -> None:
    from datasets import load_dataset

    report = publish(built[0])
    assert (report.outcome, report.tag, report.latest) == ("published", "1.0.0", True)
    assert set(report.sent) == set(digests(built[0]))
    assert held(hub, "1.0.0") == held(hub, "main") == digests(built[0])
    repository = hub.repositories["harbour/ferry"]
    assert repository.tags == {"1.0.0": report.commit}
    assert set(repository.branches) == {"main"}
    documents = load_dataset("harbour/ferry", revision="1.0.0", split="train")
    assert sorted(documents["title"]) == ["A lighthouse is for sale", "The ferry runs again"]


def test_each_version_is_loaded_and_compared_by_its_tag(
    hub: Loopback, built: tuple[Path, Path], unloaded: list[str]
) -> None:
    for release in built:
        publish(release)
    assert unloaded
    for version, said in (("1.0.0", "The last boat back"), ("1.1.0", "The first boat back"), (None, "The first boat")):
        for where in ("harbour/ferry", TARGET):
            documents: Any = ck.load(where, version=version, split="train")
            assert all(said in text for text in documents["text"])
    with pytest.raises(ReleaseError, match=r"there is no version 2\.0\.0; there are 1\.0\.0, 1\.1\.0"):
        ck.load("harbour/ferry", version="2.0.0")
    hub.log.clear()
    there = ck.diff(f"{TARGET}@1.0.0", f"{TARGET}@1.1.0")
    assert hub.log
    assert there.configs == ck.diff(*built).configs
    assert there.configs["documents"].changed == 2
    assert ck.diff(built[0], f"{TARGET}@1.0.0").configs["documents"].same


def test_publishing_again_changes_nothing(hub: Loopback, releases: tuple[Path, Path], unloaded: list[str]) -> None:
    first = publish(releases[0])
    before = dict(hub.repositories["harbour/ferry"].commits)
    again = publish(releases[0])
    assert (again.outcome, again.sent, again.commit) == ("same", (), first.commit)
    assert hub.repositories["harbour/ferry"].commits == before
    assert unloaded[-1] == "1.0.0"


def test_the_next_release_replaces_the_files_of_main_and_leaves_the_tags(
    hub: Loopback,
    built: tuple[Path, Path],
    unloaded: list[str],
) -> None:
    publish(built[0])
    report = publish(built[1])
    assert held(hub, "1.0.0") == digests(built[0])
    assert held(hub, "1.1.0") == held(hub, "main") == digests(built[1])
    same = {path for path, digest in digests(built[0]).items() if digests(built[1])[path] == digest}
    assert set(report.present) == same != set()
    assert unloaded


def test_an_older_release_is_tagged_but_does_not_become_the_latest(
    hub: Loopback,
    releases: tuple[Path, Path],
    unloaded: list[str],
) -> None:
    publish(releases[1])
    assert not publish(releases[0]).latest
    assert held(hub, "main") == digests(releases[1])
    assert held(hub, "1.0.0") == digests(releases[0])
    assert unloaded


def test_a_candidate_is_only_a_tag_and_the_release_after_it_sends_nothing(
    hub: Loopback,
    releases: tuple[Path, Path],
    unloaded: list[str],
) -> None:
    candidate = publish(releases[0], tag="1.0.0-rc.1")
    assert not candidate.latest
    assert set(held(hub, "main")) == set()
    report = publish(releases[0])
    assert (report.sent, report.latest) == ((), True)
    assert held(hub, "1.0.0-rc.1") == held(hub, "1.0.0") == held(hub, "main") == digests(releases[0])
    assert unloaded


@pytest.mark.parametrize("tag", ["v1.0.0", "1.0.1", "1.0.1-rc.1", "1.0.0-rc", "1.0.0-rc.01", "latest", "main"])
def test_a_tag_says_the_version_or_a_candidate_for_it(releases: tuple[Path, Path], tag: str) -> None:
    with pytest.raises(PublishError, match="is no tag for version"):
        publish(releases[0], tag=tag)


def test_other_files_under_the_same_tag_are_refused(
    hub: Loopback,
    releases: tuple[Path, Path],
    unloaded: list[str],
    tmp_path: Path,
) -> None:
    publish(releases[0])
    other = make_release(tmp_path / "other", more="There was no boat back.")
    with pytest.raises(ReleaseDiffersError, match=r"data/documents/train-00000-of-00001\.parquet"):
        publish(other)
    assert held(hub, "1.0.0") == digests(releases[0])
    assert unloaded


def test_a_repository_with_something_else_in_it_is_left_alone(
    hub: Loopback,
    server: Loopback,
    releases: tuple[Path, Path],
) -> None:
    repository = hub.repositories["harbour/ferry"] = server.Repository("harbour/ferry")
    repository.commit("main", {"weights.bin": server.Blob(3, b"abc")}, "somebody's own")
    with pytest.raises(PublishError, match="would replace them"):
        publish(releases[0])
    assert list(repository.branches) == ["main"]
    assert repository.tags == {}


def test_a_damaged_release_is_not_published(hub: Loopback, releases: tuple[Path, Path], tmp_path: Path) -> None:
    copy = tmp_path / releases[0].name
    shutil.copytree(releases[0], copy)
    path = copy / "data" / "documents" / "train-00000-of-00001.parquet"
    path.write_bytes(path.read_bytes()[:-1] + b"?")
    with pytest.raises(CorpuskitError, match="is not what was released"):
        publish(copy)
    assert hub.log == []


def test_a_dry_run_sends_nothing(hub: Loopback, releases: tuple[Path, Path], unloaded: list[str]) -> None:
    report = publish(releases[0], dry_run=True)
    assert (report.outcome, set(report.sent)) == ("planned", set(digests(releases[0])))
    assert hub.repositories == {}
    publish(releases[0])
    hub.log.clear()
    report = publish(releases[1], dry_run=True)
    assert report.sent_bytes == sum((releases[1] / path).stat().st_size for path in report.sent)
    assert {request.method for request in hub.log} == {"GET"}
    assert publish(releases[0], dry_run=True).outcome == "same"
    assert unloaded


@pytest.mark.filterwarnings("ignore:Use 'content=")  # the client's own, of its HTTP library
def test_git_lfs_does_where_xet_is_switched_off(
    hub: Loopback,
    releases: tuple[Path, Path],
    unloaded: list[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_DISABLE_XET", True)
    publish(releases[0])
    routes = [request.route for request in hub.log]
    assert "upload" in routes
    assert "xet" not in routes
    assert held(hub, "1.0.0") == digests(releases[0])
    assert unloaded


def test_what_does_not_load_is_not_tagged(
    hub: Loopback,
    releases: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def fail(*_: object, **__: object) -> None:
        message = "no such builder"
        raise ValueError(message)

    monkeypatch.setattr("datasets.load_dataset", fail)
    with pytest.raises(PublishError, match="cannot load documents/train of harbour/ferry"):
        publish(releases[0])
    assert hub.repositories["harbour/ferry"].tags == {}
    assert set(held(hub, "main")) == set()


# --- what breaks ---

ROUTES = (
    "refs",
    "create",
    "tree",
    "branch",
    "yaml",
    "preupload",
    "xet",
    "commit",
    "resolve",
    "tag",
    "paths",
    "unbranch",
)
"""Every kind of request that publishing makes, in the order of its first."""

PASSING = ("429", "500", "503", "drop", "lose")
"""What is over after one time: publishing goes on by itself."""

LASTING = ("401", "403", "404", "409", "412", "429", "500", "drop", "lose")
"""What goes on: publishing fails, says why, and completes when it is run again."""


def matrix(kinds: tuple[str, ...]) -> Iterator[Any]:
    """Every kind of fault at every step; each step and each kind once in a quick run, the rest in a slow one."""
    for row, route in enumerate(ROUTES):
        for column, kind in enumerate(kinds):
            quick = row % len(kinds) == column
            yield pytest.param(Fault(route, kind), marks=[] if quick else [pytest.mark.slow], id=f"{route}-{kind}")


def sound(hub: Loopback, release: Path, before: dict[str, str]) -> None:
    """No tag names missing or wrong files, and main is the old release or the new one, whole."""
    repository = hub.repositories.get("harbour/ferry")
    for tag in repository.tags if repository else ():
        assert held(hub, tag) == (digests(release) if tag == "1.1.0" else before)
    if repository:
        main = held(hub, "main")
        assert main in (before, digests(release), {})
        assert main != digests(release) or "1.1.0" in repository.tags


@pytest.mark.parametrize("fault", list(matrix(PASSING)))
def test_what_passes_is_waited_for(
    hub: Loopback, releases: tuple[Path, Path], unloaded: list[str], fault: Fault
) -> None:
    hub.meddle = fault.meddler(hub.module)
    report = publish(releases[1])
    assert fault.hit == 1
    assert report.latest
    assert held(hub, "1.1.0") == held(hub, "main") == digests(releases[1])
    assert hub.repositories["harbour/ferry"].tags == {"1.1.0": report.commit}
    assert unloaded


@pytest.mark.parametrize("fault", list(matrix(LASTING)))
def test_what_lasts_leaves_nothing_wrong_and_a_retry_completes(
    hub: Loopback, releases: tuple[Path, Path], unloaded: list[str], fault: Fault
) -> None:
    before: dict[str, str] = {}
    if fault.route != "create":
        publish(releases[0])
        before = digests(releases[0])
    lasting = Fault(fault.route, fault.kind, times=10**6)
    hub.meddle = lasting.meddler(hub.module)
    with suppress(PublishError):  # some faults are survived
        publish(releases[1], patience=Waits().patience(2))
    assert lasting.hit
    sound(hub, releases[1], before)
    hub.meddle = None
    report = publish(releases[1])
    assert held(hub, "1.1.0") == held(hub, "main") == digests(releases[1])
    assert hub.repositories["harbour/ferry"].tags["1.1.0"] == report.commit
    assert set(hub.repositories["harbour/ferry"].branches) == {"main"}
    assert unloaded


def test_bytes_that_are_not_the_releases_are_found_before_the_tag(hub: Loopback, releases: tuple[Path, Path]) -> None:
    hub.meddle = Fault("resolve", "cut", skip=3).meddler(hub.module)
    with pytest.raises(PublishError, match=r"has the SHA-256 .* there and .* in the release"):
        publish(releases[0])
    assert hub.repositories["harbour/ferry"].tags == {}
    assert held(hub, "main") == {}
    hub.meddle = None
    assert publish(releases[0]).latest


# --- what is said ---

SAID = (
    (Fault("create", "401", 10**6), "does not accept the token", "hf auth login"),
    (Fault("create", "403", 10**6), "the token may not write to harbour", "write access to harbour"),
    (Fault("create", "404", 10**6), "there is no such thing on the Hub", "the user or organisation must exist"),
    (Fault("commit", "412", 10**6), "somebody else is changing it", "Wait until they are done"),
    (Fault("refs", "500", 10**6), "made to fail with 500", "what has arrived is not sent again"),
    (Fault("commit", "drop", 10**6), "the Hub cannot be reached", "what has arrived is not sent again"),
    (Fault("commit", "429", 10**6, headers={"Retry-After": "3"}), "too many requests", "Wait some minutes"),
    (
        Fault("commit", "429", 10**6, headers={"Retry-After": "86400"}),
        "asks to wait 86,400 seconds",
        "Run the same command again after that",
    ),
    (
        Fault("preupload", "429", 10**6, headers={"Retry-After": "86400"}),
        "asks to wait 86,400 seconds",
        "Run the same command again after",
    ),
)


@pytest.mark.parametrize(("fault", "what", "remedy"), SAID, ids=[f"{said[0].route}-{said[0].kind}" for said in SAID])
def test_an_error_says_what_happened_where_and_what_to_do(
    hub: Loopback, releases: tuple[Path, Path], fault: Fault, what: str, remedy: str
) -> None:
    hub.meddle = fault.meddler(hub.module)
    waits = Waits()
    with pytest.raises(PublishError) as caught:
        publish(releases[0], patience=waits.patience(3))
    assert what in str(caught.value)
    assert remedy in str(caught.value.remedy)
    assert waits.waited in ([], [3.0, 3.0], [1.0, 2.0])


def test_a_short_wait_that_is_asked_for_is_kept(
    hub: Loopback, releases: tuple[Path, Path], unloaded: list[str]
) -> None:
    hub.meddle = Fault("commit", "429", headers={"Retry-After": "7"}).meddler(hub.module)
    waits = Waits()
    publish(releases[0], patience=waits.patience())
    assert waits.waited == [7.0]
    assert unloaded


def test_where_the_hub_is_switched_off_it_says_so(
    hub: Loopback, releases: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("huggingface_hub.constants.HF_HUB_OFFLINE", True)
    with pytest.raises(PublishError, match="Unset HF_HUB_OFFLINE"):
        publish(releases[0])
    assert hub.log == []


@pytest.mark.parametrize("token", ["hf_strangerstranger", "hf_unknownunknown", None])
def test_who_may_not_write_is_told_so_and_writes_nothing(
    hub: Loopback, releases: tuple[Path, Path], monkeypatch: pytest.MonkeyPatch, token: str | None
) -> None:
    if token:
        monkeypatch.setenv("HF_TOKEN", token)
    else:
        monkeypatch.delenv("HF_TOKEN")
    with pytest.raises(PublishError, match="token"):
        publish(releases[0])
    assert hub.repositories == {}
