"""Publishing to stores of files: a folder, memory, and S3 as moto serves it."""

from __future__ import annotations

import hashlib
import json
import logging
from contextlib import suppress
from typing import TYPE_CHECKING, Any

import fsspec
import pytest

import corpuskit as ck
from corpuskit.errors import PublishError, ReleaseDiffersError

from .conftest import Waits, make_release
from .proxy import Break, Proxy

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from corpuskit.publish import PublishReport


def publish(folder: Path, target: str | Path, **options: Any) -> PublishReport:  # noqa: ANN401 - as publish has them
    return ck.publish(folder, str(target), **{"patience": Waits().patience(2), **options})


def digests(folder: Path) -> dict[str, str]:
    return {
        path.relative_to(folder).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in folder.rglob("*")
        if path.is_file()
    }


def held(target: str) -> dict[str, str]:
    """The SHA-256 of each file in a store."""
    fs, root = fsspec.core.url_to_fs(target, use_listings_cache=False)
    return {path[len(root) :].strip("/"): hashlib.sha256(fs.cat_file(path)).hexdigest() for path in fs.find(root)}


def latest(target: str) -> dict[str, str]:
    fs, root = fsspec.core.url_to_fs(target, use_listings_cache=False)
    found: dict[str, str] = json.loads(fs.cat_file(f"{root}/ferry/latest.json"))
    return found


@pytest.fixture(scope="session")
def moto() -> Iterator[Proxy]:
    """S3 on loopback, behind a proxy."""
    from moto.server import ThreadedMotoServer

    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer(ip_address="127.0.0.1", port=0, verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    with Proxy(f"http://{host}:{port}") as proxy:
        yield proxy
    server.stop()


@pytest.fixture
def s3(moto: Proxy, monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Proxy]:
    for name, value in (
        ("AWS_ENDPOINT_URL", moto.url),
        ("AWS_ACCESS_KEY_ID", "AKIALOOPBACKLOOPBACK"),
        ("AWS_SECRET_ACCESS_KEY", "loopback-secret"),
        ("AWS_DEFAULT_REGION", "us-east-1"),
        ("AWS_MAX_ATTEMPTS", "1"),
        ("AWS_CONFIG_FILE", str(tmp_path / "none")),
        ("AWS_SHARED_CREDENTIALS_FILE", str(tmp_path / "none")),
    ):
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("s3fs.core.S3FileSystem.retries", 1)
    fs = fsspec.filesystem("s3", use_listings_cache=False)
    fs.mkdir("corpora")
    moto.log.clear()
    yield moto
    moto.fault = None
    fs.rm("corpora", recursive=True)


@pytest.fixture(params=["folder", "memory", "s3"])
def target(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """A store of each kind."""
    if request.param == "folder":
        yield str(tmp_path / "store")
    elif request.param == "memory":
        yield "memory://corpora"
        fsspec.filesystem("memory").rm("/corpora", recursive=True)
    else:
        request.getfixturevalue("s3")
        yield "s3://corpora/of/news"


def test_a_release_is_published_and_pointed_to(target: str, releases: tuple[Path, Path]) -> None:
    report = publish(releases[0], target)
    assert (report.outcome, report.latest, report.commit) == ("published", True, None)
    found = held(target)
    found.pop("ferry/latest.json")
    assert found == {f"ferry/ferry-1.0.0/{path}": digest for path, digest in digests(releases[0]).items()}
    manifest = digests(releases[0])["manifest.json"]
    assert latest(target) == {"name": "ferry", "version": "1.0.0", "manifest_sha256": manifest}


def test_it_loads_from_there_as_the_latest_and_by_its_version(releases: tuple[Path, Path], tmp_path: Path) -> None:
    for release in releases:
        publish(release, tmp_path)
    place = str(tmp_path / "ferry")
    latest_rows, pinned = ck.load(place, split="train"), ck.load(place, version="1.0.0", split="train")
    assert latest_rows["text"] != pinned["text"]
    assert sorted(pinned["title"]) == ["A lighthouse is for sale", "The ferry runs again"]


def test_again_is_the_same_the_next_moves_the_pointer_and_an_older_one_does_not(
    target: str, releases: tuple[Path, Path]
) -> None:
    publish(releases[0], target)
    before = held(target)
    again = publish(releases[0], target)
    assert (again.outcome, again.sent, again.latest) == ("same", (), True)
    assert held(target) == before
    assert publish(releases[1], target).latest
    assert latest(target)["version"] == "1.1.0"
    assert not publish(releases[0], target).latest
    assert latest(target)["version"] == "1.1.0"


def test_a_candidate_is_never_the_latest(target: str, releases: tuple[Path, Path]) -> None:
    assert not publish(releases[0], target, tag="1.0.0-rc.1").latest
    assert not any("latest" in path for path in held(target))
    assert "ferry/ferry-1.0.0-rc.1/SHA256SUMS" in held(target)


def test_other_bytes_under_the_same_name_are_refused(target: str, releases: tuple[Path, Path], tmp_path: Path) -> None:
    publish(releases[0], target)
    before = held(target)
    other = make_release(tmp_path / "other", more="There was no boat back.")
    with pytest.raises(ReleaseDiffersError, match="data/documents/train"):
        publish(other, target)
    assert held(target) == before


def test_what_an_attempt_left_is_completed_or_replaced(target: str, releases: tuple[Path, Path]) -> None:
    """Some files are there, one of them with other bytes, and one that is no part of the release."""
    fs, root = fsspec.core.url_to_fs(target)
    folder = f"{root}/ferry/ferry-1.0.0"
    fs.makedirs(folder, exist_ok=True)
    fs.pipe_file(f"{folder}/README.md", (releases[0] / "README.md").read_bytes())
    fs.pipe_file(f"{folder}/manifest.json", b"{}")
    fs.pipe_file(f"{folder}/leftover.txt", b"?")
    report = publish(releases[0], target)
    assert report.present == ("README.md",)
    found = held(target)
    found.pop("ferry/latest.json")
    assert found == {f"ferry/ferry-1.0.0/{path}": digest for path, digest in digests(releases[0]).items()}


def test_a_dry_run_writes_nothing(target: str, releases: tuple[Path, Path]) -> None:
    report = publish(releases[0], target, dry_run=True)
    assert (report.outcome, set(report.sent)) == ("planned", set(digests(releases[0])))
    assert held(target) == {}
    publish(releases[0], target)
    assert publish(releases[0], target, dry_run=True).outcome == "same"


def test_a_folder_shows_no_half_written_file(releases: tuple[Path, Path], tmp_path: Path) -> None:
    publish(releases[0], tmp_path / "store")
    assert list((tmp_path / "store").rglob(".*")) == []


def test_what_was_damaged_in_the_store_is_put_right(releases: tuple[Path, Path], tmp_path: Path) -> None:
    publish(releases[0], tmp_path)
    (tmp_path / "ferry" / "ferry-1.0.0" / "README.md").write_bytes(b"?")
    report = publish(releases[0], tmp_path)
    assert (report.outcome, report.sent) == ("published", ("README.md",))
    assert digests(tmp_path / "ferry" / "ferry-1.0.0") == digests(releases[0])


STEPS = (
    ("GET", "SHA256SUMS"),
    ("HEAD", "SHA256SUMS"),
    ("PUT", "README.md"),
    ("PUT", "blocks"),
    ("GET", "blocks"),
    ("PUT", "SHA256SUMS"),
    ("PUT", "latest.json"),
    ("HEAD", "latest.json"),
)
KINDS = ("403", "500", "503", "drop", "lose", "spoil")


def breaks() -> Iterator[Any]:
    """Every kind of fault at every step; each step and each kind once in a quick run, the rest in a slow one."""
    for row, (method, part) in enumerate(STEPS):
        kinds = [kind for kind in KINDS if kind != "spoil" or method == "PUT"]
        for column, kind in enumerate(kinds):
            # A store that spoils every pointer leaves one that cannot be read: there is nothing else to write.
            for times in (1,) if (part, kind) == ("latest.json", "spoil") else (1, 10**6):
                quick = row % 2 == 0 and row % len(kinds) == column and times > 1
                marks = [] if quick else [pytest.mark.slow]
                yield pytest.param(Break(method, part, kind, times), marks=marks, id=f"{method}-{part}-{kind}-{times}")


@pytest.mark.parametrize("fault", list(breaks()))
def test_nothing_wrong_is_ever_pointed_to_and_a_retry_completes(
    s3: Proxy, releases: tuple[Path, Path], fault: Break
) -> None:
    target = "s3://corpora/news"
    publish(releases[0], target)
    s3.fault = Break(fault.method, fault.part, fault.kind, fault.times)
    with suppress(PublishError, ReleaseDiffersError):
        publish(releases[1], target)
    hit = s3.fault.hit
    s3.fault = None
    assert hit or fault.method != "PUT"
    version = latest(target)["version"]
    wanted = {"1.0.0": releases[0], "1.1.0": releases[1]}[version]
    found = held(target)
    for path, digest in digests(wanted).items():
        assert found[f"ferry/ferry-{version}/{path}"] == digest
    assert publish(releases[1], target).latest
    found = held(target)
    assert {path: digest for path, digest in found.items() if path.startswith("ferry/ferry-1.1.0/")} == {
        f"ferry/ferry-1.1.0/{path}": digest for path, digest in digests(releases[1]).items()
    }


def test_a_pointer_that_moved_in_between_is_not_overwritten(s3: Proxy, releases: tuple[Path, Path]) -> None:
    """Another publisher points to 2.0.0 after we have looked: S3 refuses our write, and we look again."""
    target = "s3://corpora/news"
    publish(releases[0], target)
    fs = fsspec.filesystem("s3", skip_instance_cache=True, use_listings_cache=False)

    class Meanwhile(Break):
        def hits(self, method: str, path: str) -> bool:
            if super().hits(method, path):
                s3.fault = None
                fs.pipe_file("corpora/news/ferry/latest.json", b'{"name": "ferry", "version": "2.0.0"}')
            return False

    s3.fault = Meanwhile("PUT", "latest.json", "")
    assert not publish(releases[1], target).latest
    assert latest(target)["version"] == "2.0.0"


SAID: tuple[tuple[str, dict[str, str | None], str, str], ...] = (
    ("s3://nowhere/x", {}, "there is no such bucket", "Create it"),
    (
        "s3://corpora/x",
        {"AWS_ACCESS_KEY_ID": None, "AWS_SECRET_ACCESS_KEY": None},
        "no credentials",
        "AWS_ACCESS_KEY_ID",
    ),
    ("gs://corpora/x", {}, "there is nothing installed for gs://", "pip install 'corpuskit[gcs]'"),
    ("abfs://corpora/x", {}, "there is nothing installed for abfs://", "pip install 'corpuskit[azure]'"),
    ("ftpx://corpora/x", {}, "no address that fsspec knows", "hf://datasets/ORG/NAME"),
    ("s3://key:secret@corpora/x", {}, "holds a credential", "come from the environment"),
)


@pytest.mark.parametrize(("target", "environment", "what", "remedy"), SAID, ids=[said[0] for said in SAID])
def test_an_error_says_what_where_and_what_to_do(  # noqa: PLR0913, PLR0917 - cases as data
    s3: Proxy,
    releases: tuple[Path, Path],
    monkeypatch: pytest.MonkeyPatch,
    target: str,
    environment: dict[str, str | None],
    what: str,
    remedy: str,
) -> None:
    for name, value in environment.items():
        monkeypatch.delenv(name) if value is None else monkeypatch.setenv(name, value)
    monkeypatch.setenv("AWS_EC2_METADATA_DISABLED", "true")
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    with pytest.raises(PublishError) as caught:
        publish(releases[0], target)
    assert what in str(caught.value)
    assert remedy in str(caught.value.remedy)
    assert "secret" not in str(caught.value)
    assert s3.fault is None
    fsspec.get_filesystem_class("s3").clear_instance_cache()
