"""One clip, judged at once: nothing is written anywhere."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeAlias

if TYPE_CHECKING:
    from audiojudge_cli.clips.clip import Clip
    from audiojudge_cli.clips.in_memory import HeldAudio
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.results.record import Record
    from audiojudge_cli.rubrics.expander import Expander
    from audiojudge_cli.rubrics.item import Rubric, RubricItem
    from audiojudge_cli.runs.preset import Preset

Audio: TypeAlias = "str | os.PathLike[str] | tuple[Any, float]"
"""A file, or an array of samples with its rate."""

Asked: TypeAlias = "Rubric | Iterable[RubricItem | Mapping[str, Any]]"
"""A rubric, or its items: as objects, or as the rows of a rubric file."""

_ARRAY = "array"
"""Id and path of a clip that is no file."""

# Not every judge may be called from several threads at once; for many clips there is `run`.
_TURNS = threading.RLock()


def score(
    audio: Audio,
    caption: str = "",
    *,
    transcript: str | None = None,
    subset: str | None = None,
    rubric: Asked | None = None,
    judge: str | Judge | None = None,
    expander: str | None = None,
    quality: str | None = None,
    preset: str | os.PathLike[str] = "default",
) -> Record:
    """Judge one clip. Nothing is written; the judge is loaded on the first call and kept for the next.

    Args:
        audio: Path of a file, or `(samples, rate)`: shape (samples,) or (samples, channels), float with full scale 1.0,
            int16, int32 or uint8; the rate in Hz.
        caption: What the clip was to be.
        transcript: The words to be spoken, if there are any.
        subset: `speech`, `sound`, `music` or `mix`; found from the caption by default.
        rubric: What to ask instead of what the caption says: a rubric (`expand`), its items, or rows
            with the keys `dimension`, `question` and `basis`.
        judge: Name of a judge, or one that `load_judge` gave; the preset's by default.
        expander: What turns the caption into a rubric; the preset's by default.
        quality: `off`, `basic` or `full`: how much of the file's technical state is measured; the preset's by default.
        preset: Name of a preset, or path of a YAML file.

    Returns:
        The record: the very one that `audiojudge score` writes for this file and caption.

    Raises:
        ClipError: If the clip cannot be judged: no such file, no audio, NaN in the samples, no caption … Its `kind` is
            one of docs/manifests.md.
        InputError: If an argument does not fit.
        WeightsError: If weights are missing and cannot be fetched.

    >>> import audiojudge_cli as aj
    >>> record = aj.score("examples/audio/sound_dog.flac", "A dog barks, with no music.")
    >>> record.decision.match
    True
    >>> [(item.question, item.answer) for item in record.items]
    [('Can you hear a dog barking?', 'yes'), ('Is the audio free of music?', 'yes')]
    """
    from audiojudge_cli.api.given import judge_given, path_given
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.errors import ClipError

    judge_given(judge)
    named = judge if isinstance(judge, str) else None
    options = preset_with(path_given(preset, "preset"), judge=named, expander=expander, quality=quality)
    about = getattr(rubric, "subset", None) if subset is None else subset
    clip = _clip(audio, caption, transcript, options.subset if about is None else about, rubric)
    with _TURNS:
        record = _record(clip, options, judge)
    if record.error is not None:
        raise ClipError(record.error.kind, record.error.message)
    return record


def expand(
    caption: str,
    *,
    subset: str | None = None,
    language: str | None = None,
    expander: str | None = None,
    preset: str | os.PathLike[str] = "default",
) -> Rubric:
    """Return the rubric of a caption: what would be asked about a clip.

    Args:
        caption: What a clip is to be.
        subset: `speech`, `sound`, `music` or `mix`; found from the caption by default.
        language: Language of the questions: `en` or `zh`; the caption's by default.
        expander: `rules`, `llm` or the name of an installed one; the preset's by default.
        preset: Name of a preset, or path of a YAML file; says which model writes for `llm`.

    Raises:
        InputError: If the caption is empty, or an argument does not fit.

    >>> import audiojudge_cli as aj
    >>> for item in aj.expand("A dog barks, with no music.").items:
    ...     print(item.dimension, "|", item.question, "|", item.basis)
    event | Can you hear a dog barking? | A dog barks
    component | Is the audio free of music? | music
    """
    from audiojudge_cli.api.given import path_given
    from audiojudge_cli.api.running import preset_with
    from audiojudge_cli.errors import InputError

    if not _text(caption, "caption").strip():
        raise InputError("the caption is empty: nothing to expand")
    options = preset_with(path_given(preset, "preset"), expander=expander, subset=_subset(subset))
    if language not in (None, "en", "zh"):
        raise InputError(f"language is en or zh, not {language!r}")
    return _expander(options).expand(caption, subset=options.subset, language=language)


def _record(clip: Clip, options: Preset, judge: str | Judge | None) -> Record:
    from audiojudge_cli.api.judging import kept_judge
    from audiojudge_cli.api.preparing import preparer
    from audiojudge_cli.errors import NotJudgedError
    from audiojudge_cli.judges.base import ended
    from audiojudge_cli.runs.execute import Effort, settle
    from audiojudge_cli.runs.rubric_source import RubricSource
    from audiojudge_cli.waits import StoppedError

    ready = kept_judge(options) if judge is None or isinstance(judge, str) else judge
    prepare = preparer(options, ready, RubricSource(_expander(options)))
    try:
        (settled,) = settle([prepare(clip)], ready, Effort())
    except StoppedError:
        if (reason := ended(ready)) is None:
            raise
        raise NotJudgedError(reason) from None
    return settled.record


def _expander(options: Preset) -> Expander:
    from audiojudge_cli.api.judging import kept_judge
    from audiojudge_cli.api.running import expander_of

    return expander_of(options, lambda: kept_judge(options))


def _clip(audio: Audio, caption: str, transcript: str | None, subset: str | None, rubric: Asked | None) -> Clip:
    from audiojudge_cli.api.asking import rows_of
    from audiojudge_cli.clips.clip import Clip
    from audiojudge_cli.clips.ids import safe_id

    told = _text(caption, "caption")
    said = None if transcript is None else _text(transcript, "transcript") or None
    asked = None if rubric is None else rows_of(rubric)
    path, inner = _found(audio)
    name = path.as_posix()
    return Clip(safe_id(path.stem), path, name, told, _subset(subset), rubric=asked, embedded=inner, transcript=said)


def _found(audio: Audio) -> tuple[Path, HeldAudio | None]:
    from audiojudge_cli.clips.in_memory import held
    from audiojudge_cli.errors import InputError

    if isinstance(audio, str | os.PathLike):
        return Path(audio), None
    if not isinstance(audio, tuple) or len(audio) != 2:
        raise InputError(
            f"audio is the path of a file or (samples, rate), not a value of type {type(audio).__name__}"
            + (f" with {len(audio)} parts" if isinstance(audio, tuple) else "")
        )
    return Path(_ARRAY), held(*audio)


def _text(value: object, name: str) -> str:
    from audiojudge_cli.errors import InputError

    if not isinstance(value, str):
        raise InputError(f"the {name} is a value of type {type(value).__name__}, not text")
    try:
        value.encode()
    except UnicodeEncodeError as error:
        raise InputError(f"the {name} holds half a surrogate pair, which is no text: {error.reason}") from error
    return value


def _subset(value: str | None) -> str | None:
    from audiojudge_cli.clips.rowmaker import SUBSETS
    from audiojudge_cli.errors import InputError

    if value not in (None, *SUBSETS):
        raise InputError(f"subset is one of {', '.join(SUBSETS)}, not {value!r}")
    return value
