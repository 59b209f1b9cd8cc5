from __future__ import annotations

import os
import subprocess
import sys

import pytest

from audiojudge_cli import __version__

HEAVY = (
    *("numpy", "pandas", "pyarrow", "scipy", "soundfile", "soxr", "onnxruntime", "ctranslate2", "tokenizers"),
    *("torch", "transformers", "matplotlib", "jinja2", "yaml", "rich", "tqdm", "jiwer", "pyloudnorm"),
)


def python(code: str, *arguments: str, **env: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-c", code, *arguments], capture_output=True, text=True, env={**os.environ, **env}, check=False
    )


@pytest.mark.parametrize(
    "arguments", [["--help"], ["--version"], ["score", "--help"], ["doctor", "--help"], ["models", "--help"]]
)
def test_help_imports_nothing_heavy(arguments):
    code = (
        "import sys\n"
        "from audiojudge_cli.app import main\n"
        "code = main()\n"
        f"heavy = sorted(set({HEAVY!r}) & set(sys.modules))\n"
        "sys.exit(f'heavy: {heavy}' if heavy else code)\n"
    )
    done = python(code, *arguments)
    assert done.returncode == 0, done.stderr
    assert done.stdout


def test_version():
    done = subprocess.run(
        [sys.executable, "-m", "audiojudge_cli", "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"audiojudge {__version__}\n"


def test_shell_completion_offers_the_commands():
    env = {"_AUDIOJUDGE_COMPLETE": "complete_bash", "COMP_WORDS": "audiojudge sc", "COMP_CWORD": "1"}
    done = python("import sys; from audiojudge_cli.app import main; sys.exit(main())", **env)
    assert done.stdout.split() == ["score"]


BROKEN = (
    "import sys\n"
    "from audiojudge_cli import app\n"
    "@app.app.command('fall')\n"
    "def fall(how: str) -> None:\n"
    "    from audiojudge_cli.errors import InputError\n"
    "    if how == 'stop':\n"
    "        raise KeyboardInterrupt\n"
    "    raise InputError('first\\nsecond') if how == 'input' else ZeroDivisionError('oops')\n"
    "sys.exit(app.main())\n"
)


@pytest.mark.parametrize(
    ("how", "code", "message"),
    [
        ("input", 2, "audiojudge: error: first second\n"),
        ("bug", 3, "a mistake in audiojudge (ZeroDivisionError: oops)"),
    ],
)
def test_errors_are_one_line_and_debug_shows_where(how, code, message):
    plain = python(BROKEN, "fall", how)
    assert plain.returncode == code
    assert message in plain.stderr
    assert plain.stderr.count("\n") == 1
    assert "Traceback" in python(BROKEN, "fall", how, AUDIOJUDGE_DEBUG="1").stderr


def test_ctrl_c_is_130():
    done = python(BROKEN, "fall", "stop")
    assert done.returncode == 130
    assert "Traceback" not in done.stderr


def test_no_arguments_show_the_help():
    done = python("import sys; from audiojudge_cli.app import main; sys.exit(main())")
    assert done.returncode == 2
    assert "Usage: audiojudge" in done.stdout + done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="/dev/full")  # noqa: PTH110
def test_a_full_disk_behind_stdout_is_one_clear_line():
    for arguments in (["--version"], ["doctor"]):
        with open("/dev/full", "w") as full:  # noqa: PTH123
            done = subprocess.run(
                [sys.executable, "-m", "audiojudge_cli", *arguments],
                stdout=full,
                stderr=subprocess.PIPE,
                text=True,
                check=False,
            )
        assert done.returncode == 3
        assert done.stderr.startswith("audiojudge: error: No space left on device (the output")
        assert done.stderr.count("\n") == 1


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
@pytest.mark.parametrize(("closed", "code"), [(">&-", 0), ("2>&-", 0), ("<&-", 0), (">&- 2>&-", 0)])
def test_streams_may_be_closed(closed, code):
    command = f"{sys.executable} -m audiojudge_cli models path {closed}"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr) == (code, "")


@pytest.mark.skipif(os.name != "posix", reason="a shell of POSIX")
def test_a_closed_stdin_is_no_manifest():
    command = f"{sys.executable} -m audiojudge_cli score - <&-"
    done = subprocess.run(["/bin/sh", "-c", command], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stderr.startswith("audiojudge: error: standard input is closed")) == (2, True)
