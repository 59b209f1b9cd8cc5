"""A disk that fills up or cannot be written: one clear line, nothing lost, and the same command finishes the run."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from functools import cache
from pathlib import Path

import pytest

CAPTIONS = [f"{number + 1}00 Hz, loud, purple" for number in range(30)]
SCORE = f"{sys.executable} -m audiojudge_cli score outputs --captions captions.jsonl --judge tone --expander tones"

pytestmark = pytest.mark.skipif(not sys.platform.startswith("linux"), reason="file systems of Linux")


@cache
def can_mount() -> bool:
    """Return whether a small file system can be mounted, in a name space of its own."""
    if not os.path.exists("/usr/bin/unshare") and not os.path.exists("/bin/unshare"):  # noqa: PTH110
        return False
    script = "mount -t tmpfs -o size=64k none /mnt"
    return subprocess.run(["unshare", "-rm", "sh", "-c", script], capture_output=True, check=False).returncode == 0


@pytest.fixture
def shell(cli):
    """Run a script in a mount name space of its own; returns (exit code, lines on stderr)."""

    def run(script):
        done = subprocess.run(
            ["unshare", "-rm", "sh", "-c", script],
            cwd=cli.folder,
            env=cli.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        return done.returncode, done.stderr.splitlines()

    return run


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.mark.slow
@pytest.mark.skipif(not can_mount(), reason="no file system can be mounted here (needs unshare and name spaces)")
@pytest.mark.parametrize("size", [28, 100])
def test_a_disk_that_fills_up_anywhere_in_a_run(size, cli, tones, shell, tmp_path):
    tones(CAPTIONS)
    (tmp_path / "full").mkdir()
    code, lines = shell(
        f"mount -t tmpfs -o size={size}k none full && {SCORE} --out full/run --quiet; echo code=$? >&2;"
        f"mount -o remount,size=20m full && {SCORE} --out full/run --quiet >/dev/null; echo code=$? >&2;"
        "cp -r full/run kept"
    )
    assert code == 0
    assert cli(*SCORE.split()[3:], "--out", "undisturbed").returncode == 0
    assert lines[-1] == "code=0"
    assert contents(tmp_path / "kept") == contents(tmp_path / "undisturbed")
    if lines[0] != "code=0":
        first, told = lines[1], lines[0]
        assert first in {"code=2", "code=3"}
        assert told.startswith("audiojudge: error: cannot write")
        assert "No space left on device" in told
        assert len(lines) == 3
    counts = json.loads((tmp_path / "kept" / "run.json").read_text())["counts"]
    assert counts["kept"] + counts["judged"] == len(CAPTIONS)
    if size == 28:
        assert 5 < counts["kept"] < len(CAPTIONS)


@pytest.mark.parametrize("kilobytes", [1, 20])
def test_a_file_that_may_not_grow_any_further(kilobytes, cli, tones, tmp_path):
    """The same by the limit on file sizes, which needs no rights."""
    tones(CAPTIONS)
    script = f"ulimit -f {2 * kilobytes}; {SCORE} --out run --quiet"
    done = subprocess.run(
        ["sh", "-c", script], cwd=tmp_path, env=cli.environment(), capture_output=True, text=True, check=False
    )
    assert done.returncode == 3
    assert done.stderr.startswith("audiojudge: error: cannot write ")
    assert "File too large" in done.stderr
    assert done.stderr.count("\n") == 1
    assert cli(*SCORE.split()[3:], "--out", "run").returncode == 0
    assert cli(*SCORE.split()[3:], "--out", "undisturbed").returncode == 0
    assert contents(tmp_path / "run") == contents(tmp_path / "undisturbed")


@pytest.mark.skipif(not can_mount(), reason="no file system can be mounted here (needs unshare and name spaces)")
@pytest.mark.parametrize("begun", [False, True])
def test_a_read_only_output_is_one_clear_line(begun, tones, shell, tmp_path):
    tones(["100 Hz", "200 Hz"])
    (tmp_path / "still").mkdir()
    first = f"{SCORE} --out still/run --quiet >/dev/null;" if begun else ""
    _, lines = shell(
        f"mount -t tmpfs none still && {first} mount -o remount,ro still; {SCORE} --out still/run --quiet; echo $? >&2"
    )
    assert lines[-1] == "2"
    assert lines[0].startswith("audiojudge: error: cannot write to still/run: Read-only file system")
    assert len(lines) == 2
