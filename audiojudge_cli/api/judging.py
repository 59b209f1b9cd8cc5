"""Judges for Python: loaded by name once and kept, or by whoever wants to hold several."""

from __future__ import annotations

import threading
from functools import lru_cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
    from os import PathLike

    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.runs.preset import Preset

# One at a time, whoever asks: a second thread would load the same weights once more.
_LOADING = threading.Lock()


def load_judge(
    name: str = "embedded",
    *,
    device: str | None = None,
    quant: str | None = None,
    mode: str | None = None,
    prompts: str | PathLike[str] | None = None,
    endpoint: Mapping[str, Any] | None = None,
    workers: int | str | None = None,
) -> Judge:
    """Load a judge, to be given as `judge=` to `score` and `run`.

    Args:
        name: One of `judges()`, the path of a card (YAML), the folder of a model, or `hf:owner/name@revision`.
        device: `auto` (the default), `cpu`, `cuda`, `cuda:1` …
        quant: omni: how weights are kept: `auto`, `none`, `bf16`, `int8`, `int4`.
        mode: omni: `logits`, `generate` or `logits+evidence`.
        prompts: omni: YAML file of prompts.
        endpoint: endpoint: server and options, `{"base_url": …, "model": …}`; docs/endpoint.md has all keys.
        workers: Clips that it may judge at once; one per core by default.

    Returns:
        The judge; it takes memory for as long as it is referred to.

    Raises:
        InputError: If there is no such judge, or an option does not fit.
        WeightsError: If weights are missing and cannot be fetched.

    >>> import audiojudge_cli as aj
    >>> aj.load_judge("embedded").name
    'embedded'
    """
    from audiojudge_cli.api.running import judge_of, preset_with

    file = None if prompts is None else str(prompts)
    asked: dict[str, Any] = {"judge": name, "device": device, "quant": quant, "mode": mode, "prompts": file}
    preset = preset_with("default", workers=workers, endpoint=endpoint, **asked)
    return judge_of(preset)


def kept_judge(preset: Preset) -> Judge:
    """Return the judge that a preset names; the one named last is kept, so that the next call need not load it.

    Only one is kept: two large models would not fit into the memory of one GPU.

    Raises:
        InputError: As `load_judge`.
        WeightsError: Likewise.
    """
    with _LOADING:
        return _kept(preset.judge, preset.device, preset.threads, *preset.judge_options.items())


@lru_cache(maxsize=1)
def _kept(name: str, device: str, threads: int, *options: tuple[str, object]) -> Judge:
    from audiojudge_cli.judges.registry import load_judge as load

    return load(name, device=device, threads=threads, options=dict(options))
