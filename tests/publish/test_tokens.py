"""Credentials are never printed, logged or written."""

from __future__ import annotations

import logging
import os
import traceback
from typing import TYPE_CHECKING

import pytest

import corpuskit as ck
from corpuskit.errors import PublishError
from corpuskit.publish.credentials import refuse_in_address, scrub

from .conftest import TOKEN, Fault, Waits

if TYPE_CHECKING:
    import subprocess
    from collections.abc import Callable
    from pathlib import Path

    from .conftest import Loopback


@pytest.mark.parametrize("fault", [None, "401", "403", "500", "drop"])
def test_a_token_stands_nowhere(  # noqa: PLR0913, PLR0917 - everywhere it could stand
    hub: Loopback,
    releases: tuple[Path, Path],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
    capfd: pytest.CaptureFixture[str],
    fault: str | None,
) -> None:
    """Not even where the server repeats it in its answer: then only its own bytes, at the HTTP library's finest log."""
    caplog.set_level(logging.INFO if fault else logging.DEBUG)
    if fault:
        meddling = Fault("commit", fault, times=10**6, headers={"X-Said": TOKEN})

        def meddle(request: Loopback) -> Loopback:
            try:
                return meddling.meddler(hub.module)(request)
            except hub.module.Refusal as refusal:
                raise hub.module.Refusal(refusal.status, f"not with {TOKEN}") from None

        hub.meddle = meddle
    said = ""
    try:
        said = repr(ck.publish(releases[0], "hf://datasets/harbour/ferry", patience=Waits().patience(2)))
    except PublishError as error:
        said = "".join(traceback.format_exception(error))
    out, err = capfd.readouterr()
    assert said
    assert TOKEN not in said + out + err + caplog.text
    sent = {path for path in tmp_path.rglob("*") if path.is_file()} | {p for p in releases[0].rglob("*") if p.is_file()}
    assert [path for path in sent if TOKEN.encode() in path.read_bytes()] == []


def test_the_command_says_no_token_either(
    hub: Loopback,
    releases: tuple[Path, Path],
    program: Callable[..., subprocess.CompletedProcess[str]],
    tmp_path: Path,
) -> None:
    """In a process of its own, with the client as it comes; the token is one that the Hub does not know."""
    wrong = "hf_" + "x" * 30
    environment = {"HF_ENDPOINT": hub.url, "HF_TOKEN": wrong, "HF_HUB_OFFLINE": "0", "HF_HOME": str(tmp_path / "home")}
    done = program("publish", releases[0], "harbour/ferry", "--hub", env=environment)
    assert done.returncode == 2
    assert "does not accept the token" in done.stderr
    assert "hf auth login" in done.stderr
    assert "Traceback" not in done.stderr
    assert wrong not in done.stdout + done.stderr
    assert [p for p in (tmp_path / "home").rglob("*") if p.is_file() and wrong.encode() in p.read_bytes()] == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("the token hf_abcdefghijklmnop was refused", "the token *** was refused"),
        ("Authorization: Bearer abc.def", "Authorization: ***"),
        ("key AKIAIOSFODNN7EXAMPLE", "key ***"),
        ("it is p4ssw0rd-of-ours here", "it is *** here"),
        ("nothing of the kind", "nothing of the kind"),
    ],
)
def test_what_looks_like_a_credential_or_is_one_is_blotted_out(
    monkeypatch: pytest.MonkeyPatch, text: str, expected: str
) -> None:
    monkeypatch.setitem(os.environ, "STORE_PASSWORD", "p4ssw0rd-of-ours")
    assert scrub(text) == expected


@pytest.mark.parametrize("address", ["s3://key:secret@bucket/x", "https://user:pass@host/x", "hf_abcdefghijklmnop/x"])
def test_an_address_with_a_credential_is_refused_and_not_repeated(address: str) -> None:
    with pytest.raises(PublishError) as caught:
        refuse_in_address(address)
    assert not {"secret", "pass@", "hf_abc"} & {
        word for word in ("secret", "pass@", "hf_abc") if word in str(caught.value)
    }
