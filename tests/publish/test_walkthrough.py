"""docs/publish.md, from an empty folder to a tagged dataset: its commands, run as they stand."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import sys
import time
from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from pathlib import Path


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def wait_for(port: int, server: subprocess.Popen[str]) -> None:
    for _ in range(600):
        assert server.poll() is None
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return
        time.sleep(0.1)
    message = "the Hub did not start"
    raise AssertionError(message)


@pytest.mark.slow
def test_the_walk_through_ends_with_a_tagged_dataset(root: Path, tmp_path: Path) -> None:
    text = (root / "docs" / "publish.md").read_text(encoding="utf-8")
    walk = text.partition("## From an empty folder")[2].partition("\n## ")[0]
    port = str(free_port())
    fences = [
        (kind, code.replace("8765", port)) for kind, code in re.findall(r"```(\S[^\n]*)\n(.*?)```", walk, re.DOTALL)
    ]
    # `corpuskit` and `python` are those of this environment, whatever the path holds.
    prelude = f'set -e\ncorpuskit() {{ "{sys.executable}" -m corpuskit "$@"; }}\n'
    script = prelude + "".join(
        code if kind == "sh" else f"\"{sys.executable}\" - <<'PYTHON'\n{code}PYTHON\n"
        for kind, code in fences
        if kind in {"sh", "python"}
    )
    (command,) = [code for kind, code in fences if kind == "sh server"]
    environment = {
        **{name: value for name, value in os.environ.items() if not name.startswith(("HF_", "AWS_"))},
        "PYTHONPATH": str(root / "src"),
        "HF_HOME": str(tmp_path / "home"),
    }
    server = subprocess.Popen(
        [sys.executable, *command.split()[1:]], cwd=root, text=True, stdout=subprocess.DEVNULL, env=environment
    )
    try:
        wait_for(int(port), server)
        done = subprocess.run(
            ["bash", "-c", script],  # noqa: S607
            cwd=tmp_path,
            env=environment,
            capture_output=True,
            text=True,
            timeout=300,
            check=False,
        )
    finally:
        server.terminate()
        server.wait(timeout=30)
    assert done.returncode == 0, done.stdout + done.stderr
    assert "ferry 0.1.0 in hf://datasets/ada/ferry is published" in done.stdout
    assert '"version": "0.1.0"' in done.stdout
    assert "secret" not in done.stdout + done.stderr
