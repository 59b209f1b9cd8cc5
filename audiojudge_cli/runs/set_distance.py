"""A set of outputs against a set of references: the kernel distance of their embeddings, in `distance.json`."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.pairing import find_clips
from audiojudge_cli.errors import AudiojudgeError, ClipError, InputError, NotJudgedError
from audiojudge_cli.probes.sessions import Models, shared_models
from audiojudge_cli.quality.embedding import EMBEDDINGS, Embedding, Vector
from audiojudge_cli.results.write import write_json
from audiojudge_cli.runs.folder import DISTANCE, run_folder, unwritable
from audiojudge_cli.runs.measuring import CARD
from audiojudge_cli.runs.memory_budget import MemoryBudget
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.prefetch import prefetch
from audiojudge_cli.runs.selection import choose
from audiojudge_cli.stats.kernel_distance import LEAST, KernelDistance, kernel_distance
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.text.terminal import shown
from audiojudge_cli.weights.catalog import find_card

SCHEMA = "audiojudge.distance/1"

SCALE = 100.0
"""MMD² is shown a hundred times as large, as the kernel audio distance's own toolkit does."""

FEW = 50
"""Clips in the smaller set below which the width of the interval is pointed out: there it is as wide as the distance
that 30 dB of noise make (docs/quality-profile.md)."""

_PLACES = 4

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Heard:
    """One file of a set.

    Attributes:
        audio: Its path, as records show it.
        sha256: Of its bytes; empty where it could not be read.
        vector: Its embedding; None where it has none.
        problem: What kept it from one, kind and message.
    """

    audio: str
    sha256: str = ""
    vector: Vector | None = None
    problem: tuple[str, str] | None = None


class Against:
    """Compares the clips of a run with a set of references.

    Args:
        options: Of the run.
        reference: Folder of audio, or a manifest.
        embedding: A name of `EMBEDDINGS`.

    Raises:
        InputError: If the options do not fit, or either side has too few files.
    """

    def __init__(self, options: ScoreOptions, reference: str, embedding: str) -> None:
        if options.shard is not None:
            raise InputError("a distance is about a whole set, so --against and --shard do not go together")
        if "-" in {options.outputs, options.captions, reference}:
            raise InputError("--against reads what it compares once more, so it cannot come from standard input")
        self._options, self._reference = options, reference
        self._embedding: Embedding = EMBEDDINGS[embedding]
        self._references = _once(find_clips(reference, captioned=False).clips)
        for path, clips in ((reference, self._references), (_ours(options), self._outputs())):
            if len(clips) < LEAST:
                raise InputError(
                    f"{shown(path)} holds {counted(len(clips), 'audio file')} to compare; a distance needs {LEAST} on "
                    "either side, for fewer say nothing about the set they come from"
                )

    def measure(self, progress: Progress) -> dict[str, Any]:
        """Hear both sets, write `distance.json` into the run folder, and return its content.

        Args:
            progress: Called with the number of files heard so far, and of all.

        Raises:
            NotJudgedError: If too few files could be heard, or the file cannot be written.
            WeightsError: If weights are missing.
        """
        outputs = self._outputs()
        total = len(outputs) + len(self._references)
        ours = self._hear(outputs, lambda done: progress(done, total))
        theirs = self._hear(self._references, lambda done: progress(len(outputs) + done, total))
        data = self._told(ours, theirs, self._distance(ours, theirs))
        path = self._options.out / DISTANCE
        with run_folder(self._options.out):
            try:
                write_json(path, data)
            except OSError as error:
                raise unwritable(path, error) from error
        return data

    def _outputs(self) -> list[Clip]:
        options = self._options
        return _once(choose(options.pair().clips, options.selection, options.preset.subset).clips)

    def _hear(self, clips: Iterable[Clip], progress: Callable[[int], None]) -> list[Heard]:
        preset = self._options.preset
        models = shared_models(find_card(CARD), "cpu", preset.threads)
        hear = partial(self._hear_one, models=models, room=MemoryBudget(preset.limits.ahead_bytes))
        found: list[Heard] = []
        for heard in prefetch(clips, hear, workers=preset.threads, window=4 * preset.threads):
            found.append(heard)
            progress(len(found))
        return found

    def _hear_one(self, clip: Clip, *, models: Models, room: MemoryBudget) -> Heard:
        limits = self._options.preset.limits
        try:
            with room.one() as held:
                waveform = decode(clip.source, max_duration_s=limits.duration_s, max_bytes=limits.file_bytes)
                held.take(waveform.channels.nbytes)
                return Heard(clip.audio_name, waveform.sha256, self._embedding.of(waveform, models))
        except ClipError as error:
            problem = (error.kind, hidden(str(error)))
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one odd file must not end the comparison of thousands
            problem = ("judge", hidden(f"{type(error).__name__}: {error}"))
        return Heard(clip.audio_name, problem=problem)

    def _distance(self, ours: list[Heard], theirs: list[Heard]) -> KernelDistance:
        sets, files = [], []
        for what, heard in (("outputs", ours), ("references", theirs)):
            vectors = [one.vector for one in heard if one.vector is not None]
            files.append([one.sha256 for one in heard if one.vector is not None])
            if len(vectors) < LEAST:
                share = f"only {len(vectors)} of {len(heard)} {what}"
                raise NotJudgedError(f"{share} could be heard; a distance needs {LEAST} on either side")
            sets.append(np.stack(vectors))
        try:
            return kernel_distance(*sets, same=_same(*files))
        except ValueError as error:
            raise NotJudgedError(f"no distance to {shown(self._reference)}: {error}") from error

    def _told(self, ours: list[Heard], theirs: list[Heard], found: KernelDistance) -> dict[str, Any]:
        card = find_card(CARD)
        bytes_of = [{one.sha256 for one in heard if one.vector is not None} for heard in (ours, theirs)]
        return {
            "schema": SCHEMA,
            "distance": _scaled(found.value),
            "error": _scaled(found.error),
            "interval": {"level": found.level, "low": _scaled(found.low), "high": _scaled(found.high)},
            "embedding": {
                "name": self._embedding.name,
                "title": self._embedding.title,
                "dimensions": self._embedding.dimensions,
                "fingerprint": card.weights[self._embedding.name].fingerprint[:16],
            },
            "kernel": {"name": "gaussian", "bandwidth": float(f"{found.bandwidth:.6g}"), "scale": SCALE},
            "outputs": _side(_ours(self._options), ours),
            "reference": _side(self._reference, theirs),
            "shared": len(bytes_of[0] & bytes_of[1]),
        }


def _same(ours: list[str], theirs: list[str]) -> list[tuple[int, int]]:
    """Return the positions of files that are the same to the byte on both sides."""
    places: dict[str, list[int]] = {}
    for at, file in enumerate(theirs):
        places.setdefault(file, []).append(at)
    return [(mine, other) for mine, file in enumerate(ours) for other in places.get(file, ())]


def _once(clips: Iterable[Clip]) -> list[Clip]:
    """Return each audio once: two captions for one file do not make it two of a set."""
    return list({str(clip.source): clip for clip in clips}.values())


def _scaled(value: float) -> float:
    return round(SCALE * value, _PLACES) + 0.0


def _ours(options: ScoreOptions) -> str:
    """Return where the outputs of a run are: their folder, or the manifest that names them."""
    return str(options.outputs or options.captions or "")


def _side(path: str, heard: list[Heard]) -> dict[str, Any]:
    problems = ((one.audio, *one.problem) for one in heard if one.problem is not None)
    return {
        "path": str(Path(path)),
        "files": len(heard),
        "used": sum(one.vector is not None for one in heard),
        "skipped": [{"audio": audio, "kind": kind, "message": message} for audio, kind, message in problems],
    }


def distance_lines(data: dict[str, Any]) -> list[str]:
    """Return what `distance.json` says in lines for people: the distance, then what makes it less than it looks."""
    ours, theirs, interval = data["outputs"], data["reference"], data["interval"]
    reach = f"{interval['level']:.0%}: {interval['low']:.2f} to {interval['high']:.2f}"
    sizes = f"{counted(ours['used'], 'clip')} against {theirs['used']}"
    lines = [
        f"distance to {shown(theirs['path'])}: {data['distance']:.2f} ({reach})",
        f"  kernel audio distance of {data['embedding']['title']} embeddings, {sizes}",
    ]
    if interval["low"] <= 0:
        lines.append("  no difference is shown: the interval holds 0, which two sets from one source have")
    if (least := min(ours["used"], theirs["used"])) < FEW:
        lines.append(f"  the interval is wide: {least} clips in a set are few; 200 on either side make it narrow")
    if data["shared"]:
        lines.append(f"  {counted(data['shared'], 'file')} on both sides to the byte; none is compared with itself")
    for what, side in (("outputs", ours), ("references", theirs)):
        if side["skipped"]:
            first = side["skipped"][0]
            lines.append(
                f"  {len(side['skipped'])} of {side['files']} {what} left out (first: {shown(first['audio'])}: "
                f"{first['message']})"
            )
    return lines
