"""The program: its commands, and how it ends.

Exit codes: 0 done and clean, 1 done and something was found, 2 cannot run, 130 interrupted.
"""

from __future__ import annotations

import sys
import traceback
from typing import Annotated, Final

import typer

from corpuskit.cli import checks, corpus, output, page, publish, train, versions
from corpuskit.errors import CorpuskitError, PageError, ReleaseDiffersError, RightsError, VersionError
from corpuskit.version import __version__

FINDINGS: Final = 1
CANNOT_RUN: Final = 2
INTERRUPTED: Final = 130

app = typer.Typer(
    name="corpuskit",
    help="Scraped pages in, a clean and versioned dataset out.",
    epilog="Example: corpuskit init news && cd news && corpuskit build",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
corpus.register(app)
page.register(app)
checks.register(app)
publish.register(app)
versions.register(app)
train.register(app)


def _show_version(asked: bool) -> None:  # noqa: FBT001 - typer's form of a callback
    if asked:
        typer.echo(f"corpuskit {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool, typer.Option("--version", callback=_show_version, is_eager=True, help="Say which version this is.")
    ] = False,
) -> None:
    """Scraped pages in, a clean and versioned dataset out."""


def main() -> None:
    """Run the program and end it with the right exit code."""
    try:
        app()
    except (ReleaseDiffersError, RightsError, VersionError) as error:
        _fail(str(error), FINDINGS)
    except (CorpuskitError, PageError) as error:
        _fail(str(error), CANNOT_RUN)
    except OSError as error:  # of what no command foresaw: standard output on a full disk
        _fail(f"{error.filename or 'the output'}: {error.strerror or error}", CANNOT_RUN)
    except Exception:  # noqa: BLE001 - whatever it is, it must not end with the code for findings
        traceback.print_exc()
        _fail("this is a defect of corpuskit: please report it, with the lines above", CANNOT_RUN)
    except SystemExit as end:  # typer has made one of Ctrl-C
        if end.code == INTERRUPTED:
            _fail("interrupted; nothing was left half-written, and the next run goes on from here", INTERRUPTED)
        raise


def _fail(message: str, code: int) -> None:
    output.note(f"corpuskit: {message}")
    sys.exit(code)
