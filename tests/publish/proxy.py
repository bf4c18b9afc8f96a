"""What stands between a client and a server on loopback, and lets things go wrong with their requests."""

from __future__ import annotations

import http.client
import threading
from contextlib import suppress
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Self
from urllib.parse import urlsplit


@dataclass
class Break:
    """What goes wrong with requests of ``method`` whose path holds ``part``.

    ``kind`` is a status, or ``drop`` (closed before the server sees it), ``lose`` (after), ``spoil`` (the body sent
    on is not the one that came).  ``times`` requests are hit.
    """

    method: str
    part: str
    kind: str
    times: int = 1
    hit: int = 0

    def hits(self, method: str, path: str) -> bool:
        if method != self.method or self.part not in path or self.hit >= self.times:
            return False
        self.hit += 1
        return True


class Proxy:
    """A proxy for the server at ``target``, to enter with ``with``; ``fault`` may be set at any time."""

    def __init__(self, target: str) -> None:
        self.fault: Break | None = None
        self.log: list[tuple[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(self, urlsplit(target).netloc))
        self._server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self._server.server_port}"

    def __enter__(self) -> Self:
        threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()
        return self

    def __exit__(self, *_: object) -> None:
        self._server.shutdown()
        self._server.server_close()


def _handler(proxy: Proxy, target: str) -> type[BaseHTTPRequestHandler]:  # noqa: C901 - a class within
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 60
        disable_nagle_algorithm = True

        def _any(self) -> None:
            body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
            proxy.log.append((self.command, self.path))
            fault = proxy.fault
            kind = fault.kind if fault and fault.hits(self.command, self.path) else ""
            if kind == "drop":
                self._close()
                return
            if kind.isdigit():
                code = {"403": "AccessDenied", "503": "SlowDown", "500": "InternalError"}.get(kind, "Error")
                self._send(int(kind), {}, f"<Error><Code>{code}</Code><Message>made to fail</Message></Error>".encode())
                return
            headers = {k: v for k, v in self.headers.items() if k.lower() not in {"content-length", "expect"}}
            if kind == "spoil":
                body = body[:-1] + b"?"
                headers = {k: v for k, v in headers.items() if "md5" not in k.lower() and "checksum" not in k.lower()}
            connection = http.client.HTTPConnection(target, timeout=60)
            connection.request(self.command, self.path, body=body, headers=headers)
            answer = connection.getresponse()
            content = answer.read()
            connection.close()
            if kind == "lose":
                self._close()
                return
            self._send(answer.status, dict(answer.getheaders()), content)

        do_GET = do_HEAD = do_POST = do_PUT = do_DELETE = _any  # noqa: N815 - the server calls them so

        def _send(self, status: int, headers: dict[str, str], content: bytes) -> None:
            with suppress(BrokenPipeError, ConnectionResetError):
                self.send_response_only(status)
                for key, value in headers.items():
                    if key.lower() not in {"content-length", "transfer-encoding", "connection"}:
                        self.send_header(key, value)
                length = headers.get("Content-Length", "0") if self.command == "HEAD" else str(len(content))
                self.send_header("Content-Length", length)
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(content)

        def _close(self) -> None:
            self.close_connection = True
            with suppress(OSError):
                self.connection.shutdown(2)

        def log_message(self, *_: object) -> None:
            """Keep quiet."""

    return Handler
