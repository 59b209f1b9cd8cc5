"""A checkpoint folder, read and checked without torch: what it is, whether it is whole, how large its parts are.

Only headers are read, so that a wrong or damaged checkpoint is told about before minutes of loading begin.
"""

from __future__ import annotations

import json
import re
from collections.abc import Collection, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from math import prod
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.loaded import ARCHITECTURES, Architecture
from audiojudge_cli.judges.omni.names import Part, Place, place
from audiojudge_cli.text.terminal import safe_line, shown
from audiojudge_cli.weights.snapshot import ADAPTER_CONFIG, INDEX, SINGLE, adapter_alone

ADAPTER = re.compile(r"\.lora_|\.base_layer\.|\.modules_to_save\.")
"""Parts of the names that peft gives to an adapter's tensors, and to those of a model that has one."""

_LARGEST_JSON = 64 << 20
_LARGEST_HEADER = 100 << 20
_THINKER = "_thinker"


@dataclass(frozen=True, slots=True)
class StoredTensor:
    """One tensor on disk.

    Attributes:
        name: Its name on disk.
        shard: The file it lies in.
        dtype: As safetensors names it: `BF16`, `F32` …
        shape: Its shape.
        bytes: Its size on disk.
        place: Where it goes in the module tree.
    """

    name: str
    shard: Path
    dtype: str
    shape: tuple[int, ...]
    bytes: int
    place: Place

    @property
    def count(self) -> int:
        """How many numbers it holds."""
        return prod(self.shape)


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A checkpoint that was found whole.

    Attributes:
        folder: Where it lies.
        architecture: Which of the supported ones it is.
        config: `config.json`; for a whole Omni model, that of its thinker.
        quantization: Method it was quantized with before release (`gptq`, `awq`, `bitsandbytes` …), else None.
        tensors: What a judge needs of it, in the order of the shards.
    """

    folder: Path
    architecture: Architecture
    config: Mapping[str, Any]
    quantization: str | None
    tensors: tuple[StoredTensor, ...]

    @property
    def shards(self) -> tuple[Path, ...]:
        """The files that hold something a judge needs, in order."""
        return tuple(dict.fromkeys(tensor.shard for tensor in self.tensors))

    @property
    def bytes(self) -> int:
        """Size on disk of everything a judge needs."""
        return sum(tensor.bytes for tensor in self.tensors)

    def count(self, *parts: Part) -> int:
        """Return how many parameters the named parts have; all of them when none is named."""
        return sum(tensor.count for tensor in self.tensors if not parts or tensor.place.part in parts)


def read_checkpoint(folder: Path) -> Checkpoint:
    """Return the checkpoint in `folder`.

    Raises:
        WeightsError: If something is missing, truncated, damaged, or of an architecture that is not supported; the
            message names the file and says what to do.
    """
    if not folder.is_dir():
        raise WeightsError(f"there is no checkpoint folder {shown(folder)}; give a folder with config.json in it")
    if adapter_alone(path.name for path in folder.iterdir()):
        raise _adapter_alone(folder)
    whole = raw_config(folder)
    architecture, config = _architecture(folder, whole)
    _need_companions(folder)
    tensors = tuple(_tensors(folder, architecture))
    for part in ("audio", "language"):
        if not any(tensor.place.part == part for tensor in tensors):
            if any(ADAPTER.search(tensor.name) for tensor in tensors):
                raise _adapter_alone(folder)
            raise WeightsError(
                f"{shown(folder)}: the shards hold no {part} part of a {architecture} model under any name known "
                "here: it was saved without that part, or laid out in another way; use a checkpoint in the layout of "
                "its release"
            )
    return Checkpoint(folder, architecture, config, _quantization(whole, config), tensors)


def _adapter_alone(folder: Path) -> WeightsError:
    """Return the error for a folder with nothing but an adapter (LoRA and the like); names the base model if known."""
    base = None
    with suppress(WeightsError):
        base = _read_json(folder / ADAPTER_CONFIG).get("base_model_name_or_path")
    of = f" of {safe_line(base)[:200]}" if isinstance(base, str) and base else ""
    return WeightsError(
        f"{shown(folder)} holds an adapter{of} alone, not a model; merge it into its base model, save the two as one "
        "checkpoint (merge_and_unload and save_pretrained of peft do it), and give that folder"
    )


def raw_config(folder: Path) -> dict[str, Any]:
    """Return `config.json` as it lies there.

    Raises:
        WeightsError: If it cannot be read.
    """
    return _read_json(folder / "config.json")


def _architecture(folder: Path, config: Mapping[str, Any]) -> tuple[Architecture, Mapping[str, Any]]:
    name = str(config.get("model_type", "")).removesuffix(_THINKER)
    for architecture in ARCHITECTURES:
        if name == architecture:
            inner = config.get("thinker_config", config)
            if isinstance(inner, dict):
                return architecture, inner
    said = safe_line(str(config.get("model_type") or config.get("architectures") or "nothing"))[:80]
    raise WeightsError(
        f"{shown(folder / 'config.json')}: model_type says {said!r}, which is no audio language model this judge "
        f"knows; supported: {', '.join(ARCHITECTURES)} (and the thinkers of the omni ones)"
    )


def _quantization(*configs: Mapping[str, Any]) -> str | None:
    for config in configs:
        for inner in (config, config.get("text_config") or {}):
            found = inner.get("quantization_config")
            if isinstance(found, dict):
                return str(found.get("quant_method", "unknown"))
    return None


def _need_companions(folder: Path) -> None:
    if not (folder / "tokenizer.json").is_file() and not (folder / "vocab.json").is_file():
        raise WeightsError(f"{shown(folder)} has no tokenizer.json; copy the tokenizer files of the model beside it")
    if not any((folder / name).is_file() for name in ("preprocessor_config.json", "processor_config.json")):
        raise WeightsError(f"{shown(folder)} has no preprocessor_config.json; copy that of the base model beside it")


def _tensors(folder: Path, architecture: Architecture) -> Iterator[StoredTensor]:
    weight_map = _weight_map(folder)
    shards = {file for name, file in weight_map.items() if place(architecture, name) is not None}
    _need_shards(folder, shards)
    for shard in sorted(shards):
        path = folder / shard
        header = _header(path)
        absent = [name for name, file in weight_map.items() if file == shard and name not in header]
        if absent:
            raise WeightsError(f"{shown(path)} lacks {safe_line(absent[0])}, which the index promises; fetch it again")
        for name, facts in header.items():
            where = place(architecture, name)
            if where is not None:
                start, end = facts["data_offsets"]
                yield StoredTensor(name, path, facts["dtype"], tuple(facts["shape"]), end - start, where)


def _need_shards(folder: Path, shards: Collection[str]) -> None:
    absent = [name for name in shards if not (folder / name).is_file()]
    if absent:
        raise WeightsError(
            f"{shown(folder)} lacks {len(absent)} of the {len(shards)} shards that are needed "
            f"({safe_line(min(absent))} is the first); finish the download"
        )


def _weight_map(folder: Path) -> Mapping[str, str]:
    """Return which shard each tensor lies in; a single file maps to itself."""
    if (folder / INDEX).is_file():
        weight_map: dict[str, str] = _read_json(folder / INDEX).get("weight_map") or {}
        names = set(weight_map.values()) if isinstance(weight_map, dict) else set()
        if not names or any(not isinstance(name, str) or Path(name).name != name for name in names):
            raise WeightsError(f"{shown(folder / INDEX)} names no shards in its own folder; fetch it again")
        return weight_map
    if (folder / SINGLE).is_file():
        return dict.fromkeys(_header(folder / SINGLE), SINGLE)
    others = [path.name for path in folder.iterdir() if path.suffix in {".bin", ".pt", ".pth", ".gguf"}]
    also = f" (it has {safe_line(min(others))}, which is not read)" if others else ""
    raise WeightsError(
        f"{shown(folder)} has neither {INDEX} nor {SINGLE}{also}; only safetensors are read: fetch or save them so"
    )


def _header(path: Path) -> dict[str, dict[str, Any]]:
    """Return the header of a safetensors file, which must be as long as the header says.

    The format: 8 bytes with the length of a JSON object, that object, then the tensors one after another.
    """
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            length = int.from_bytes(file.read(8), "little")
            text = file.read(length) if 8 + length <= size and length <= _LARGEST_HEADER else b""
        header = {name: facts for name, facts in json.loads(text).items() if name != "__metadata__"}
        end = 8 + length + max((int(facts["data_offsets"][1]) for facts in header.values()), default=0)
    except OSError as error:
        raise WeightsError(f"{shown(path)} cannot be read: {error.strerror}") from error
    except (ValueError, KeyError, TypeError, AttributeError, IndexError, RecursionError) as error:
        raise WeightsError(
            f"{shown(path)} is no safetensors file, or is cut off in its header; fetch it again"
        ) from error
    if size != end:
        fault = "is truncated" if size < end else "has bytes after its end"
        raise WeightsError(f"{shown(path)} {fault}: {size:,} bytes where its header says {end:,}; fetch it again")
    return header


def _read_json(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_LARGEST_JSON))
    except FileNotFoundError as error:
        raise WeightsError(
            f"{shown(path.parent)} has no {path.name}; give the folder of a whole checkpoint, or fetch it again"
        ) from error
    except OSError as error:
        raise WeightsError(f"{shown(path)} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{shown(path)} is not JSON; fetch it again") from error
    if not isinstance(found, dict):
        raise WeightsError(f"{shown(path)} is not a JSON object; fetch it again")
    return found
