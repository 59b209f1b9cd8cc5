"""`kill -9` at thirty moments of a real run: the same command again ends with the files of an undisturbed one."""

from __future__ import annotations

import contextlib
import json
import os
import random
import select
import signal
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from audiojudge_cli.results.index import JournalIndex

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"
SEEDS = 10
# Captions that cheap probes answer: no network has to be loaded.
CAPTIONS = {
    "sound_dog.flac": "Loud, a mono recording.",
    "sound_rain.ogg": "Quiet, recorded in stereo.",
    "music_flute.ogg": "A loud, clean recording.",
    "speech_hello_zh.flac": "Quiet, a stereo recording.",
}
CUTS = 4
COMMAND = ("audiojudge", "score", "audio", "--captions", "captions.jsonl", "--quiet", "--out")
# Becomes a process of its own with each command, after the first with all modules read that a run ends with: sixty
# starts take seconds, and moments by the clock fall into the run. It has no threads when it forks.
NURSERY = """
import os, sys
from contextlib import suppress
from importlib import import_module
from audiojudge_cli.app import main
from audiojudge_cli.rubrics.rules import load

load().expand("A dog barks.")
read, write = os.pipe()
for line in sys.stdin:
    child = os.fork()
    if not child:
        sys.argv = [*sys.argv[1:], line.strip()]
        os.dup2(os.open(os.devnull, os.O_RDWR), 1)
        code = main()
        if write:
            with open(write, "w") as known:
                print(*sorted(sys.modules), file=known)
        os._exit(code)
    if write:
        os.close(write)
        for name in open(read).read().split():
            with suppress(ImportError):
                import_module(name)
        write = None
    print(child, flush=True)
    print(os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]), flush=True)
"""

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


class Nursery:
    """Starts one `audiojudge score` after the other."""

    def __init__(self, root: Path) -> None:
        environment = {name: value for name, value in os.environ.items() if not name.startswith("AUDIOJUDGE_")}
        command = [sys.executable, "-c", NURSERY, *COMMAND]
        self.process = subprocess.Popen(
            command, cwd=root, env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE, bufsize=0
        )
        assert self.process.stdin
        assert self.process.stdout
        self.orders, self.told = self.process.stdin, self.process.stdout

    def start(self, out: str) -> int:
        """Start the command; return the id of its process."""
        self.orders.write(f"{out}\n".encode())
        return int(self.told.readline())

    def ended(self) -> bool:
        return bool(select.select([self.told], [], [], 0.0)[0])

    def wait(self) -> int:
        """Return the exit code of what was started last."""
        return int(self.told.readline())


@dataclass
class Undisturbed:
    """The run to compare with.

    Attributes:
        root: Holds audio, captions and run folders.
        nursery: Runs the command there.
        files: The bytes of its files, by name.
        exit_code: Of the command.
        seconds: The life of the process.
    """

    root: Path
    nursery: Nursery
    files: dict[str, bytes]
    exit_code: int
    seconds: float


def contents(folder: Path) -> dict[str, bytes]:
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name not in {"run.json", ".lock"}]
    return {str(path.relative_to(folder)): path.read_bytes() for path in paths}


@pytest.fixture(scope="module")
def undisturbed(tmp_path_factory):
    root = tmp_path_factory.mktemp("kill")
    (root / "audio").mkdir()
    rows = []
    for name, caption in CAPTIONS.items():
        samples, rate = soundfile.read(EXAMPLES / name)
        for cut in range(CUTS):
            start = cut * len(samples) // (2 * CUTS)
            file = f"{Path(name).stem}{cut}.wav"
            soundfile.write(root / "audio" / file, samples[start : start + rate // 2], rate)
            rows.append({"file_name": file, "caption": caption})
    (root / "captions.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    nursery = Nursery(root)
    nursery.start("first")
    assert nursery.wait() == 0
    begun = time.monotonic()
    nursery.start("undisturbed")
    code = nursery.wait()
    seconds = time.monotonic() - begun
    files = contents(root / "undisturbed")
    assert code == 0
    assert files["records.jsonl"].count(b"\n") == len(rows)
    yield Undisturbed(root, nursery, files, code, seconds)
    nursery.process.communicate(timeout=60)


def kill_at_some_moment(nursery: Nursery, folder: Path, seed: int, seconds: float) -> None:
    """Kill by the clock, at a line of the journal, or while final files are written, each with some delay."""
    draw = random.Random(seed)
    kind = ("clock", "journal", "final")[seed % 3]
    lines = draw.randint(0, len(CAPTIONS) * CUTS)
    process = nursery.start(folder.name)
    deadline = time.monotonic() + (draw.uniform(0, seconds) if kind == "clock" else 60)
    journal = folder / "records.jsonl"
    while not nursery.ended() and time.monotonic() < deadline:
        if kind == "journal" and journal.exists() and journal.read_bytes().count(b"\n") >= lines:
            break
        if kind == "final" and (folder / "files").exists():
            break
        time.sleep(0.0005)
    if kind != "clock":
        time.sleep(draw.choice((0.0, 0.001, 0.003, 0.01)))
    with contextlib.suppress(ProcessLookupError):
        os.kill(process, signal.SIGKILL)
    nursery.wait()


def check_what_is_left(folder: Path, undisturbed: Undisturbed) -> None:
    """What has its final name is complete, and every whole line of the journal is right."""
    right = set(undisturbed.files["records.jsonl"].splitlines(keepends=True))
    for name, data in contents(folder).items():
        if name == "records.jsonl":
            whole = [line for line in data.splitlines(keepends=True) if line.endswith(b"\n")]
            assert set(whole) <= right
            assert len(whole) == len(set(whole))
        elif not Path(name).name.startswith("."):
            assert data == undisturbed.files[name]


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(SEEDS))
def test_a_run_killed_at_any_moment_is_finished_by_the_same_command(seed, undisturbed):
    out = f"killed{seed}"
    folder = undisturbed.root / out
    kill_at_some_moment(undisturbed.nursery, folder, seed, undisturbed.seconds)
    check_what_is_left(folder, undisturbed)
    done = len(JournalIndex(folder / "records.jsonl"))
    undisturbed.nursery.start(out)
    assert undisturbed.nursery.wait() == undisturbed.exit_code
    assert contents(folder) == undisturbed.files
    counts = json.loads((folder / "run.json").read_text())["counts"]
    assert counts["kept"] == done
    assert counts["judged"] == counts["clips"] - done
