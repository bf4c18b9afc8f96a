"""A Hugging Face Hub on loopback: dataset repositories, for trying out and for tests.

It answers what the unmodified ``huggingface_hub`` and ``datasets`` ask of the real one: repositories, branches, tags,
commits with a parent, uploads through Xet or Git LFS, downloads.  Repositories live in memory and are gone when it
stops; large files lie in a folder.  It listens on 127.0.0.1 only and trusts the tokens it was started with::

    python examples/hub.py --port 8765 --token secret --user ada --org harbour

Then, in another shell, ``export HF_ENDPOINT=http://127.0.0.1:8765 HF_TOKEN=secret``.

The protocol is that of the Hub's OpenAPI description, the Git LFS batch API and the Xet upload protocol, as the
clients speak them.  For Xet it hands the client a storage address of the form ``local://``, which hf_xet serves
itself: chunks, deduplication and all.
"""

from __future__ import annotations

import argparse
import base64
import hashlib
import json
import re
import shutil
import struct
import sys
import tempfile
import threading
import time
from contextlib import suppress
from dataclasses import dataclass, field, replace
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final, Self
from urllib.parse import parse_qs, unquote, urlsplit

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

GITATTRIBUTES: Final = b"*.parquet filter=lfs diff=lfs merge=lfs -text\n"
LARGE: Final = 10 * 2**20
"""Files from this size on are stored as large ones, whatever their name."""


@dataclass(frozen=True, slots=True)
class Blob:
    """A file in a commit: its bytes, or the SHA-256 of a large one."""

    size: int
    data: bytes | None = None
    sha256: str | None = None

    @property
    def oid(self) -> str:
        """Git's id: of the file, or of the pointer that stands for a large one."""
        data = self.data
        if data is None:
            data = f"version https://git-lfs.github.com/spec/v1\noid sha256:{self.sha256}\nsize {self.size}\n".encode()
        return hashlib.sha1(b"blob %d\0" % len(data) + data, usedforsecurity=False).hexdigest()


@dataclass(frozen=True, slots=True)
class Commit:
    """A state of the repository; ``title`` says how it came about."""

    sha: str
    tree: Mapping[str, Blob]
    parent: str | None
    title: str


@dataclass(slots=True)
class Repository:
    """A dataset repository."""

    name: str
    private: bool = False
    commits: dict[str, Commit] = field(default_factory=dict)
    branches: dict[str, str] = field(default_factory=dict)
    tags: dict[str, str] = field(default_factory=dict)

    def commit(self, branch: str, tree: Mapping[str, Blob], title: str) -> Commit:
        """Put a commit with ``tree`` on ``branch`` and return it."""
        parent = self.branches.get(branch)
        files = "".join(f"{path} {blob.oid}\n" for path, blob in sorted(tree.items()))
        sha = hashlib.sha1(f"{parent} {title} {len(self.commits)}\n{files}".encode(), usedforsecurity=False).hexdigest()
        made = self.commits[sha] = Commit(sha, dict(tree), parent, title)
        self.branches[branch] = sha
        return made

    def resolve(self, revision: str) -> Commit | None:
        """Return the commit that a branch, a tag or a commit's id names."""
        return self.commits.get(self.branches.get(revision) or self.tags.get(revision) or revision)


class Refusal(Exception):  # noqa: N818 - an answer, not a defect
    """An answer other than success, with the headers that tell the client which."""

    def __init__(
        self,
        status: int,
        message: str,
        code: str | None = None,
        *,
        more: Mapping[str, str] | None = None,
        **headers: str,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.body = json.dumps({"error": message, **(more or {})}).encode()
        self.headers = {"X-Error-Message": message, **({"X-Error-Code": code} if code else {}), **headers}


class Dropped(Exception):  # noqa: N818 - the same
    """The connection is closed instead of an answer."""


@dataclass(frozen=True, slots=True)
class Request:
    """What was asked: the route's name, what its pattern found in the path, and the body."""

    route: str
    method: str
    parts: Mapping[str, str]
    query: Mapping[str, list[str]]
    headers: Mapping[str, str]
    body: bytes

    def json(self) -> Any:  # noqa: ANN401 - whatever the client sent
        """Return the body as JSON."""
        return json.loads(self.body)


@dataclass(frozen=True, slots=True)
class Answer:
    """What is answered: JSON, or bytes, or a part of a file."""

    body: bytes = b""
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)

    @classmethod
    def json(cls, value: object, **headers: str) -> Self:
        """Return ``value`` as an answer."""
        return cls(json.dumps(value).encode(), headers={"Content-Type": "application/json", **headers})


_REPO: Final = r"(?P<org>[^/]+)/(?P<name>[^/]+?)"
_API: Final = rf"/api/datasets/{_REPO}"
ROUTES: Final = tuple(
    (method, name, re.compile(pattern))
    for method, name, pattern in (
        ("GET", "whoami", r"/api/whoami-v2"),
        ("POST", "yaml", r"/api/validate-yaml"),
        ("POST", "create", r"/api/repos/create"),
        ("GET", "refs", rf"{_API}/refs"),
        ("GET", "info", rf"{_API}/revision/(?P<revision>[^/]+)"),
        ("GET", "info", _API),
        ("GET", "tree", rf"{_API}/tree/(?P<revision>[^/]+)(?:/(?P<path>.+))?"),
        ("POST", "paths", rf"{_API}/paths-info/(?P<revision>[^/]+)"),
        ("POST", "branch", rf"{_API}/branch/(?P<branch>[^/]+)"),
        ("DELETE", "unbranch", rf"{_API}/branch/(?P<branch>[^/]+)"),
        ("POST", "tag", rf"{_API}/tag/(?P<revision>[^/]+)"),
        ("POST", "preupload", rf"{_API}/preupload/(?P<revision>[^/]+)"),
        ("GET", "xet", rf"{_API}/xet-(?P<right>read|write)-token/(?P<revision>[^/]+)"),
        ("POST", "commit", rf"{_API}/commit/(?P<revision>[^/]+)"),
        ("POST", "batch", rf"/datasets/{_REPO}\.git/info/lfs/objects/batch"),
        ("PUT", "upload", r"/lfs/(?P<oid>[0-9a-f]{64})"),
        ("POST", "verify", r"/lfs/verify"),
        ("GET", "resolve", rf"/datasets/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)"),
        ("HEAD", "resolve", rf"/datasets/{_REPO}/resolve/(?P<revision>[^/]+)/(?P<path>.+)"),
    )
)
"""What is answered: method, name of the route, path."""


class Hub:
    """The Hub: a server to enter with ``with``, whose ``url`` is the endpoint.

    ``tokens`` are by token the namespaces it may write to.  ``meddle`` is called with every request before it is
    acted on and may raise :class:`Refusal` or :class:`Dropped`; it returns what is to be done with the answer.
    """

    def __init__(
        self,
        folder: Path,
        tokens: Mapping[str, tuple[str, ...]],
        *,
        port: int = 0,
        meddle: Callable[[Request], Callable[[Answer], Answer] | None] | None = None,
    ) -> None:
        self.large = folder / "large"
        self.xet = folder / "xet"
        for place in (self.large, self.xet):
            place.mkdir(parents=True, exist_ok=True)
        self.tokens = dict(tokens)
        self.meddle = meddle
        self.repositories: dict[str, Repository] = {}
        self.log: list[Request] = []
        self._lock = threading.RLock()
        self._server = ThreadingHTTPServer(("127.0.0.1", port), _handler(self))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()

    def serve(self) -> None:
        """Answer until interrupted."""
        self._server.serve_forever()

    def content(self, blob: Blob) -> bytes:
        """Return the bytes of a file."""
        return blob.data if blob.data is not None else (self.large / str(blob.sha256)).read_bytes()

    def answer(self, request: Request) -> Answer:
        """Act on a request.

        Raises:
            Refusal: it is not allowed, or cannot be done.
            Dropped: the test asks for the connection to break.
        """
        self.log.append(replace(request, body=b""))
        after = self.meddle(request) if self.meddle else None
        with self._lock:
            answer: Answer = getattr(self, f"_{request.route}")(request)
        return after(answer) if after else answer

    # --- who ---

    def _allowed(self, request: Request) -> tuple[str, ...]:
        """Return the namespaces that the request's token may write to."""
        scheme, _, token = request.headers.get("authorization", "").partition(" ")
        if not scheme:
            raise Refusal(401, "Invalid username or password.")
        if token not in self.tokens:
            raise Refusal(401, "Invalid credentials in Authorization header")
        return self.tokens[token]

    def _may_write(self, request: Request, namespace: str) -> None:
        if namespace not in self._allowed(request):
            raise Refusal(403, f"You don't have the rights to write to the namespace {namespace!r}")

    def _repository(self, request: Request, *, write: bool = False) -> Repository:
        """Return the repository that is asked for; a private one is not there for strangers."""
        if request.headers.get("authorization"):
            self._allowed(request)
        found = self.repositories.get(f"{request.parts['org']}/{request.parts['name']}")
        if found and found.private and request.parts["org"] not in self._allowed(request):
            found = None
        if found is None:
            raise Refusal(404, "Repository not found", "RepoNotFound")
        if write:
            self._may_write(request, request.parts["org"])
        return found

    def _commit_at(self, repository: Repository, revision: str) -> Commit:
        found = repository.resolve(revision)
        if found is None:
            raise Refusal(404, f"Invalid rev id: {revision}", "RevisionNotFound")
        return found

    def _whoami(self, request: Request) -> Answer:
        user, *orgs = self._allowed(request)
        return Answer.json({"type": "user", "name": user, "orgs": [{"name": org} for org in orgs]})

    # --- repositories and their names for commits ---

    def _create(self, request: Request) -> Answer:
        wanted = request.json()
        namespace = wanted["organization"] or self._allowed(request)[0]
        self._may_write(request, namespace)
        name = f"{namespace}/{wanted['name']}"
        if name in self.repositories:
            raise Refusal(409, "You already created this dataset repo", more={"url": f"{self.url}/datasets/{name}"})
        made = self.repositories[name] = Repository(name, private=wanted.get("visibility") == "private")
        made.commit("main", {".gitattributes": Blob(len(GITATTRIBUTES), GITATTRIBUTES)}, "initial commit")
        return Answer.json({"url": f"{self.url}/datasets/{name}", "name": name})

    def _info(self, request: Request) -> Answer:
        repository = self._repository(request)
        commit = self._commit_at(repository, request.parts.get("revision") or "main")
        return Answer.json(
            {
                "id": repository.name,
                "sha": commit.sha,
                "private": repository.private,
                "siblings": [{"rfilename": path} for path in sorted(commit.tree)],
                "tags": [],
                "downloads": 0,
                "likes": 0,
            }
        )

    def _refs(self, request: Request) -> Answer:
        repository = self._repository(request)
        kinds = {"branches": ("heads", repository.branches), "tags": ("tags", repository.tags), "converts": ("", {})}
        return Answer.json(
            {
                kind: [
                    {"name": name, "ref": f"refs/{place}/{name}", "targetCommit": sha}
                    for name, sha in sorted(names.items())
                ]
                for kind, (place, names) in kinds.items()
            }
        )

    def _branch(self, request: Request) -> Answer:
        repository = self._repository(request, write=True)
        name = request.parts["branch"]
        if name in repository.branches:
            raise Refusal(409, f"Reference already exists: refs/heads/{name}")
        start = (request.json() if request.body else {}).get("startingPoint") or "main"
        repository.branches[name] = self._commit_at(repository, start).sha
        return Answer.json({})

    def _unbranch(self, request: Request) -> Answer:
        repository = self._repository(request, write=True)
        if repository.branches.pop(request.parts["branch"], None) is None:
            raise Refusal(404, "Reference not found", "RevisionNotFound")
        return Answer.json({})

    def _tag(self, request: Request) -> Answer:
        repository = self._repository(request, write=True)
        name = request.json()["tag"]
        if name in repository.tags:
            raise Refusal(409, f"Tag reference exists already: {name}")
        repository.tags[name] = self._commit_at(repository, request.parts["revision"]).sha
        return Answer.json({})

    # --- what is in a commit ---

    def _tree(self, request: Request) -> Answer:
        commit = self._commit_at(self._repository(request), request.parts["revision"])
        folder = request.parts.get("path") or ""
        prefix = f"{folder.rstrip('/')}/" if folder else ""
        recursive = request.query.get("recursive", ["false"])[0].lower() in {"true", "1"}
        entries: dict[str, dict[str, Any]] = {}
        for path in sorted(path for path in commit.tree if path.startswith(prefix)):
            inner = path[len(prefix) :].split("/")
            for depth in range(1, len(inner) if recursive else min(2, len(inner))):
                above = prefix + "/".join(inner[:depth])
                oid = hashlib.sha1(above.encode(), usedforsecurity=False).hexdigest()
                entries.setdefault(above, {"type": "directory", "path": above, "oid": oid, "size": 0})
            if recursive or len(inner) == 1:
                entries[path] = _entry(path, commit.tree[path])
        if folder and not entries:
            raise Refusal(404, f"{folder} does not exist on {request.parts['revision']}", "EntryNotFound")
        return Answer.json(list(entries.values()))

    def _paths(self, request: Request) -> Answer:
        commit = self._commit_at(self._repository(request), request.parts["revision"])
        asked = parse_qs(request.body.decode()).get("paths", [])
        folders = {"/".join(path.split("/")[:depth]) for path in commit.tree for depth in range(1, path.count("/") + 1)}
        found = [_entry(path, commit.tree[path]) for path in asked if path in commit.tree]
        found += [{"type": "directory", "path": path, "oid": "0" * 40, "size": 0} for path in asked if path in folders]
        return Answer.json(found)

    def _resolve(self, request: Request) -> Answer:
        commit = self._commit_at(self._repository(request), request.parts["revision"])
        blob = commit.tree.get(request.parts["path"])
        if blob is None:
            raise Refusal(404, "Entry not found", "EntryNotFound", **{"X-Repo-Commit": commit.sha})
        data = self.content(blob)
        headers = {
            "X-Repo-Commit": commit.sha,
            "ETag": f'"{blob.sha256 or blob.oid}"',
            "X-Linked-Size": str(blob.size),
            "Accept-Ranges": "bytes",
            "Content-Type": "application/octet-stream",
        }
        asked = re.fullmatch(r"bytes=(\d+)-(\d*)", request.headers.get("range", ""))
        if not asked:
            return Answer(data, headers=headers)
        start, end = int(asked[1]), min(int(asked[2] or len(data) - 1), len(data) - 1)
        if start > end:
            raise Refusal(416, "Range not satisfiable")
        headers["Content-Range"] = f"bytes {start}-{end}/{len(data)}"
        return Answer(data[start : end + 1], HTTPStatus.PARTIAL_CONTENT, headers)

    # --- uploads ---

    def _yaml(self, request: Request) -> Answer:
        request.json()
        return Answer.json({"errors": [], "warnings": []})

    def _preupload(self, request: Request) -> Answer:
        commit = self._commit_at(self._repository(request, write=True), request.parts["revision"])
        return Answer.json(
            {
                "files": [
                    {
                        "path": file["path"],
                        "uploadMode": "lfs"
                        if file["path"].endswith(".parquet") or file["size"] >= LARGE
                        else "regular",
                        "shouldIgnore": False,
                        **({"oid": _remote_oid(commit.tree[file["path"]])} if file["path"] in commit.tree else {}),
                    }
                    for file in request.json()["files"]
                ]
            }
        )

    def _xet(self, request: Request) -> Answer:
        self._repository(request, write=request.parts["right"] == "write")
        place, expires = f"local://{self.xet}", int(time.time()) + 3600
        return Answer.json(
            {"casUrl": place, "accessToken": "loopback", "exp": expires},
            **{
                "X-Xet-Cas-Url": place,
                "X-Xet-Access-Token": "loopback",
                "X-Xet-Token-Expiration": str(expires),
            },
        )

    def _batch(self, request: Request) -> Answer:
        self._repository(request, write=True)
        objects = []
        for wanted in request.json()["objects"]:
            entry = {"oid": wanted["oid"], "size": wanted["size"]}
            if not (self.large / wanted["oid"]).is_file():
                entry["actions"] = {
                    "upload": {"href": f"{self.url}/lfs/{wanted['oid']}"},
                    "verify": {"href": f"{self.url}/lfs/verify"},
                }
            objects.append(entry)
        return Answer.json({"transfer": "basic", "objects": objects})

    def _upload(self, request: Request) -> Answer:
        oid = request.parts["oid"]
        if hashlib.sha256(request.body).hexdigest() != oid:
            raise Refusal(400, "The content does not have the digest it was announced with")
        (self.large / oid).write_bytes(request.body)
        return Answer()

    def _verify(self, request: Request) -> Answer:
        wanted = request.json()
        path = self.large / wanted["oid"]
        if not path.is_file() or path.stat().st_size != wanted["size"]:
            raise Refusal(404, "Object not found")
        return Answer.json({})

    def _commit(self, request: Request) -> Answer:
        repository = self._repository(request, write=True)
        branch = request.parts["revision"]
        if branch not in repository.branches:
            raise Refusal(404, f"Invalid rev id: {branch}", "RevisionNotFound")
        head = repository.commits[repository.branches[branch]]
        tree = dict(head.tree)
        title = ""
        for line in request.body.splitlines():
            operation = json.loads(line)
            value = operation["value"]
            match operation["key"]:
                case "header":
                    title = value["summary"]
                    if value.get("parentCommit", head.sha) != head.sha:
                        raise Refusal(412, "A commit has happened since. Please refresh and try again.")
                case "file":
                    data = base64.b64decode(value["content"])
                    tree[value["path"]] = Blob(len(data), data)
                case "lfsFile":
                    tree[value["path"]] = Blob(self._large_size(value["oid"]), sha256=value["oid"])
                case "deletedFile":
                    if tree.pop(value["path"], None) is None:
                        raise Refusal(404, "A file with this name doesn't exist", "EntryNotFound")
                case "deletedFolder":
                    folder = value["path"].rstrip("/") + "/"
                    tree = {path: blob for path, blob in tree.items() if not path.startswith(folder)}
        made = repository.commit(branch, tree, title)
        return Answer.json(
            {
                "success": True,
                "commitOid": made.sha,
                "commitUrl": f"{self.url}/datasets/{repository.name}/commit/{made.sha}",
            }
        )

    def _large_size(self, oid: str) -> int:
        """Return the size of a large file, which must have arrived by now.

        One that came through Xet is put together from its chunks, and its digest checked.
        """
        path = self.large / oid
        if not path.is_file():
            found = next((name for sha256, name in self._xet_files() if sha256 == oid), None)
            if found is None:
                raise Refusal(400, f"Your push was rejected because the LFS object {oid} is not there")
            self._assemble(found, path)
            if hashlib.sha256(path.read_bytes()).hexdigest() != oid:
                path.unlink()
                raise Refusal(400, f"The LFS object {oid} has another digest")
        return path.stat().st_size

    def _xet_files(self) -> Iterator[tuple[str, tuple[str, int]]]:
        """Yield the SHA-256, and the Xet hash and size, of each file in the shards of the chunk store.

        A shard's entries are 48 bytes: for each file a header (hash, flags, number of segments), its segments, where
        flagged as many verification entries, and where flagged one with the SHA-256 (the Xet protocol's shard format).
        """
        for shard in sorted(self.xet.rglob("shards/*.mdb")):
            data = shard.read_bytes()
            position = 48
            while position + 48 <= len(data) and data[position : position + 32] != b"\xff" * 32:
                name = _hash(data[position : position + 32])
                flags, segments = struct.unpack_from("<II", data, position + 32)
                position += 48
                size = sum(struct.unpack_from("<I", data, position + 48 * n + 36)[0] for n in range(segments))
                position += 48 * segments * (2 if flags >> 31 else 1)
                if flags >> 30 & 1:
                    yield _hash(data[position : position + 32]), (name, size)
                    position += 48

    def _assemble(self, found: tuple[str, int], path: Path) -> None:
        """Write the file with a Xet hash to ``path``."""
        import hf_xet  # only where something came through Xet

        name, size = found
        with hf_xet.XetSession().new_file_download_group(endpoint=f"local://{self.xet}") as group:
            group.start_download_file(hf_xet.XetFileInfo(name, size), str(path))


def _hash(raw: bytes) -> str:
    """Return a Xet hash as it is written: four little-endian words."""
    return "".join(f"{word:016x}" for word in struct.unpack("<4Q", raw))


def _remote_oid(blob: Blob) -> str:
    return blob.sha256 or blob.oid


def _entry(path: str, blob: Blob) -> dict[str, Any]:
    """Return a file as listings have it."""
    entry: dict[str, Any] = {"type": "file", "path": path, "oid": blob.oid, "size": blob.size}
    if blob.sha256:
        entry["lfs"] = {"oid": blob.sha256, "size": blob.size, "pointerSize": 130}
    return entry


def _handler(hub: Hub) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class within, which knows its Hub
    """Return the class that takes requests from the wire to ``hub`` and back."""

    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60
        disable_nagle_algorithm = True

        def _any(self) -> None:
            split = urlsplit(self.path)
            body = self._body()
            matches = (
                (name, found)
                for method, name, pattern in ROUTES
                if method == self.command and (found := pattern.fullmatch(split.path))
            )
            name, found = next(matches, (None, None))
            if name is None or found is None:
                self._send(Answer(b'{"error": "not found"}', 404))
                return
            parts = {key: unquote(value) for key, value in found.groupdict().items() if value is not None}
            headers = {key.lower(): value for key, value in self.headers.items()}
            try:
                answer = hub.answer(Request(name, self.command, parts, parse_qs(split.query), headers, body))
            except Refusal as refusal:
                answer = Answer(refusal.body, refusal.status, refusal.headers)
            except Dropped:
                self.close_connection = True
                with suppress(OSError):
                    self.connection.shutdown(2)
                return
            self._send(answer)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the server calls them so

        def _body(self) -> bytes:
            if self.headers.get("Transfer-Encoding", "").lower() != "chunked":
                return self.rfile.read(int(self.headers.get("Content-Length") or 0))
            parts = []
            while size := int(self.rfile.readline().split(b";")[0], 16):
                parts.append(self.rfile.read(size))
                self.rfile.readline()
            self.rfile.readline()
            return b"".join(parts)

        def _send(self, answer: Answer) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(answer.status)
                for key, value in answer.headers.items():
                    self.send_header(key, value)
                self.send_header("Content-Length", answer.headers.get("Content-Length", str(len(answer.body))))
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(answer.body)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler


def main() -> None:
    """Serve until interrupted."""
    parser = argparse.ArgumentParser(description="A Hugging Face Hub on loopback, for trying out.")
    parser.add_argument("--port", type=int, default=8765)
    parser.add_argument("--token", default="secret", help="the token that may write")
    parser.add_argument("--user", default="ada", help="whose token it is")
    parser.add_argument("--org", action="append", default=[], help="an organisation they may write to")
    asked = parser.parse_args()
    folder = Path(tempfile.mkdtemp(prefix="hub-"))
    try:
        hub = Hub(folder, {asked.token: (asked.user, *asked.org)}, port=asked.port)
        sys.stdout.write(f"The Hub answers at {hub.url}; stop it with Ctrl-C.\n")
        sys.stdout.flush()
        hub.serve()
    except KeyboardInterrupt:
        sys.stdout.write("Stopped; its repositories are gone.\n")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
