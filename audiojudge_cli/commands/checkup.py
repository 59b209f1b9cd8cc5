"""What `audiojudge doctor` looks at."""

from __future__ import annotations

import os
import platform
import shutil
from collections.abc import Iterator
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from importlib.util import find_spec
from typing import TYPE_CHECKING, Literal

from audiojudge_cli import __version__

if TYPE_CHECKING:
    from audiojudge_cli.weights.card import Card

Level = Literal["good", "note", "bad"]

# Distribution → module; those that `audiojudge score` imports.
_NEEDED = {
    "ctranslate2": "ctranslate2",
    "httpx": "httpx",
    "numpy": "numpy",
    "pandas": "pandas",
    "pyarrow": "pyarrow",
    "pydantic": "pydantic",
    "pyyaml": "yaml",
    "scipy": "scipy",
    "soundfile": "soundfile",
    "soxr": "soxr",
    "tokenizers": "tokenizers",
    "tqdm": "tqdm",
}
_RUNTIMES = ("onnxruntime", "onnxruntime-gpu")
_EXTRAS = {"torch": "torch", "transformers": "transformers", "av": "av"}
_ENOUGH_BYTES = 100 << 20


@dataclass(frozen=True, slots=True)
class Finding:
    """One line of the check-up.

    Attributes:
        level: `good`, `note` (works, but worth knowing) or `bad` (judging will not work).
        what: What was looked at.
        text: What was found, and what to do about it.
    """

    level: Level
    what: str
    text: str


def program() -> Finding:
    """Look at audiojudge and Python."""
    return Finding(
        "good",
        "audiojudge",
        f"{__version__} on Python {platform.python_version()}, {platform.system()} {platform.machine()}",
    )


def packages() -> Iterator[Finding]:
    """Look at the packages that judging imports."""
    missing = [name for name, module in _NEEDED.items() if find_spec(module) is None]
    if missing:
        yield Finding(
            "bad", "packages", f"{', '.join(missing)} cannot be found: pip install --force-reinstall audiojudge-cli"
        )
    runtimes = [name for name in _RUNTIMES if _version(name)]
    if not runtimes or find_spec("onnxruntime") is None:
        yield Finding("bad", "packages", "onnxruntime cannot be found: pip install --force-reinstall audiojudge-cli")
    if len(runtimes) > 1:
        yield Finding(
            "bad",
            "packages",
            "onnxruntime and onnxruntime-gpu overwrite each other: uninstall both, then install audiojudge-cli anew",
        )
    found = [f"{name} {_version(name)}" for name in (*_NEEDED, *_RUNTIMES) if _version(name)]
    yield Finding("good", "packages", ", ".join(found))
    extras = [f"{name} {_version(name)}" for name, module in _EXTRAS.items() if find_spec(module)]
    yield Finding("good", "extras", ", ".join(extras) or "none installed (torch, transformers, av)")


def devices() -> Iterator[Finding]:
    """Look at the processors, and what the runtimes can use."""
    cores = len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count()
    yield Finding("good", "cpu", f"{cores} cores for this process")
    try:
        import onnxruntime

        providers = onnxruntime.get_available_providers()
    except Exception as error:  # noqa: BLE001 - a broken runtime can fail in any way, and this is where to say so
        yield Finding("bad", "onnx", f"onnxruntime cannot be imported ({error}): reinstall it")
        return
    yield Finding("good", "onnx", f"providers built into onnxruntime: {', '.join(providers)}")
    try:
        import ctranslate2

        count = ctranslate2.get_cuda_device_count()
    except Exception as error:  # noqa: BLE001 - as above
        yield Finding("bad", "ctranslate2", f"cannot be imported ({error}): reinstall it")
        return
    text = f"{count} CUDA devices" if count else "no CUDA device; everything runs on the CPU"
    yield Finding("good", "cuda", text)


def names() -> Iterator[Finding]:
    """Look at what can be named on the command line."""
    from audiojudge_cli.judges.registry import judge_names
    from audiojudge_cli.rubrics.registry import expander_names
    from audiojudge_cli.runs.preset_file import preset_names

    for what, found in (("judges", judge_names()), ("expanders", expander_names()), ("presets", preset_names())):
        if found:
            yield Finding("good", what, ", ".join(found))
        else:
            yield Finding("bad", what, "none found: pip install --force-reinstall audiojudge-cli")


def servers() -> Finding:
    """Look at what asking servers needs; none is asked, for nobody has named one."""
    from audiojudge_cli.servers.address import KEY_VARIABLE

    is_set = bool(os.environ.get(KEY_VARIABLE, "").strip())
    text = "is set" if is_set else "is not set; servers that want a key refuse (--judge endpoint, --expander llm)"
    return Finding("good", "servers", f"{KEY_VARIABLE} {text}")


def cache() -> Finding:
    """Look at the folder that weights are kept in; a shared one that cannot be written is fine once it is full."""
    from audiojudge_cli.text.terminal import shown
    from audiojudge_cli.weights.store import cache_root

    root = cache_root()
    there = next(path for path in (root, *root.parents) if os.path.lexists(path))
    if not there.is_dir():
        return Finding("bad", "cache", f"{shown(there)} is no folder; set AUDIOJUDGE_CACHE to one")
    if not os.access(there, os.W_OK | os.X_OK):
        remedy = "weights that are missing cannot be fetched; set AUDIOJUDGE_CACHE to another folder to do so"
        return Finding("note", "cache", f"{shown(root)} cannot be written: {remedy}")
    free = shutil.disk_usage(there).free
    if free < _ENOUGH_BYTES:
        text = f"{shown(root)} has only {free / 1e6:.0f} MB free; make room or set AUDIOJUDGE_CACHE to another folder"
        return Finding("note", "cache", text)
    return Finding("good", "cache", f"{shown(root)}, {free / 1e9:.1f} GB free")


def weights() -> Iterator[Finding]:
    """Look at the weights of every card, without hashing and without the network."""
    from audiojudge_cli.errors import WeightsError
    from audiojudge_cli.weights.catalog import cards
    from audiojudge_cli.weights.store import Store, fetching_is_off

    store = Store()
    for card in cards():
        if card.model is not None:
            yield from _model(card)
            continue
        try:
            states = store.status(card)
        except WeightsError as error:
            yield Finding("bad", "weights", f"{card.name}: {error}")
            continue
        absent = [state for state in states if state.state in {"missing", "damaged"}]
        size = sum(state.bytes for state in absent) / 1e6
        count = f"{len(states) - len(absent)} of {len(states)} files are there"
        if not absent:
            yield Finding("good", "weights", f"{card.name}: {count}")
        elif fetching_is_off():
            remedy = f"AUDIOJUDGE_OFFLINE is set: unset it and run `audiojudge models pull {card.name}`"
            yield Finding("bad", "weights", f"{card.name}: {count}; {remedy}")
        elif cache().level != "good":
            yield Finding("bad", "weights", f"{card.name}: {count}, and the cache cannot take the others (see above)")
        else:
            yield Finding("note", "weights", f"{card.name}: {count}; {size:.0f} MB are fetched on first use")


def _model(card: Card) -> Iterator[Finding]:
    """Look at a whole checkpoint; nobody needs all of those, so one that is not there is no finding."""
    from audiojudge_cli.judges.omni.model_status import model_status
    from audiojudge_cli.text.terminal import shown

    status = model_status(card)
    if status.state == "damaged":
        yield Finding("note", "weights", f"{card.name}: {status.fault}")
    elif status.folder is not None:
        yield Finding("good", "weights", f"{card.name}: in {shown(status.folder)}")


def _version(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
