"""Resemblyzer's voice encoder as ONNX: three LSTM layers over mel frames, one linear layer, unit length.

Its weights come as a PyTorch file of the old form: pickled tables, then the bare little-endian numbers of every tensor.
The tables are never read, so nothing is unpickled: the card pins the file by its SHA-256, so each tensor lies at the
place written down here, and each stored block must have the length that stands before it. What training left behind
(moments of Adam) is dropped: 17 MB become 5.7 MB.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.atomic import write_bytes

Array = npt.NDArray[np.float32]

EMBEDDING = "embedding"
BANDS = 40
UNITS = 256
_LAYERS = 3
_VERSION = 1
# Where the blocks of numbers lie in the file of the card; eight bytes before each tell how many numbers it has.
_LINEAR_WEIGHT, _LINEAR_BIAS, _LSTM = 7731, 6699, 269_883
_SHORTEST_LENGTH = 1e-12
"""Added to nothing: a vector shorter than this (all units at rest) is divided by it instead of by zero."""


def as_onnx(checkpoint: Path) -> Path | bytes:
    """Return the encoder as ONNX, written beside its checkpoint on first use where that is possible.

    Input `mel`: shape (frames, parts, 40), mel power. Output `embedding`: shape (parts, 256), of length 1.

    Raises:
        WeightsError: If the file is not the checkpoint of the card.
    """
    target = checkpoint.with_name(f"encoder-{_VERSION}.onnx")
    if target.is_file():
        return target
    try:
        payload = _network(read_checkpoint(checkpoint.read_bytes()))
    except (OSError, ValueError) as error:
        raise WeightsError(f"{checkpoint} is not the voice encoder of the card: {error}") from error
    try:
        write_bytes(target, payload)
    except OSError:
        return payload
    return target


def read_checkpoint(data: bytes) -> Mapping[str, Array]:
    """Return the tensors by their PyTorch names, without unpickling anything.

    Raises:
        ValueError: If a block of numbers is not where it should be.
    """
    found = {
        "linear.weight": _block(data, _LINEAR_WEIGHT, UNITS * UNITS).reshape(UNITS, UNITS),
        "linear.bias": _block(data, _LINEAR_BIAS, UNITS),
    }
    # The layers share one block: first the matrices of each, then the biases of each, input before state.
    sizes = [
        (f"weight_{part}_l{layer}", 4 * UNITS, BANDS if (part, layer) == ("ih", 0) else UNITS)
        for layer in range(_LAYERS)
        for part in ("ih", "hh")
    ]
    biases = [(f"bias_{part}_l{layer}", 4 * UNITS, 1) for layer in range(_LAYERS) for part in ("ih", "hh")]
    numbers = _block(data, _LSTM, sum(rows * columns for _, rows, columns in sizes + biases))
    place = 0
    for name, rows, columns in sizes + biases:
        part = numbers[place : place + rows * columns]
        found[f"lstm.{name}"] = part.reshape(rows, columns) if columns > 1 else part
        place += rows * columns
    return found


def _block(data: bytes, place: int, count: int) -> Array:
    if int.from_bytes(data[place - 8 : place], "little") != count or len(data) < place + 4 * count:
        msg = f"no block of {count} numbers at byte {place}"
        raise ValueError(msg)
    return np.frombuffer(data, "<f4", count, place)


def _gates(value: Array) -> Array:
    """Return what PyTorch orders input, forget, cell, output in the order of ONNX: input, output, forget, cell."""
    first, forget, cell, output = np.split(value, 4)
    return np.concatenate([first, output, forget, cell])


def _network(tensors: Mapping[str, Array]) -> bytes:
    from onnx import TensorProto, helper, numpy_helper

    numbers: dict[str, npt.NDArray[Any]] = {
        "no_direction": np.array([1]),
        "first": np.array([0]),
        "least": np.array(_SHORTEST_LENGTH, dtype=np.float32),
        "linear": np.ascontiguousarray(tensors["linear.weight"].T),
        "bias": tensors["linear.bias"],
    }
    nodes, value = [], "mel"
    for layer in range(_LAYERS):
        numbers[f"w{layer}"] = _gates(tensors[f"lstm.weight_ih_l{layer}"])[None]
        numbers[f"r{layer}"] = _gates(tensors[f"lstm.weight_hh_l{layer}"])[None]
        sides = (_gates(tensors[f"lstm.bias_{part}_l{layer}"]) for part in ("ih", "hh"))
        numbers[f"b{layer}"] = np.concatenate(list(sides))[None]
        inputs = [value, f"w{layer}", f"r{layer}", f"b{layer}"]
        nodes.append(helper.make_node("LSTM", inputs, [f"out{layer}", f"state{layer}"], hidden_size=UNITS))
        nodes.append(helper.make_node("Squeeze", [f"out{layer}", "no_direction"], [f"frames{layer}"]))
        value = f"frames{layer}"
    nodes += [
        helper.make_node("Squeeze", [f"state{_LAYERS - 1}", "first"], ["last"]),
        helper.make_node("Gemm", ["last", "linear", "bias"], ["raw"]),
        helper.make_node("Relu", ["raw"], ["rectified"]),
        helper.make_node("ReduceL2", ["rectified"], ["norm"], axes=[1], keepdims=1),
        helper.make_node("Max", ["norm", "least"], ["length"]),
        helper.make_node("Div", ["rectified", "length"], [EMBEDDING]),
    ]
    graph = helper.make_graph(
        nodes,
        "voice_encoder",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["frames", "parts", BANDS])],
        [helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, ["parts", UNITS])],
        [numpy_helper.from_array(np.ascontiguousarray(value), name) for name, value in numbers.items()],
    )
    # Operator set 13: the last in which ReduceL2 takes its axes as an attribute.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(model.SerializeToString())
