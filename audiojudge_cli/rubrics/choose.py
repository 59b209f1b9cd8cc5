"""Which expander: by name, with the model that writes for it, behind the disk cache where one is wanted."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.registry import LLM, load_expander
from audiojudge_cli.rubrics.writer import Writer

AUTO, NEVER = "auto", "never"


def choose_expander(
    name: str,
    *,
    endpoint: str | None = None,
    model: str | None = None,
    timeout_s: float = 120.0,
    device: str = "auto",
    cache: str = AUTO,
    writer: Callable[[], Writer] | None = None,
) -> Expander:
    """Return an expander.

    Args:
        name: `llm`, or the name of an installed expander.
        endpoint: llm: base URL of an OpenAI-compatible server.
        model: llm: name of the model there, or without an endpoint a local model.
        timeout_s: llm: seconds to wait for one answer.
        device: llm: where a local model runs: `auto`, `cpu`, `cuda`, `cuda:1` …
        cache: File that keeps rubrics between runs; `auto` is `default_cache()` for llm and none for others, `never`
            none.
        writer: llm: gives what writes when neither endpoint nor model is named, such as the loaded judge.

    Raises:
        InputError: If there is no expander of that name, a model is missing or named for nothing, or the cache cannot
            be used.
        WriterError: If a local model cannot be loaded.
    """
    if name == LLM:
        made = _llm(endpoint, model, timeout_s, device, writer)
    elif model:
        raise InputError(f"the expander {name!r} writes without a model: leave the model out, or name the expander llm")
    else:
        made = load_expander(name)
    file = None if cache == NEVER else Path(cache) if cache != AUTO else default_cache() if name == LLM else None
    if file is None:
        return made
    from audiojudge_cli.rubrics.cache import CachedExpander

    return CachedExpander(made, file)


def default_cache() -> Path:
    """Return where rubrics of the llm expander are kept: in `AUDIOJUDGE_CACHE`, else the platform's cache folder."""
    if named := os.environ.get("AUDIOJUDGE_CACHE"):
        return Path(named) / "rubrics.sqlite"
    from platformdirs import user_cache_path

    return user_cache_path("audiojudge", appauthor=False) / "rubrics.sqlite"


def _llm(
    endpoint: str | None, model: str | None, timeout_s: float, device: str, writer: Callable[[], Writer] | None
) -> Expander:
    from audiojudge_cli.rubrics.llm import LlmExpander, expander_for

    if writer is not None and not endpoint and not model:
        return LlmExpander(writer())
    return expander_for(endpoint=endpoint, model=model, timeout_s=timeout_s, device=device)
