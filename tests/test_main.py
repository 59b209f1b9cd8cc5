from __future__ import annotations

import os
import signal
import subprocess
import sys

import pytest


@pytest.fixture
def heeded():
    """Let processes that are started hear SIGINT, also where the tests themselves run in the background and may not."""
    before = signal.signal(signal.SIGINT, signal.default_int_handler)
    yield
    signal.signal(signal.SIGINT, before)


@pytest.mark.usefixtures("heeded")
@pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")
@pytest.mark.parametrize("module", ["typer._typing", "typer._click.core", "typer.main", "numpy"])
def test_ctrl_c_while_modules_are_read_shows_no_traceback(module, tmp_path):
    """Python tells on stderr which modules it has read, so that the moment is the same on every machine."""
    command = [sys.executable, "-X", "importtime", "-m", "audiojudge_cli", "score", "nowhere"]
    with subprocess.Popen(command, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        names = (line.rpartition("|")[2].strip() for line in process.stderr)
        assert "audiojudge_cli" in names
        assert module in names
        process.send_signal(signal.SIGINT)
        told = [line for line in process.stderr if not line.startswith("import time:")]
    # A signal that comes while Python runs generated code ends the process by that signal, which shells show as 130.
    assert process.returncode in {130, -signal.SIGINT}
    assert told in ([], ["audiojudge: interrupted\n"])
