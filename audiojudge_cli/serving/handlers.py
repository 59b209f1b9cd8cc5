"""What each request is answered with: clips are made of it, put in line, and their records told."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath
from typing import Any

import numpy as np

from audiojudge_cli.api.preparing import preparer
from audiojudge_cli.api.running import expander_of
from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.ids import safe_id
from audiojudge_cli.clips.in_memory import held
from audiojudge_cli.clips.opened import Inner
from audiojudge_cli.comparing.prefer import heard, prefer
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.judges.base import Judge
from audiojudge_cli.judges.rating import rating_judge
from audiojudge_cli.results.ratings import clip_ratings
from audiojudge_cli.results.record import Record
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.files import item_row
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.rubrics.writer import RefusedError
from audiojudge_cli.runs.execute import Effort, Pace, settle
from audiojudge_cli.runs.measuring_only import MeasuringOnly, NoRubrics
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.runs.rating_rubrics import CriteriaRubrics
from audiojudge_cli.runs.rubric_source import RubricSource
from audiojudge_cli.scales.sets import chosen_criteria, scale_names
from audiojudge_cli.serving.allowed_root import Root, RootedFile
from audiojudge_cli.serving.batching import Batcher, Heard, Job
from audiojudge_cli.serving.problems import ProblemError, of_failure
from audiojudge_cli.serving.schemas import CompareAsk, ExpandAsk, Form, RateAsk, ScoreAsk, decoded

_NO_FILE = Path("request")
"""Where a clip lies that came with a request: nowhere; its bytes are judged instead."""

_WARMING, _WARMING_RATE = "A dog barks.", 16_000
"""What the judge is warmed up with: a second of noise at this rate."""


@dataclass(frozen=True, slots=True)
class Policy:
    """What a server does for whoever schemas.

    Attributes:
        preset: Judge, expander, decision, limits and the like.
        root: The folder whose files may be named; None: none may.
        most_bytes: Largest body, and largest file.
    """

    preset: Preset
    root: Root | None
    most_bytes: int


class Handlers:
    """Answers requests with a judge that is loaded; made once it is.

    Args:
        policy: What is done.
        judge: Who answers.
        heard: Told of every call of the judge.

    Raises:
        AudiojudgeError: If the judge or the expander does not fit the options.
    """

    def __init__(self, policy: Policy, judge: Judge, heard: Heard) -> None:
        preset = policy.preset
        self._policy, self._judge = policy, judge
        self._expander: Expander = expander_of(preset, lambda: judge)
        rubrics = RubricSource(self._expander)
        unasked = MeasuringOnly(preset.threads)
        full = preset.model_copy(update={"quality": "full"})
        self._rating = preset.model_copy(update={"quality": "off"})
        self._prepared = {
            "score": (preparer(preset, judge, rubrics), judge),
            "alignment": (preparer(preset, judge, rubrics), judge),
            "quality": (preparer(full.model_copy(update={"calibration": None}), unasked, NoRubrics()), unasked),
            "both": (preparer(full, judge, rubrics), judge),
        }
        pace = Pace(preset.threads, preset.batch, preset.limits.ahead_bytes)
        self._batcher = Batcher(judge, pace, heard)
        self._writers = ThreadPoolExecutor(max(1, preset.threads), thread_name_prefix="audiojudge-expand")

    def warm(self) -> None:
        """Judge a moment of noise, so that everything is loaded before anybody is promised an answer.

        A judge elsewhere is not asked: that may cost money.

        Raises:
            AudiojudgeError: If something that every answer needs is missing.
        """
        self._expander.expand(_WARMING)
        if self._judge.device.partition(":")[0] not in {"cpu", "cuda"}:
            return
        prepare, judge = self._prepared["score"]
        noise = np.random.default_rng(0).uniform(-0.1, 0.1, _WARMING_RATE).astype(np.float32)
        clip = Clip("warming", _NO_FILE, "warming", _WARMING, embedded=held(noise, _WARMING_RATE))
        settle([prepare(clip)], judge, Effort())

    def close(self) -> None:
        """Settle what is in line and end the threads."""
        self._batcher.close()
        self._writers.shutdown()

    async def score(self, ask: ScoreAsk, form: Form) -> dict[str, Any]:
        """Return the record of a clip."""
        return (await self._records("score", [_clip(ask, self._source(ask, form))]))[0].to_dict()

    async def compare(self, ask: CompareAsk, form: Form) -> dict[str, Any]:
        """Return which of two clips is better, and the records of both."""
        clips = [_clip(ask, self._source(ask, form, side)) for side in ("_a", "_b")]
        if ask.by == "quality":  # whoever only measures asks nothing
            clips = [replace(clip, rubric=None) for clip in clips]
        a, b = await self._records(ask.by, clips)
        found = prefer(heard(a), heard(b), ask.by)
        told = {name: getattr(found, name) for name in found.__slots__}
        return {**told, "by": ask.by, "a": a.to_dict(), "b": b.to_dict()}

    async def rate(self, ask: RateAsk, form: Form) -> dict[str, Any]:
        """Return the ratings of a clip, and the record that holds them."""
        known = scale_names()
        if strange := [name for name in ask.scale if name not in known]:  # a path would be a file of this machine
            raise ProblemError(422, "request", f"no scale is named {strange[0]!r}; known: {', '.join(known)}")
        criteria = chosen_criteria(ask.instruction, ask.scale, ask.paraphrases)
        judge = rating_judge(self._judge, criteria)
        prepare = preparer(self._rating.model_copy(update={"calibration": None}), judge, CriteriaRubrics(criteria))
        source = self._source(ask, form)
        job = Job(replace(_named(source, ask.id), caption=""), prepare, judge)
        record = (await self._settled([job]))[0]
        ratings = [{name: getattr(one, name) for name in one.__slots__} for one in clip_ratings(record)]
        return {"ratings": ratings, "record": record.to_dict()}

    async def expand(self, ask: ExpandAsk, _form: Form) -> dict[str, Any]:
        """Return the rubric of a caption, as a line of a rubric file."""
        if not ask.caption.strip():
            raise ProblemError(422, "caption", "the caption is empty: nothing to expand")
        most = self._policy.preset.limits.caption_chars
        if len(ask.caption) > most:
            raise ProblemError(
                422, "caption", f"the caption has {len(ask.caption):,} characters; the limit is {most:,}"
            )
        loop = asyncio.get_running_loop()
        made = await loop.run_in_executor(self._writers, self._expanded, ask)
        row = {"caption": ask.caption, "language": made.language, "subset": made.subset}
        return {**row, "items": [item_row(item) for item in made.items], "notes": list(made.notes)}

    def _expanded(self, ask: ExpandAsk) -> Rubric:
        try:
            return self._expander.expand(ask.caption, subset=ask.subset, language=ask.language)
        except RefusedError as error:
            raise ClipError("expander", str(error)) from error
        except (AudiojudgeError, OSError, MemoryError):
            raise
        except Exception as error:
            raise ClipError("rubric", f"{type(error).__name__}: {error}") from error

    async def _records(self, what: str, clips: Sequence[Clip]) -> list[Record]:
        prepare, judge = self._prepared[what]
        subset = self._policy.preset.subset
        about = [clip if clip.subset else replace(clip, subset=subset) for clip in clips]
        return await self._settled([Job(clip, prepare, judge) for clip in about])

    async def _settled(self, jobs: Sequence[Job]) -> list[Record]:
        for job in jobs:
            self._batcher.submit(job)
        try:
            records = await asyncio.gather(*(asyncio.wrap_future(job.done) for job in jobs))
        except BaseException:  # nobody waits any more: what was not begun is left out
            for job in jobs:
                job.done.cancel()
            raise
        for side, record in zip(("a", "b"), records, strict=False):
            if record.error is not None:
                raise of_failure(record.error, side if len(jobs) > 1 else "")
        return list(records)

    def _source(self, ask: ScoreAsk | CompareAsk | RateAsk, form: Form, side: str = "") -> tuple[str, Inner]:
        """Return the name and the bytes of the audio of a request."""
        audio, path = f"audio{side}", f"path{side}"
        text, name, file = getattr(ask, audio), getattr(ask, path), form.files.get(audio)
        if sum(one is not None for one in (text, name, file)) != 1:
            raise ProblemError(422, "request", f"send one of {audio} (a file, or base64) and {path}")
        if file is not None:
            return file.name, file
        if text is not None:
            return audio, decoded(text, audio)
        if self._policy.root is None:
            raise ProblemError(403, "outside-root", "this server reads no files (--root); send the audio itself")
        return name, RootedFile(self._policy.root, name, self._policy.most_bytes)


def _named(source: tuple[str, Inner], identity: str | None) -> Clip:
    name, inner = source
    return Clip(safe_id(identity or PurePosixPath(name).stem), _NO_FILE, name, "", embedded=inner)


def _clip(ask: ScoreAsk | CompareAsk, source: tuple[str, Inner]) -> Clip:
    return replace(
        _named(source, ask.id),
        caption=ask.caption,
        subset=ask.subset,
        language=ask.language,
        rubric=tuple(ask.rubric) if ask.rubric else None,
        metadata=ask.metadata or {},
        transcript=ask.transcript if ask.transcript and ask.transcript.strip() else None,
    )
