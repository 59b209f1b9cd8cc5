"""A line that a signal's handler writes while another line is being written is not lost."""

import subprocess
import sys

import pytest

PROGRAM = """
import io, os, signal, sys, time

class Slow(io.RawIOBase):
    first = True
    def writable(self): return True
    def fileno(self): return 2
    def write(self, data):
        if Slow.first:
            Slow.first = False
            os.kill(os.getpid(), {number})  # its handler runs within the buffer's own call
            time.sleep(0.05)
        return os.write(2, data)

from audiojudge_cli.commands.console import say, write_remark
write, end = {write}, {end!r}
signal.signal({number}, lambda *_: write("second" + end))
sys.stderr = io.TextIOWrapper(io.BufferedWriter(Slow()), encoding="utf-8", line_buffering=True)
write("first" + end)
write("third" + end)
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals of POSIX")
@pytest.mark.parametrize("number", [2, 15])
@pytest.mark.parametrize("write", ["say", "write_remark"])
def test_no_line_is_lost(number: int, write: str) -> None:
    program = PROGRAM.format(number=number, write=write, end="" if write == "say" else "\n")
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert sorted(line.removeprefix("audiojudge: ") for line in done.stderr.split("\n") if line) == [
        "first",
        "second",
        "third",
    ]
