"""Packing the linear layers of the language model into 8 or 4 bits, one at a time, as they are loaded.

int8: torchao, symmetric, one scale per row, weights only. int4: bitsandbytes NF4, blocks of 64 with packed scales
(Dettmers et al., QLoRA, arXiv 2305.14314). Chosen by measurement, see docs/omni.md. Audio tower, embeddings, routers,
norms and lm_head are never packed.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError

if TYPE_CHECKING:
    import torch

    from audiojudge_cli.judges.omni.loaded import Quant

PACKED: tuple[Quant, ...] = ("int8", "int4")
_LIBRARIES = {"int8": "torchao", "int4": "bitsandbytes"}


def require_library(quant: Quant) -> None:
    """Check that the library that packs is installed.

    Raises:
        WeightsError: If it is not; says how to install it.
    """
    from importlib.util import find_spec

    library = _LIBRARIES.get(quant)
    if library and find_spec(library) is None:
        raise WeightsError(f"--quant {quant} needs {library}; install: pip install {library}")


def pack(weight: torch.Tensor, bias: torch.Tensor | None, quant: Quant) -> torch.nn.Module:
    """Return a linear layer with the weight packed, on the weight's device.

    Args:
        weight: Shape (outputs, inputs), in the dtype that activations will have.
        bias: Shape (outputs,) or None.
        quant: `int8` or `int4`.
    """
    return _int4(weight, bias) if quant == "int4" else _int8(weight, bias)


def _int8(weight: torch.Tensor, bias: torch.Tensor | None) -> torch.nn.Module:
    import torch
    from torchao.quantization import Int8WeightOnlyConfig, quantize_

    outputs, inputs = weight.shape
    layer = torch.nn.Linear(inputs, outputs, bias=bias is not None, device="meta")
    _set(layer, weight, bias)
    quantize_(layer, Int8WeightOnlyConfig(set_inductor_config=False))
    return layer


def _int4(weight: torch.Tensor, bias: torch.Tensor | None) -> torch.nn.Module:
    from bitsandbytes.nn import Linear4bit, Params4bit

    outputs, inputs = weight.shape
    layer: Any = Linear4bit(
        inputs, outputs, bias=bias is not None, compute_dtype=weight.dtype, quant_type="nf4", device="meta"
    )
    _set(layer, None, bias)
    # Packed by moving to the device it is on already; the layer is handed over so that it learns the scales.
    packed = Params4bit(weight, requires_grad=False, compress_statistics=True, quant_type="nf4", module=layer)
    layer.weight = packed.to(weight.device)
    done: torch.nn.Module = layer.eval()
    return done


def _set(layer: Any, weight: torch.Tensor | None, bias: torch.Tensor | None) -> None:  # noqa: ANN401 - any linear layer
    import torch

    if weight is not None:
        layer.weight = torch.nn.Parameter(weight, requires_grad=False)
    if bias is not None:
        layer.bias = torch.nn.Parameter(bias, requires_grad=False)
