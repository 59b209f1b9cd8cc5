"""What the engine itself costs: per clip, over several workers, and in memory.

Usage: python benchmarks/engine.py [overhead] [scaling] [memory] [--clips N] [--turns N] [--rows N ...] [--repeats N]

overhead: milliseconds per clip with a judge and an expander that cost nothing, on one core, from pairing to the last
    file of the run folder. The clips are 20 ms of audio; what decoding them takes is measured by itself, and
    "engine" is the rest. Bar: 1 ms.
scaling: the embedded judge on one worker and on two, in turns, clips of examples/audio; records must be the same to
    the byte. Bar: 1.8 times as fast.
memory: peak memory of whole runs against the number of rows of the manifest, judge costless; each row names one of a
    hundred short clips. Bar: 300 MB, and time in proportion to the rows.

TMPDIR says on which file system the runs lie. Other programs slow both sides of a ratio; the load of the machine stands
beside every figure.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import ParamSpec

os.environ.setdefault("OMP_NUM_THREADS", "1")
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import numpy as np
import soundfile

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.judges.base import Case, Judge
from audiojudge_cli.judges.embedded.judge import load as load_embedded
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.verdict import Verdict, answered
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.rubrics.rules import load as load_rules
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.runs.score import score

Given = ParamSpec("Given")
EXAMPLES = Path(__file__).parent.parent / "examples"
ITEMS = 5
RATE = 16_000
VERDICT = answered(0.9, "a dog barks at 0.0 s", "costless", times=((0.0, 0.02),), facts={"logit": 2.5})
RUBRIC = Rubric(
    tuple(RubricItem("event", f"Is dog number {number} heard barking?", f"dog {number}") for number in range(ITEMS)),
    "en",
    "sound",
)


@dataclass(frozen=True)
class Costless:
    """A judge and an expander that answer the same to everything."""

    name: str = "costless"
    fingerprint: str = "1"
    device: str = "cpu"
    concurrent: int = 1

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one verdict per item."""
        return [[VERDICT] * ITEMS for _ in cases]

    def describe(self) -> dict[str, str]:
        """Return nothing of interest."""
        return {"card": "none"}

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:  # noqa: ARG002
        """Return one rubric for all captions."""
        return RUBRIC


class Silent:
    """Follows a run without a word."""

    def paired(self, report: PairingReport, clips: int) -> None:
        """Nothing to say."""

    def resumed(self, mine: int, others: int) -> None:
        """Nothing to say."""

    def ready(self, judge: Judge, expander: JudgeRef) -> None:
        """Nothing to say."""

    def arrived(self, clips: int) -> None:
        """Nothing to say."""

    def waiting(self, why: str) -> None:
        """Nothing to say."""

    def finished(self, record: Record, *, kept: bool) -> None:
        """Nothing to say."""


def main() -> None:
    """Print the tables asked for."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("parts", nargs="*", default=["overhead", "scaling", "memory"])
    parser.add_argument("--clips", type=int, default=3000, help="for overhead")
    parser.add_argument("--rows", type=int, nargs="+", default=[10_000, 30_000, 100_000], help="for memory")
    parser.add_argument("--turns", type=int, default=4, help="for scaling: how often each example is judged")
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--one-run", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.one_run:
        _one_run(arguments.one_run)
        return
    parts = {"overhead": _overhead, "scaling": _scaling, "memory": _memory}
    for part in arguments.parts:
        parts[part](arguments)


def _overhead(arguments: argparse.Namespace) -> None:
    print(f"overhead: {arguments.clips} clips, {ITEMS} items each, one core\n")
    print(f"{'':15}{'clock, ms per clip':>29}{'CPU, ms per clip':>31}")
    print(f"{'':5}" + f"{'whole':>10}{'decoding':>10}{'engine':>10}" * 2 + f"{'files':>10}{'load':>7}")
    with _pinned(1):
        for _ in range(arguments.repeats):
            with tempfile.TemporaryDirectory() as name:
                root, clips = Path(name), arguments.clips
                audio = _short_clips(root, clips)
                rows = [{"file_name": path.name, "caption": f"Dog {path.stem} barks."} for path in audio]
                _write_rows(root / "captions.jsonl", rows)
                os.sync()  # else the run would wait for the disk to take the clips made just now
                decoding = _timed(_decode_all, audio)
                whole = _timed(_run, root / "audio", root, Costless(), Costless())
                files = _timed(_floor, root / "floor", clips)
            cells = [cell for at in (0, 1) for cell in (whole[at], decoding[at], whole[at] - decoding[at])]
            print(f"{'':5}" + "".join(f"{1000 * cell / clips:10.3f}" for cell in (*cells, files[0])) + _load())
    print("\nfiles: the clock for making as many files of 2 kB and nothing else\n")


def _decode_all(paths: Sequence[Path]) -> None:
    for path in paths:
        decode(path)


def _timed(work: Callable[Given, object], *args: Given.args, **options: Given.kwargs) -> tuple[float, float]:
    """Return seconds of the clock and of the CPU."""
    begun, before = time.perf_counter(), time.process_time()
    work(*args, **options)
    return time.perf_counter() - begun, time.process_time() - before


def _floor(folder: Path, clips: int) -> None:
    folder.mkdir()
    for number in range(clips):
        (folder / f"{number}.json").write_bytes(b" " * 2000)


def _scaling(arguments: argparse.Namespace) -> None:
    rows = [json.loads(line) for line in (EXAMPLES / "captions.jsonl").read_text(encoding="utf-8").splitlines()]
    judges = {workers: load_embedded(device="cpu", threads=workers) for workers in (1, 2)}
    count = arguments.turns * len(rows)
    print(f"scaling: embedded judge, {count} clips of examples/audio, {len(os.sched_getaffinity(0))} cores\n")
    print(f"{'1 worker':>12}{'2 workers':>12}{'ratio':>8}{'CPU':>8}{'machine':>9}{'same bytes':>12}{'load':>7}")
    with tempfile.TemporaryDirectory() as name:
        root = Path(name)
        _write_rows(
            root / "captions.jsonl",
            [{**row, "id": f"{row['id']}-{turn}"} for turn in range(arguments.turns) for row in rows],
        )
        for workers, judge in judges.items():  # models are loaded and warm before the clock starts
            _run(EXAMPLES / "audio", root, judge, load_rules(), workers=workers, out=f"warm{workers}")
        for repeat in range(arguments.repeats):
            took: dict[int, tuple[float, float]] = {}
            journals: dict[int, bytes] = {}
            machine: dict[int, float] = {}
            for workers in (1, 2) if repeat % 2 == 0 else (2, 1):
                out, judge = f"run{repeat}-{workers}", judges[workers]
                examples = EXAMPLES / "audio"
                took[workers] = _timed(_run, examples, root, judge, load_rules(), workers=workers, out=out)
                machine[workers] = _hashing(workers)
                journals[workers] = (root / out / "records.jsonl").read_bytes()
            same = "yes" if journals[1] == journals[2] else "NO"
            ratio, cpu = took[1][0] / took[2][0], took[1][1] / took[2][1]
            free = machine[1] / machine[2]
            print(f"{took[1][0]:10.2f} s{took[2][0]:10.2f} s{ratio:8.2f}{cpu:8.2f}{free:9.2f}{same:>12}{_load()}")
    print(
        "\nCPU: the same ratio of CPU time (1 is: no time lost to each other); machine: the ratio that hashing reaches,"
    )
    print("which shares nothing, at about the same time: what other programs left of the second core\n")


def _hashing(threads: int) -> float:
    """Return the seconds that hashing a gigabyte takes on so many threads."""
    block = bytes(32 << 20)
    with ThreadPoolExecutor(threads) as pool:
        begun = time.perf_counter()
        list(pool.map(lambda _: hashlib.sha256(block).digest(), range(32)))
        return time.perf_counter() - begun


def _memory(arguments: argparse.Namespace) -> None:
    print("memory: whole runs, judge costless\n")
    print(f"{'rows':>12}{'peak MB':>9}{'seconds':>9}{'ms per row':>12}{'load':>7}")
    for rows in arguments.rows:
        with tempfile.TemporaryDirectory() as name:
            root = Path(name)
            audio = _short_clips(root, 100)
            _write_rows(
                root / "captions.jsonl",
                (
                    {"id": f"clip{row}", "audio": f"audio/{audio[row % 100].name}", "caption": f"Dog {row} barks."}
                    for row in range(rows)
                ),
            )
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, __file__, "--one-run", str(root)], check=True, capture_output=True, text=True
            )
            took = time.perf_counter() - begun
        print(f"{rows:12,}{float(done.stdout):9.0f}{took:9.1f}{1000 * took / rows:12.3f}{_load()}")
    print()


def _one_run(root: Path) -> None:
    _run(None, root, Costless(concurrent=2), Costless(), workers=2)
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)


def _run(
    outputs: Path | None, root: Path, judge: Judge, expander: Expander, *, workers: int = 1, out: str = "run"
) -> None:
    options = ScoreOptions(
        outputs=None if outputs is None else str(outputs),
        captions=str(root / "captions.jsonl"),
        out=root / out,
        preset=Preset(workers=workers),
    )
    scored = score(options, judge=lambda: judge, expander=lambda: expander, watcher=Silent(), stop=Stop())
    if scored.exit_code:
        raise SystemExit(f"the run failed: {scored.reason}")


def _short_clips(root: Path, count: int) -> list[Path]:
    folder = root / "audio"
    folder.mkdir()
    paths = [folder / f"{number}.wav" for number in range(count)]
    time_s = np.arange(RATE // 50) / RATE
    for number, path in enumerate(paths):
        soundfile.write(path, 0.5 * np.sin(2 * np.pi * (200 + number) * time_s), RATE)
    return paths


def _write_rows(path: Path, rows: Iterator[dict[str, str]] | Sequence[dict[str, str]]) -> None:
    with path.open("w", encoding="utf-8") as file:
        for row in rows:
            file.write(json.dumps(row) + "\n")


@contextmanager
def _pinned(cores: int) -> Iterator[None]:
    before = os.sched_getaffinity(0)
    os.sched_setaffinity(0, sorted(before)[:cores])
    try:
        yield
    finally:
        os.sched_setaffinity(0, before)


def _load() -> str:
    return f"{os.getloadavg()[0]:7.1f}"


if __name__ == "__main__":
    main()
