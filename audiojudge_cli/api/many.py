"""Many clips, judged into a run folder."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.api.opened import Run

if TYPE_CHECKING:
    import pandas as pd

    from audiojudge_cli.clips.manifest import Manifest
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.runs.preset import Preset


def run(
    outputs: str | os.PathLike[str] | None = None,
    captions: str | os.PathLike[str] | Mapping[str, str] | Iterable[Mapping[str, Any]] | pd.DataFrame | None = None,
    *,
    out: str | os.PathLike[str] = "audiojudge-run",
    judge: str | Judge | None = None,
    rubrics: str | os.PathLike[str] | None = None,
    expander: str | None = None,
    quality: str | None = None,
    preset: str | os.PathLike[str] = "default",
    workers: int | str | None = None,
    audio_field: str | None = None,
    caption_field: str | None = None,
    transcript_field: str | None = None,
    reference_field: str | None = None,
    filter: str | None = None,  # noqa: A002 - as the option of the command
    sample: int | None = None,
    seed: int = 0,
    limit: int | None = None,
    cache: str | os.PathLike[str] | None = None,
    strict: bool = False,
    restart: bool = False,
    progress: bool = True,
) -> Run:
    """Judge many clips; the results lie in the run folder, which is that of `audiojudge score`.

    The same call again goes on where a run stopped, and judges only what is new or has changed.

    Args:
        outputs: Folder of audio, one audio file, or a manifest that carries paths.
        captions: Manifest (JSONL, CSV, TSV, Parquet), folder of texts, or captions in memory: `{file: caption}`, rows
            with the columns of a manifest, or a DataFrame of them. Without `outputs` rows carry paths.
        out: The run folder.
        judge: Name of a judge, or one that `load_judge` gave; the preset's by default.
        rubrics: Rubric file instead of expansion.
        expander: What turns captions into rubrics; the preset's by default.
        quality: `off`, `basic` or `full`; the preset's by default.
        preset: Name of a preset, or path of a YAML file.
        workers: Clips at once, or `auto`, one per core.
        audio_field: Column of the audio path, where it is none of the usual ones.
        caption_field: Column of the caption, likewise.
        transcript_field: Column of the words to be spoken, likewise.
        reference_field: Column of a reference clip.
        filter: Only clips for which this holds: `subset == "speech"`.
        sample: Only so many clips, drawn by the hash of their ids.
        seed: Another seed draws another sample.
        limit: Only the first so many clips.
        cache: Folder that keeps verdicts between runs.
        strict: Refuse to start when a row is broken or anything has no partner.
        restart: Drop what an earlier run left in the folder.
        progress: Whether there is a progress bar, in notebooks and on terminals.

    Returns:
        The run. What of it could not be judged is told by `reason`, and by the clips themselves.

    Raises:
        InputError: If the input cannot be read, or an argument does not fit.
        NotJudgedError: If weights are missing or the disk is full; what was judged is kept.

    >>> import audiojudge_cli as aj
    >>> aj.run("examples/audio", captions="examples/captions.jsonl", out=folder, limit=2, progress=False)
    <Run of 2 clips, score 0.6..., 1 match, in ...>
    """
    from audiojudge_cli.api.following import LOG, Bar
    from audiojudge_cli.api.given import judge_given, number_given, path_given, text_given
    from audiojudge_cli.api.running import carry_out, preset_with
    from audiojudge_cli.runs.interrupt import Stop
    from audiojudge_cli.runs.options import ScoreOptions
    from audiojudge_cli.text.terminal import safe_line

    judge_given(judge)
    number_given(sample, "sample", 1)
    number_given(limit, "limit", 1)
    number_given(seed, "seed", 0)
    fields = {"audio_field": audio_field, "caption_field": caption_field, "transcript_field": transcript_field}
    text_given(**fields, reference_field=reference_field, filter=filter)
    named = judge if isinstance(judge, str) else getattr(judge, "name", None)
    preset_name = path_given(preset, "preset")
    chosen = preset_with(preset_name, judge=named, expander=expander, quality=quality, workers=workers)
    written = captions if captions is None or isinstance(captions, str | os.PathLike) else None
    options = ScoreOptions(
        outputs=None if outputs is None else path_given(outputs, "outputs"),
        captions=None if written is None else path_given(written, "captions"),
        held=_held(captions) if written is None else None,
        out=Path(path_given(out, "out")),
        preset_name=preset_name,
        preset=chosen,
        rubrics=None if rubrics is None else Path(path_given(rubrics, "rubrics")),
        audio_field=audio_field,
        caption_field=caption_field,
        transcript_field=transcript_field,
        reference_field=reference_field,
        filter=filter,
        sample=sample,
        seed=seed,
        limit=limit,
        cache=None if cache is None else Path(path_given(cache, "cache")),
        strict=strict,
        restart=restart,
    )
    bar = Bar(progress=progress)
    try:
        scored = carry_out(options, watcher=bar, stop=Stop(), load=loading(judge))
    finally:
        bar.close()
    if scored.reason:
        LOG.warning("%s", safe_line(scored.reason))
    return Run(options.out)


def _held(captions: object) -> Manifest | None:
    from audiojudge_cli.api.caption_tables import manifest_of

    return None if captions is None else manifest_of(captions)


def loading(judge: str | Judge | None) -> Callable[[Preset], Judge]:
    """Return what loads the judge that was given: by name, or itself."""
    from audiojudge_cli.api.judging import kept_judge

    if judge is None or isinstance(judge, str):
        return kept_judge
    given = judge
    return lambda _: given
