"""Rewards for training and for best of N: audio and captions in, alignment out; what cannot be judged is None."""

from __future__ import annotations

import logging
import os
import threading
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from audiojudge_cli.errors import ClipError, InputError

if TYPE_CHECKING:
    from audiojudge_cli.clips.clip import Clip
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.results.record import Record
    from audiojudge_cli.runs.execute import Pace, Work
    from audiojudge_cli.runs.preset import Preset

LOG = logging.getLogger("audiojudge_cli")

Value = Literal["score", "decision"]
"""What is returned: the alignment score, or the calibrated value of the decision; both from 0 to 1."""


class Reward:
    """A reward function as TRL's GRPO trainer calls it: `reward(prompts, completions, **columns)`.

    What cannot be judged, or of which nothing could be verified, is None, which TRL leaves out of the advantages; it
    is never a number. What keeps everything from being judged (missing weights, a server that cannot be reached, a
    column that is not there) is raised.

    Args:
        caption: Column of the dataset with the captions; `prompts`: the prompts themselves.
        audio: Where the audio is: None, in the completions; a column; or a function that makes audio of a completion.
            Audio is a path, the bytes of a file, `(samples, rate)`, or a mapping with `array` and `sampling_rate`.
        value: `score`, the mean p_yes of the verified items, or `decision`, the calibrated value of the decision.
        coverage: Smallest share of items that must be verified, in [0, 1]; below it there is no reward.
        url: Of a server (`audiojudge serve`), which judges then; its token is read from AUDIOJUDGE_TOKEN.
        at_once: Requests to the server at once.
        timeout_s: Seconds for one clip at the server, all attempts together.
        judge: In this process: name of a judge, or one that `load_judge` gave; the preset's by default.
        preset: In this process: name of a preset, or path of a YAML file.

    Attributes:
        last: What became of the clips of the latest call, in order: records, or errors.

    Raises:
        InputError: If an argument does not fit.

    >>> import audiojudge_cli as aj
    >>> reward = aj.Reward(caption="caption")
    >>> reward(completions=["examples/audio/sound_dog.flac", "nowhere.wav"], caption=["A dog barks."] * 2)
    [0.9743, None]
    """

    def __init__(
        self,
        *,
        caption: str = "caption",
        audio: str | Callable[[Any], Any] | None = None,
        value: Value = "score",
        coverage: float = 0.0,
        url: str | None = None,
        at_once: int = 8,
        timeout_s: float = 600.0,
        judge: str | Judge | None = None,
        preset: str | os.PathLike[str] = "default",
    ) -> None:
        if value not in {"score", "decision"}:
            raise InputError(f"value is score or decision, not {value!r}")
        if not 0 <= coverage <= 1:
            raise InputError(f"coverage is a share from 0 to 1, not {coverage!r}")
        if url is not None and (judge is not None or preset != "default"):
            raise InputError("the server of url= has a judge and a preset of its own; leave judge= and preset= out")
        self.__name__ = "audiojudge"
        """Under this name trainers log it."""
        self.last: list[Record | ClipError] = []
        self._caption, self._audio, self._value, self._coverage = caption, audio, value, coverage
        self._lock = threading.Lock()
        if url is None:
            self._judge: Callable[[Sequence[Clip]], list[Record | ClipError]] = _Local(judge, preset).judge
        else:
            from audiojudge_cli.api.reward_server import RewardServer

            self._judge = RewardServer(url, at_once=at_once, timeout_s=timeout_s).judge

    def __call__(
        self,
        prompts: Sequence[Any] | None = None,
        completions: Sequence[Any] | None = None,
        **columns: Any,  # noqa: ANN401 - whatever the dataset holds
    ) -> list[float | None]:
        """Return the reward of every completion, from 0 to 1 with four decimals; None where there is none.

        Args:
            prompts: Of the completions.
            completions: What the policy made.
            columns: Of the dataset, each as long as the completions. `transcript`, `subset` and `rubric` are read where
                they are there (docs/manifests.md).

        Raises:
            InputError: If a column is missing or of another length, or the server refuses whoever asks.
            NotJudgedError: If nothing can be judged, now or later: missing weights, no server.
        """
        told = {"prompts": prompts, "prompt": prompts, "completions": completions, **columns}
        captions = [_text_of(one) for one in _column(told, self._caption, "caption")]
        sounds = _column(told, self._audio if isinstance(self._audio, str) else "completions", "audio")
        others = {name: _optional(columns.get(name), len(sounds)) for name in ("transcript", "subset", "rubric")}
        if len(captions) != len(sounds):
            raise InputError(f"there are {len(sounds)} completions and {len(captions)} captions")
        rows = [dict(zip(others, row, strict=True)) for row in zip(*others.values(), strict=True)]
        return self._rewards([self._clip(*one) for one in zip(sounds, captions, rows, strict=True)])

    def of(self, sounds: Iterable[Any], caption: str) -> list[float | None]:
        """Return the rewards of several clips that were made for one caption."""
        row = dict.fromkeys(("transcript", "subset", "rubric"))
        return self._rewards([self._clip(sound, caption, row) for sound in sounds])

    def _clip(self, sound: object, caption: object, row: Mapping[str, Any]) -> Clip | ClipError:
        from audiojudge_cli.api.sounds import MEMORY, sound_of
        from audiojudge_cli.clips.clip import Clip
        from audiojudge_cli.clips.ids import safe_id

        try:
            found = sound_of(self._audio(sound) if callable(self._audio) else sound)
            told = _told(caption, row)
        except ClipError as error:
            return error
        except Exception as error:  # noqa: BLE001 - what makes audio of one completion fails for that one
            return ClipError("no-audio", f"{type(error).__name__}: {error}")
        if isinstance(found, Path):
            return Clip(safe_id(found.stem), found, found.as_posix(), **told)
        return Clip(MEMORY, Path(MEMORY), MEMORY, embedded=found, **told)

    def _rewards(self, clips: Sequence[Clip | ClipError]) -> list[float | None]:
        judged = iter(self._judged([clip for clip in clips if not isinstance(clip, ClipError)]))
        outcomes = [clip if isinstance(clip, ClipError) else next(judged) for clip in clips]
        rewards = [self._reward(one) for one in outcomes]
        self.last = outcomes
        if why := Counter(map(_why, (one for one, reward in zip(outcomes, rewards, strict=True) if reward is None))):
            told = ", ".join(f"{kind} ({count})" for kind, count in sorted(why.items()))
            LOG.warning("%d of %d clips have no reward: %s", why.total(), len(clips), told)
        return rewards

    def _judged(self, clips: Sequence[Clip]) -> list[Record | ClipError]:
        with self._lock:
            return self._judge(clips) if clips else []

    def _reward(self, outcome: Record | ClipError) -> float | None:
        if isinstance(outcome, ClipError) or outcome.error is not None or (outcome.coverage or 0) < self._coverage:
            return None
        return outcome.score if self._value == "score" else outcome.decision.value


@dataclass(frozen=True, slots=True)
class Best:
    """Which of several clips is best.

    Attributes:
        index: Of the best, the first of equals; None where none has a reward.
        reward: Its reward.
        rewards: Of all, in order.
    """

    index: int | None
    reward: float | None
    rewards: tuple[float | None, ...]


def best_of(candidates: Iterable[Any], caption: str, *, reward: Reward | None = None) -> Best:
    """Return which of several clips follows a caption best.

    Args:
        candidates: Audio, as `Reward` takes it.
        caption: What all of them were to be.
        reward: Who judges, and what counts; by default the score of the default judge.

    Raises:
        InputError: If there is no candidate, or as `Reward`.
        NotJudgedError: As `Reward`.

    >>> import audiojudge_cli as aj
    >>> aj.best_of(["examples/audio/sound_rain.ogg", "examples/audio/sound_dog.flac"], "A dog barks.").index
    1
    """
    sounds = list(candidates)
    if not sounds:
        raise InputError("there are no candidates to choose from")
    judge = Reward() if reward is None else reward
    rewards = judge.of(sounds, caption)
    known = [(value, -index) for index, value in enumerate(rewards) if value is not None]
    best = max(known, default=None)
    return Best(None if best is None else -best[1], None if best is None else best[0], tuple(rewards))


class _Local:
    """Judges in this process; loads the judge when it is first needed."""

    def __init__(self, judge: str | Judge | None, preset: str | os.PathLike[str]) -> None:
        from audiojudge_cli.api.given import judge_given, path_given
        from audiojudge_cli.api.running import preset_with

        judge_given(judge)
        named = judge if isinstance(judge, str) else None
        self._options: Preset = preset_with(path_given(preset, "preset"), judge=named, quality="off")
        self._given = judge

    @cached_property
    def _work(self) -> tuple[Work, Pace]:
        from audiojudge_cli.api.judging import kept_judge
        from audiojudge_cli.api.preparing import preparer
        from audiojudge_cli.api.running import expander_of
        from audiojudge_cli.runs.execute import Pace, Work
        from audiojudge_cli.runs.rubric_source import RubricSource

        options = self._options
        judge = kept_judge(options) if self._given is None or isinstance(self._given, str) else self._given
        rubrics = RubricSource(expander_of(options, lambda: judge))
        work = Work(preparer(options, judge, rubrics), judge, keep=lambda _: None)
        return work, Pace(options.threads, options.batch, options.limits.ahead_bytes)

    def judge(self, clips: Sequence[Clip]) -> list[Record | ClipError]:
        from dataclasses import replace

        from audiojudge_cli.runs.execute import execute

        subset = self._options.subset
        about = [clip if clip.subset else replace(clip, subset=subset) for clip in clips]
        return [settled.record for settled in execute(about, *self._work, stop=lambda: False)]


def _column(told: Mapping[str, Any], name: str, role: str) -> list[Any]:
    found = told.get(name)
    if found is None:
        known = ", ".join(sorted(key for key, value in told.items() if isinstance(value, list | tuple)))
        raise InputError(f"there is no column {name!r} with the {role}; there are: {known or 'none'}")
    if isinstance(found, str | bytes) or not isinstance(found, Iterable):
        raise InputError(f"the column {name!r} is one value of type {type(found).__name__}, not a list")
    return list(found)


def _optional(column: object, count: int) -> list[Any]:
    """Return a column that may be missing; one that is no list of that length is another's, and means nothing here."""
    if isinstance(column, str) or not isinstance(column, Sequence) or len(column) != count:
        return [None] * count
    return list(column)


def _text_of(value: Any) -> Any:  # noqa: ANN401 - a text, or messages of a chat
    """Return the text of a caption; of a chat, that of its last message."""
    if isinstance(value, list) and value and isinstance(value[-1], Mapping):
        return value[-1].get("content")
    return value


def _told(caption: object, row: Mapping[str, Any]) -> dict[str, Any]:
    """Return what a clip is told to be; columns that hold something else mean something else.

    Raises:
        ClipError: Kind `caption` or `rubric` if one of them cannot be read.
    """
    from audiojudge_cli.api.asking import rows_of
    from audiojudge_cli.clips.rowmaker import SUBSETS

    if not isinstance(caption, str):
        raise ClipError("caption", f"the caption is a value of type {type(caption).__name__}, not text")
    words, subset = row["transcript"], row["subset"]
    try:
        rubric = rows_of(row["rubric"]) if row["rubric"] else None
    except InputError as error:
        raise ClipError("rubric", str(error)) from error
    return {
        "caption": caption,
        "transcript": words if isinstance(words, str) and words.strip() else None,
        "subset": subset if subset in SUBSETS else None,
        "rubric": rubric,
    }


def _why(outcome: Record | ClipError) -> str:
    if isinstance(outcome, ClipError):
        return outcome.kind
    if outcome.error is not None:
        return outcome.error.kind
    return "nothing verified" if outcome.score is None else "coverage"
