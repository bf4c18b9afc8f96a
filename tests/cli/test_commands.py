"""The program: what it prints, and how it ends; as a process where that is what a test is about."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from corpuskit import config, pipeline
from corpuskit.cli import main
from corpuskit.cli.corpus import build, init

if TYPE_CHECKING:
    from collections.abc import Callable

    Program = Callable[..., subprocess.CompletedProcess[str]]

COMMANDS = ("init", "build", "clean", "explain", "validate", "verify", "doctor", "diff", "release", "forget")


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_has_help_with_an_example(program_here: Program, command: str) -> None:
    done = program_here(command, "--help")
    assert done.returncode == 0
    assert f"Example: corpuskit {command}" in done.stdout


def test_help_lists_every_command(program: Program) -> None:
    shown = program("--help").stdout
    assert [command for command in COMMANDS if f"  {command} " not in shown] == []


def test_importing_and_help_stay_light() -> None:
    """What makes them slow is importing these: so that is tested, and not the time, which a busy machine spoils."""
    heavy = [
        "datasets",
        "duckdb",
        "ftfy",
        "jsonschema_rs",
        "lxml",
        "numpy",
        "pandas",
        "pebble",
        "pyarrow",
        "pycld2",
        "trafilatura",
    ]
    for start in ("import corpuskit", "import corpuskit.cli.app"):
        code = f"{start}; import sys; print([name for name in {heavy!r} if name in sys.modules])"
        assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "[]\n"


def test_from_nothing_to_a_release(program: Program, tmp_path: Path, corpus: Path) -> None:
    started = program("init", tmp_path / "my-corpus")
    assert started.returncode == 0, started.stderr
    for page in (corpus / "pages").iterdir():
        (tmp_path / "my-corpus" / "pages" / page.name).write_bytes(page.read_bytes())
    built = program("build", cwd=tmp_path / "my-corpus")
    assert built.returncode == 0, built.stderr
    assert "3 pages read = 3 kept + 0 rejected + 0 quarantined" in built.stdout
    assert built.stderr == ""
    assert program("validate", tmp_path / "my-corpus" / "dist" / "my-corpus-0.1.0").returncode == 0
    again = program("init", tmp_path / "my-corpus")
    assert (again.returncode, "there is one already" in again.stderr) == (2, True)


def test_build_again_says_same_and_differing_bytes_end_with_one(program_here: Program, corpus: Path) -> None:
    assert "is written" in program_here("build", cwd=corpus).stdout
    assert "the same bytes" in program_here("build", cwd=corpus).stdout
    (corpus / "pages" / "a.txt").unlink()
    done = program_here("build", cwd=corpus)
    assert done.returncode == 1
    assert "data/blocks/train-00000-of-00001.parquet: has other bytes" in done.stderr
    assert program_here("build", "--replace", "--quiet", cwd=corpus).stdout == ""


def test_what_libraries_print_does_not_get_into_json(
    corpus: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    run = pipeline.build

    def noisy(*given: Any, **named: Any) -> pipeline.BuildReport:  # noqa: ANN401 - passed on
        sys.stdout.write("a worker died\n")
        return run(*given, **named)

    monkeypatch.setattr(pipeline, "build", noisy)
    build(config=corpus, as_json=True)
    said, complained = capsys.readouterr()
    assert json.loads(said)["outcome"] == "written"
    assert "a worker died" in complained


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (("build",), "no such configuration file"),
        (("build", "--config", "nowhere"), "nowhere: there is no such configuration file"),
        (("clean", "nowhere.txt"), "nowhere.txt: cannot be read: No such file"),
        (("clean", "."), ".: cannot be read"),
        (("clean", "-"), "-: is empty"),
        (("clean", "-", "--media-type", "image/png"), "--media-type"),
        (("clean", sys.executable), f"{sys.executable}: decode: not text"),
        (("explain", sys.executable), f"{sys.executable}: decode: not text"),
        (("validate", "nowhere"), "there is no release there"),
        (("verify", "."), "there is no release there"),
        (("explain", "nowhere"), "no corpus.toml here"),
        (("bogus",), "No such command"),
        (("build", "--workers", "0"), "--workers"),
    ],
)
def test_what_cannot_run_says_what_where_and_what_to_do(
    program_here: Program, tmp_path: Path, arguments: tuple[str, ...], said: str
) -> None:
    done = program_here(*arguments, cwd=tmp_path)
    assert done.returncode == 2
    assert said in done.stderr
    assert "Traceback" not in done.stderr


def test_clean_reads_standard_input_and_prints_the_text(program: Program, corpus: Path) -> None:
    page = (corpus / "pages" / "a.txt").read_bytes()
    done = program("clean", "-", stdin=page)
    assert done.stdout.startswith("The ferry to the island")
    assert done.stdout.endswith("every bench full.\n")


def test_clean_prints_json_and_blocks(program_here: Program, corpus: Path) -> None:
    page = corpus / "pages" / "a.txt"
    made = json.loads(program_here("clean", page, "--json").stdout)
    assert made == json.loads(program_here("clean", page, "--format", "json").stdout)
    assert made["metadata"]["authors"] == ["Ada Marsh"]
    shown = program_here("clean", page, "--format", "blocks").stdout.splitlines()
    assert [line.split()[0] for line in shown] == [f"{block['role']}/{block['kind']}" for block in made["blocks"]]
    assert "\x1b[" not in "".join(shown)


def test_clean_says_what_a_build_would_not_keep(program_here: Program) -> None:
    feed = b"<rss><channel><description>The ferry runs again.</description></channel></rss>"
    done = program_here("clean", "-", "--media-type", "text/html", stdin=feed)
    assert done.returncode == 0
    assert "is an RSS feed and no page: a build would reject it" in done.stderr


@pytest.mark.parametrize("raw", [b"\x89PNG\r\n\x1a\n" + bytes(99), b"x" * 20_000_001], ids=["binary", "too large"])
def test_clean_refuses_a_page_it_cannot_process(program_here: Program, raw: bytes) -> None:
    done = program_here("clean", "-", stdin=raw)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr.startswith("corpuskit: ")


def test_explain_gives_reasons_for_a_file_and_for_a_row(program_here: Program, corpus: Path) -> None:
    of_file = program_here("explain", corpus / "pages" / "a.txt").stdout
    assert "metadata/byline" in of_file
    assert "begins as a byline does" in of_file
    program_here("build", cwd=corpus)
    of_row = json.loads(program_here("explain", "a.txt", "--json", cwd=corpus).stdout)
    assert [block["kind"] for block in of_row["blocks"]][:3] == ["navigation", "title", "byline"]
    assert program_here("explain", of_row["id"][:12], cwd=corpus).returncode == 0
    assert "is no id" in program_here("explain", "zzz", cwd=corpus).stderr


def test_a_damaged_release_is_found(program_here: Program, corpus: Path) -> None:
    program_here("build", cwd=corpus)
    release = corpus / "dist" / "ferry-0.1.0"
    victim = release / "data" / "blocks" / "train-00000-of-00001.parquet"
    raw = bytearray(victim.read_bytes())
    raw[len(raw) // 3] ^= 1
    victim.write_bytes(raw)
    for command in ("verify", "validate"):
        done = program_here(command, release, "--json")
        assert done.returncode == 1
        assert {"file-changed"} <= {finding["rule"] for finding in json.loads(done.stdout)["findings"]}
    assert "error: file-changed: " in program_here("verify", release).stdout


def test_doctor_finds_nothing_wrong_here(program: Program) -> None:
    done = program("doctor")
    assert done.returncode == 0, done.stdout
    assert "PROBLEM" not in done.stdout


def test_version(program: Program) -> None:
    import corpuskit

    assert program("--version").stdout == f"corpuskit {corpuskit.__version__}\n"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT to send")
def test_ctrl_c_ends_a_build_and_leaves_nothing(corpus: Path) -> None:
    for number in range(3_000):
        (corpus / "pages" / f"more{number}.txt").write_bytes((corpus / "pages" / "a.txt").read_bytes())
    running = subprocess.Popen(
        [sys.executable, "-m", "corpuskit", "build", "--workers", "1"], cwd=corpus, stderr=subprocess.PIPE, text=True
    )
    dist = corpus / "dist"
    for _ in range(600):
        if any(corpus.glob(".corpuskit/ferry/parts/*.parquet")):
            break
        time.sleep(0.05)
    running.send_signal(signal.SIGINT)
    _, said = running.communicate(timeout=60)
    assert running.returncode == 130
    assert "interrupted" in said
    assert [path.name for path in dist.iterdir()] == [".corpuskit.lock"]


def test_a_page_without_main_text_is_said_to_have_none(program_here: Program, tmp_path: Path) -> None:
    (tmp_path / "empty.html").write_text("<title>An app</title><div id=root></div>")
    done = program_here("clean", "empty.html", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (0, "\n")
    assert "empty.html: no main text was found" in done.stderr


def test_explain_takes_what_came_with_a_page_as_clean_does(program_here: Program, tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes("<p>Die Fähre fährt wieder, und die Bänke sind voll.</p>".encode("cp1252"))
    url = "https://ferry.example/a"
    made = json.loads(
        program_here("explain", tmp_path / "a.html", "--url", url, "--encoding", "cp1252", "--json").stdout
    )
    assert "Fähre" in made["blocks"][0]["text"]
    assert ("url", url) in {(item["field"], item["value"]) for item in made["evidence"]}


@pytest.mark.parametrize(
    ("name", "slug"),
    [
        ("My  corpus -- 2", "my-corpus-2"),
        ("Fähre", "fahre"),
        ('a\nb\x01\x7f"c\\', "a-b-c"),
        ("渡し船", "corpus"),
        ("x" * 99, "x" * 96),
    ],
)
def test_init_makes_settings_that_can_be_read_of_any_name(tmp_path: Path, name: str, slug: str) -> None:
    init(tmp_path, name)
    assert config.load(tmp_path).dataset.name == slug


def test_findings_that_cannot_be_written_to_a_file_say_so(program_here: Program, corpus: Path) -> None:
    built = program_here("build", "--json", cwd=corpus)
    done = program_here("validate", json.loads(built.stdout)["path"], "--write", f"json={corpus / 'pages'}")
    assert done.returncode == 2
    assert f"{corpus / 'pages'}: cannot be written: Is a directory" in done.stderr


@pytest.mark.skipif(sys.platform != "linux", reason="/dev/full is a Linux device")
def test_an_output_that_takes_no_more_is_no_defect(corpus: Path) -> None:
    with Path("/dev/full").open("w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "corpuskit", "clean", corpus / "pages" / "a.txt"],
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            check=False,
        )
    assert done.returncode == 2
    assert done.stderr.startswith("corpuskit: the output: No space left on device")


def test_a_defect_does_not_end_with_the_code_for_findings(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken() -> None:
        raise ZeroDivisionError

    monkeypatch.setattr("corpuskit.cli.app.app", broken)
    with pytest.raises(SystemExit) as ended:
        main()
    assert ended.value.code == 2
    said = capsys.readouterr().err
    assert "ZeroDivisionError" in said
    assert "this is a defect of corpuskit" in said


def test_progress_is_drawn_without_a_thread(monkeypatch: pytest.MonkeyPatch) -> None:
    """A process with threads must not fork."""
    import io
    import threading

    from rich.console import Console

    from corpuskit.cli import output

    drawn = io.StringIO()
    monkeypatch.setattr(output, "console", lambda **_: Console(file=drawn, force_terminal=True, width=100))
    before = threading.active_count()
    with output.progress_bar(quiet=False) as show:
        assert show is not None
        state = pipeline.State(units=4, bytes=0, units_done=2)
        state.pages["kept"] = 1234
        show(state)
        assert threading.active_count() == before
        assert "1,234 kept" in drawn.getvalue()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such names")
def test_names_of_pages_do_not_command_the_terminal(program_here: Program, corpus: Path) -> None:
    (corpus / "pages" / "a\x1b[2J\nb.txt").write_text("Short.")
    done = program_here("build", cwd=corpus)
    assert "pages/a\\x1b[2J\\nb.txt: rejected by min_main_characters" in done.stderr
    missing = program_here("clean", "no\x1b[2Jsuch", cwd=corpus)
    assert "\x1b" not in done.stderr + missing.stderr
