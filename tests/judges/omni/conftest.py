"""Checkpoints with random weights, each written once per session by `benchmarks/make_checkpoint.py`."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BENCHMARKS = Path(__file__).parents[3] / "benchmarks"

Build = Callable[..., Path]


def pytest_collection_modifyitems(items):
    """Mark every test of this folder, and skip it visibly where the extra is not installed."""
    from importlib.util import find_spec

    missing = [name for name in ("torch", "transformers") if find_spec(name) is None]
    skip = pytest.mark.skip(reason=f"needs the extra `omni` ({', '.join(missing)} not installed)")
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.omni)
            if missing:
                item.add_marker(skip)


@pytest.fixture(scope="session")
def checkpoint(tmp_path_factory) -> Build:
    """Return a function that gives the folder of a tiny checkpoint: `checkpoint("qwen2_audio")`.

    Keywords are those of `make_checkpoint.build`; the same ones give the same folder, so don't write into it.
    """
    sys.path.insert(0, str(BENCHMARKS))
    made: dict[str, Path] = {}

    def build(architecture: str, **keywords: Any) -> Path:
        from make_checkpoint import build as write

        key = " ".join([architecture, *(f"{name}={keywords[name]}" for name in sorted(keywords))])
        if key not in made:
            made[key] = write(architecture, tmp_path_factory.mktemp(architecture), **keywords)
        return made[key]

    return build


@pytest.fixture(scope="session")
def library_model(checkpoint):
    """Return a function that gives a tiny checkpoint as transformers alone loads it, in float32, each one once."""
    made: dict[str, Any] = {}

    def load(architecture: Any) -> Any:
        folder = checkpoint(architecture)
        from omni_plain import load_plain

        if architecture not in made:
            made[architecture] = load_plain(architecture, folder)
        return made[architecture]

    return load
