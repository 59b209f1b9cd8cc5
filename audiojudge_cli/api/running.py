"""Carry out a run that somebody has described: preset, judge, expander, verdict cache, engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache, partial
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.rubrics.expander import Expander
    from audiojudge_cli.runs.interrupt import Stop
    from audiojudge_cli.runs.options import Scored, ScoreOptions, Watcher
    from audiojudge_cli.runs.preset import Preset


def preset_with(
    name: str,
    *,
    workers: str | int | None = None,
    llm: Mapping[str, str | float | None] | None = None,
    **options: object,
) -> Preset:
    """Return a preset with other options over it; those that are None were not given.

    Args:
        name: Of a bundled preset, or path of a YAML file.
        workers: Clips at once, from 1 to 1024, or `auto`.
        llm: What writes rubrics (`runs.preset.LlmOptions`).
        options: As keys of a preset; `endpoint` holds those keys of the server that change (`weights.server.Server`).

    Raises:
        InputError: If there is no such preset, or an option is out of its range.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.runs.preset_file import load_preset

    told = str(workers)
    if workers not in (None, "auto") and not (told.isdecimal() and 1 <= int(told) <= 1024):
        raise InputError(f"--workers must be auto or a number from 1 to 1024, not {workers!r}")
    found = load_preset(name)
    changed = {key: value for key, value in (llm or {}).items() if value is not None}
    count = int(told) if told.isdecimal() else workers
    server = options.get("endpoint")
    asked = {key: value for key, value in (server if isinstance(server, Mapping) else {}).items() if value is not None}
    nested = {"llm": {**found.llm.model_dump(), **changed}, "endpoint": {**found.endpoint.given, **asked}}
    return found.overridden({**options, "workers": count, **nested})


def judge_of(preset: Preset) -> Judge:
    """Return the judge that a preset names, loaded anew.

    Raises:
        InputError: As `judges.registry.load_judge`.
        WeightsError: Likewise.
    """
    from audiojudge_cli.judges.registry import load_judge

    return load_judge(preset.judge, device=preset.device, threads=preset.threads, options=preset.judge_options)


def expander_of(preset: Preset, judge: Callable[[], Judge]) -> Expander:
    """Return the expander that a preset names.

    Args:
        preset: The options.
        judge: Loads the judge, whose model writes where the preset names no other.

    Raises:
        InputError: As `rubrics.choose.choose_expander`.
    """
    from audiojudge_cli.judges.base import writer_of
    from audiojudge_cli.rubrics.choose import choose_expander

    llm = preset.llm
    return choose_expander(
        preset.expander,
        endpoint=llm.endpoint,
        model=llm.model,
        timeout_s=llm.timeout_s,
        device=preset.device,
        cache=preset.rubric_cache,
        writer=lambda: writer_of(judge()),
    )


def loaders(
    options: ScoreOptions, load: Callable[[Preset], Judge] = judge_of
) -> tuple[Callable[[], Judge], Callable[[], Expander]]:
    """Return what loads the judge, once, and the expander, which the judge may write for."""
    from audiojudge_cli.judges.rating import rating_judge
    from audiojudge_cli.judges.rewarding import rewarding_judge
    from audiojudge_cli.runs.measuring_only import MeasuringOnly

    preset = options.preset

    @cache
    def judge() -> Judge:
        if not options.is_judged:
            return MeasuringOnly(preset.threads)
        if options.is_rewarded:
            return rewarding_judge(load(preset))
        return rating_judge(load(preset), options.criteria) if options.criteria else load(preset)

    return judge, partial(expander_of, preset, judge)


def carry_out(
    options: ScoreOptions, *, watcher: Watcher, stop: Stop, load: Callable[[Preset], Judge] = judge_of
) -> Scored:
    """Carry out a run.

    Args:
        options: What and how.
        watcher: Follows the run.
        stop: Once wished for, the clips in flight are the last.
        load: Loads the judge; on a Ray cluster each worker loads its own, by the name in the preset.

    Raises:
        AudiojudgeError: As `runs.score.score`.
    """
    from audiojudge_cli.runs.score import score as plain
    from audiojudge_cli.runs.watch import Patrol, watch

    run = plain if options.watch_idle_s is None else partial(watch, patrol=Patrol(options.watch_idle_s))

    @cache
    def loaded() -> Judge:
        return load(options.preset)

    judge, finding = loaders(options, lambda _: loaded())
    if options.ray is None:
        loading = partial(remembering, judge, options)
        if options.votes:
            from audiojudge_cli.judges.comparing import couple_judge

            run = partial(plain, couples=lambda: couple_judge(loaded(), options.votes, options.seed))
        return run(options, judge=loading, expander=finding, watcher=watcher, stop=stop)
    _refuse_shared_budget(options.preset)
    from audiojudge_cli.runs.prepare import Fetch
    from audiojudge_cli.runs.ray_engine import RayEngine

    fetch = Fetch(options.preset.limits, options.preset.retry_errors, options.measuring)
    with RayEngine(options.ray, partial(worker_judge, options), fetch, str(Path.cwd()), lambda: bool(stop)) as ray:
        return run(options, judge=ray.judge, expander=finding, watcher=watcher, stop=stop, engine=ray)


def _refuse_shared_budget(preset: Preset) -> None:
    """Refuse a budget that many processes would each keep for themselves.

    Raises:
        InputError: If there is one.
    """
    from audiojudge_cli.errors import InputError
    from audiojudge_cli.weights.catalog import card_names, find_card

    asked = preset.endpoint
    if preset.judge in card_names() or preset.judge.endswith((".yaml", ".yml")):
        asked = asked.over(find_card(preset.judge).endpoint)
    if limits := {"max_requests", "max_tokens", "max_cost"} & set(asked.given):
        raise InputError(
            f"{min(limits)} of the endpoint judge is kept by one process, and --engine ray has many; leave one of the "
            "two out"
        )


def remembering(load: Callable[[], Judge], options: ScoreOptions) -> Judge:
    """Return the judge that `load` gives, with the verdict cache before it where one was asked for.

    Raises:
        InputError: As `load`, or if the folder of the cache cannot be made.
        WeightsError: As `load`.
    """
    if options.cache is None:
        return load()
    from audiojudge_cli.judges.cached import CachedJudge
    from audiojudge_cli.judges.verdict_store import VerdictStore

    store = VerdictStore(options.cache, options.cache_bytes)
    return CachedJudge(load(), store)


def worker_judge(options: ScoreOptions) -> Judge:
    """Return the judge of one worker: on its own core, with the verdict cache before it where one was asked for.

    Raises:
        AudiojudgeError: As `remembering` and `judge_of`.
    """
    return remembering(lambda: judge_of(options.preset.model_copy(update={"workers": 1})), options)
