"""Whole checkpoints of the Hugging Face hub, in the cache of the hub's own client.

Only safetensors, configuration and tokenizer files are fetched, and of the shards only those that hold a tensor
somebody needs. What lies in the cache already is used as it is, without asking the hub.
"""

from __future__ import annotations

import logging
import os
import re
from collections.abc import Callable, Collection, Iterable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line
from audiojudge_cli.weights.hub import cache_folder, switched_off
from audiojudge_cli.weights.model import COMMIT
from audiojudge_cli.weights.progress import HubProgress, unseen_bars
from audiojudge_cli.weights.store import fetching_is_off

if TYPE_CHECKING:
    from huggingface_hub import HfApi

INDEX = "model.safetensors.index.json"
SINGLE = "model.safetensors"
ADAPTER_CONFIG = "adapter_config.json"
"""What peft writes beside the weights of an adapter."""

_PLAIN = re.compile(r"^[\w.-]+\.(json|txt|jinja|model)$")

Needs = Callable[[str], bool]


def adapter_alone(files: Iterable[str]) -> bool:
    """Return whether these are the files of an adapter (LoRA and the like) without a model."""
    return ADAPTER_CONFIG in (names := set(files)) and not names & {INDEX, SINGLE}


def cached_snapshot(repo: str, revision: str, needs: Needs) -> Path | None:
    """Return the folder of a checkpoint if the hub's client has all that is needed of it, else None.

    Args:
        repo: `owner/name`.
        revision: Commit, tag or branch.
        needs: Says of the name of a tensor whether it is needed.
    """
    home = cache_folder() / f"models--{repo.replace('/', '--')}"
    try:
        commit = revision
        if not re.match(COMMIT, revision):
            commit = (home / "refs" / revision).read_text(encoding="utf-8").strip()
        folder = home / "snapshots" / commit
        if not (folder / "config.json").is_file():
            return None
        whole = all((folder / name).is_file() for name in _shards(folder, needs))
    except (OSError, ValueError):
        return None
    return folder if whole else None


def fetch_snapshot(repo: str, revision: str, needs: Needs) -> Path:
    """Return the folder of a checkpoint, fetching with the hub's client what its cache lacks.

    Raises:
        WeightsError: If fetching is switched off, the client is not installed, or the hub does not deliver.
    """
    found = cached_snapshot(repo, revision, needs)
    if found is not None:
        return found
    name = f"hf:{repo}@{revision}"
    for variable, off in (("AUDIOJUDGE_OFFLINE", fetching_is_off()), ("HF_HUB_OFFLINE", switched_off())):
        if off:
            raise WeightsError(
                f"{name} is not (or not wholly) in the hub's cache {cache_folder()}, and {variable} is set; unset it, "
                "or give the folder of a copy"
            )
    try:
        from huggingface_hub import HfApi
    except ImportError as error:
        raise WeightsError(
            f"{name} is not in the hub's cache, and fetching it needs the hub's client; install: "
            "pip install 'audiojudge-cli[omni]'"
        ) from error
    try:
        return _download(HfApi(endpoint=os.environ.get("HF_ENDPOINT")), repo, revision, needs)
    except WeightsError:
        raise
    except Exception as error:
        reason = safe_line(" ".join(hidden(str(error)).split()))[:300]
        raise WeightsError(
            f"{name} cannot be fetched: {reason or type(error).__name__}; check name, revision and connection "
            "(HF_TOKEN for repositories that need a login), or give the folder of a copy"
        ) from error


def _download(api: HfApi, repo: str, revision: str, needs: Needs) -> Path:
    # Its retries would be lines of their own; what comes of them is told in one.
    logging.getLogger("huggingface_hub").setLevel(logging.ERROR)
    name = f"hf:{repo}@{revision}"
    sizes = {row.path: int(row.size) for row in api.list_repo_tree(repo, revision=revision) if hasattr(row, "size")}
    if adapter_alone(sizes):
        raise WeightsError(
            f"{name} holds an adapter alone, not a model; merge it into its base model, and give the folder of the two"
        )
    if "config.json" not in sizes or not {INDEX, SINGLE} & set(sizes):
        raise WeightsError(f"{name} has no config.json with safetensors beside it; only those are read")

    def fetch(file: str, bars: type[Any]) -> Path:
        fetched = api.hf_hub_download(repo, file, revision=revision, cache_dir=cache_folder(), tqdm_class=bars)
        return Path(fetched)

    # Small, and they say which of the large ones are needed.
    unseen = unseen_bars(lambda _: None)
    folder = fetch("config.json", unseen).parent
    if INDEX in sizes:
        fetch(INDEX, unseen)
    wanted = [*sorted(file for file in sizes if _PLAIN.match(file)), *_shards(folder, needs)]
    missing = [file for file in wanted if not (folder / file).is_file()]
    progress = HubProgress(name, len(missing), sum(sizes.get(file, 0) for file in missing))
    try:
        for file in missing:
            fetch(file, progress.bars)
    finally:
        progress.close()
    return folder


def _shards(folder: Path, needs: Needs) -> Collection[str]:
    """Return the names of the shards that hold something needed, in order."""
    if not (folder / INDEX).is_file():
        return (SINGLE,)
    weight_map = loads((folder / INDEX).read_text(encoding="utf-8"))["weight_map"]
    # The libraries that load quantized checkpoints open every shard, needed or not.
    everything = "quantization_config" in loads((folder / "config.json").read_text(encoding="utf-8"))
    found = sorted({str(shard) for name, shard in weight_map.items() if everything or needs(name)})
    if any(Path(shard).name != shard for shard in found):
        msg = "the index names shards outside its folder"
        raise ValueError(msg)
    return found
