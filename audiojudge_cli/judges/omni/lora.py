"""A low-rank adapter (LoRA, arXiv 2106.09685) as peft saves it, merged into the weights as they are read.

    W' = W + s B A,    s = alpha / r, or alpha / sqrt(r) with `use_rslora`

Only the plain method is known here; whatever changes the weights in another way is refused by its name.
"""

from __future__ import annotations

import json
import math
import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.names import place
from audiojudge_cli.text.terminal import safe_line, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from audiojudge_cli.judges.omni.checkpoint import Checkpoint, StoredTensor
    from audiojudge_cli.judges.omni.shards import TensorSource

CONFIG, WEIGHTS = "adapter_config.json", "adapter_model.safetensors"
_MOST_CONFIG = 1 << 20

# base_model.model.PATH.lora_A.weight; a name of the adapter may stand before "weight".
_FACTOR = re.compile(r"^base_model\.model\.(?P<path>.+)\.lora_(?P<side>[AB])(?:\.[^.]+)?\.weight$")
# Settings that do not change what the two factors mean; all others must say nothing.
_HARMLESS = (
    frozenset(
        (
            "alpha",
            "auto_mapping",
            "base_model_name_or_path",
            "inference_mode",
            "lora_alpha",
            "lora_dropout",
            "peft_type",
        )
    )
    | frozenset(
        ("exclude_modules", "layers_pattern", "layers_to_transform", "peft_version", "r", "revision", "target_modules")
    )
    | frozenset(("task_type", "use_rslora", "init_lora_weights", "bias", "ensure_weight_tying", "qalora_group_size"))
)
# Ways of beginning that leave the base model as it was; others (pissa, olora, loftq ...) change it.
_PLAIN_STARTS = (None, True, False, "gaussian", "orthogonal", "eva")


@dataclass(frozen=True)
class Lora:
    """Two factors for each weight that is changed.

    Attributes:
        files: What it was read from.
        scale: Of their product.
        factors: By the name of the weight in the module tree: A, shape (rank, in), and B, shape (out, rank).
    """

    files: tuple[Path, ...]
    scale: float
    factors: Mapping[str, tuple[torch.Tensor, torch.Tensor]]

    def over(self, source: TensorSource) -> TensorSource:
        """Return a source whose tensors have the adapter in them."""
        return _Merged(source, self)


@dataclass(frozen=True)
class _Merged:
    source: TensorSource
    lora: Lora

    def read(self, tensor: StoredTensor) -> torch.Tensor:
        """Return a tensor; one that is changed is in float32, so that it is rounded once."""
        found = self.source.read(tensor)
        factors = self.lora.factors.get(tensor.place.name)
        if factors is None:
            return found
        low, high = factors
        return found.float().addmm(high.float(), low.float(), alpha=self.lora.scale)


def read_lora(folder: Path, checkpoint: Checkpoint) -> Lora:
    """Return the adapter in a folder, found to fit the checkpoint.

    Raises:
        WeightsError: If it is not there, not whole, not a plain LoRA, or of another model.
    """
    settings = read_settings(folder)
    for name in settings.keys() - _HARMLESS:
        if settings[name] not in (None, False, {}, [], ""):
            raise _not_plain(folder, f"{safe_line(str(name))[:60]} is not known here")
    if settings.get("peft_type") != "LORA" or settings.get("bias", "none") != "none":
        raise _not_plain(folder, "peft_type must be LORA, and bias none")
    if settings.get("init_lora_weights") not in _PLAIN_STARTS:
        raise _not_plain(folder, "init_lora_weights changed the base model as well")
    rank, alpha = settings.get("r"), settings.get("lora_alpha")
    if not isinstance(rank, int) or rank < 1 or not isinstance(alpha, int | float) or not math.isfinite(alpha):
        raise WeightsError(f"{shown(folder / CONFIG)} says no rank r and lora_alpha; fetch it again")
    scale = alpha / math.sqrt(rank) if settings.get("use_rslora") else alpha / rank
    return Lora((folder / CONFIG, folder / WEIGHTS), scale, _factors(folder, checkpoint, rank))


def _not_plain(folder: Path, why: str) -> WeightsError:
    return WeightsError(
        f"{shown(folder / CONFIG)}: {why}; merge it by peft (merge_and_unload), and give that, without lora/"
    )


def read_settings(folder: Path) -> dict[str, Any]:
    """Return `adapter_config.json`.

    Raises:
        WeightsError: If it cannot be read.
    """
    path = folder / CONFIG
    try:
        with path.open("rb") as file:
            found = json.loads(file.read(_MOST_CONFIG))
    except OSError as error:
        raise WeightsError(f"{shown(path)} cannot be read: {error.strerror}") from error
    except (ValueError, RecursionError) as error:
        raise WeightsError(f"{shown(path)} is not JSON; fetch it again") from error
    if not isinstance(found, dict):
        raise WeightsError(f"{shown(path)} is not a JSON object; fetch it again")
    return found


def _factors(folder: Path, checkpoint: Checkpoint, rank: int) -> dict[str, tuple[torch.Tensor, torch.Tensor]]:
    path = folder / WEIGHTS
    known = {tensor.place.name: tensor for tensor in checkpoint.tensors if tensor.place.expert is None}
    sides: dict[str, dict[str, torch.Tensor]] = {}
    for name, tensor in _read(path).items():
        match = _FACTOR.match(name)
        where = place(checkpoint.architecture, f"{match['path']}.weight") if match else None
        if match is None or (where is not None and where.name not in known):
            raise WeightsError(
                f"{shown(path)}: {safe_line(name)[:120]} belongs to no weight of this {checkpoint.architecture}"
            )
        if where is not None:  # a part that no judge needs
            sides.setdefault(where.name, {})[match["side"]] = tensor
    if not sides:
        raise WeightsError(f"{shown(path)} changes nothing in a model's hearing or language; fetch it again")
    found = {}
    for name, pair in sides.items():
        rows, columns = (*known[name].shape, 0)[:2]
        shapes = {side: tuple(tensor.shape) for side, tensor in pair.items()}
        if len(known[name].shape) != 2 or shapes != {"A": (rank, columns), "B": (rows, rank)}:
            raise WeightsError(
                f"{shown(path)}: the factors of {safe_line(name)} have the shapes {shapes}; A [{rank}, {columns}] "
                f"and B [{rows}, {rank}] are wanted; the adapter is of another model"
            )
        found[name] = (pair["A"], pair["B"])
    return found


def _read(path: Path) -> dict[str, torch.Tensor]:
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        return load_file(path)
    except FileNotFoundError as error:
        raise WeightsError(f"{shown(path)} is not there; only safetensors are read: fetch or save it so") from error
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{shown(path)} cannot be read ({safe_line(str(error))[:100]}); fetch it again") from error
