"""`kill -9` at thirty moments of a real run: the same command again ends with the files of an undisturbed one."""

from __future__ import annotations

import json
import os
import random
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import pytest
import soundfile

from audiojudge_cli.results.index import JournalIndex

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"
SEEDS = 30
# Captions that cheap probes answer: no network has to be loaded, so that thirty runs take a minute.
CAPTIONS = {
    "sound_dog.flac": "A loud dog.",
    "sound_rain.ogg": "Quiet rain, recorded in stereo.",
    "music_flute.ogg": "A loud flute, a mono recording.",
    "speech_hello_zh.flac": "A quiet voice with background noise.",
}
CUTS = 4
COMMAND = (sys.executable, "-m", "audiojudge_cli", "score", "audio", "--captions", "captions.jsonl", "--quiet")

pytestmark = pytest.mark.skipif(os.name != "posix", reason="signals of POSIX")


@dataclass
class Undisturbed:
    """The run to compare with.

    Attributes:
        root: Holds audio, captions and run folders.
        files: The bytes of its files, by name.
        exit_code: Of the command.
        seconds: The life of the process.
    """

    root: Path
    files: dict[str, bytes]
    exit_code: int
    seconds: float


def score(root: Path, out: str) -> subprocess.Popen[bytes]:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("AUDIOJUDGE_")}
    return subprocess.Popen([*COMMAND, "--out", out], cwd=root, env=environment, stdout=subprocess.DEVNULL)


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
    begun = time.monotonic()
    code = score(root, "undisturbed").wait(120)
    seconds = time.monotonic() - begun
    files = contents(root / "undisturbed")
    assert code == 0
    assert files["records.jsonl"].count(b"\n") == len(rows)
    return Undisturbed(root, files, code, seconds)


def kill_at_some_moment(process: subprocess.Popen[bytes], folder: Path, seed: int, seconds: float) -> None:
    """Kill by the clock, at a line of the journal, or while final files are written, each with some delay."""
    draw = random.Random(seed)
    kind = ("clock", "journal", "final")[seed % 3]
    lines = draw.randint(0, len(CAPTIONS) * CUTS)
    deadline = time.monotonic() + (draw.uniform(0, seconds) if kind == "clock" else 60)
    journal = folder / "records.jsonl"
    while process.poll() is None and time.monotonic() < deadline:
        if kind == "journal" and journal.exists() and journal.read_bytes().count(b"\n") >= lines:
            break
        if kind == "final" and (folder / "files").exists():
            break
        time.sleep(0.0005)
    if kind != "clock":
        time.sleep(draw.choice((0.0, 0.001, 0.003, 0.01)))
    process.kill()
    process.wait()


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
    kill_at_some_moment(score(undisturbed.root, out), folder, seed, undisturbed.seconds)
    check_what_is_left(folder, undisturbed)
    done = len(JournalIndex(folder / "records.jsonl"))
    assert score(undisturbed.root, out).wait(120) == undisturbed.exit_code
    assert contents(folder) == undisturbed.files
    counts = json.loads((folder / "run.json").read_text())["counts"]
    assert counts["kept"] == done
    assert counts["judged"] == counts["clips"] - done
