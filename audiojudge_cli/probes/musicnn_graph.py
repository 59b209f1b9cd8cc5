"""musicnn as ONNX: the network of its authors' code, the weights of their TensorFlow 1 checkpoint.

A checkpoint is two files: an index, which is a sorted string table (LevelDB's format) of tensor name → type, shape and
place, and a file of bare little-endian numbers. Both are read here without TensorFlow, the graph is written down node
by node after `musicnn/models.py`, and what training left behind (moments of Adam) is dropped: 9.5 MB become 3.2 MB.
"""

from __future__ import annotations

import struct
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.atomic import write_bytes

if TYPE_CHECKING:
    from onnx import NodeProto

Array = npt.NDArray[np.float32]

LOGITS = "logits"
EMBEDDING = "embedding"
_VERSION = 1
_FOOTER = 48
"""Bytes at the end of a sorted string table: two handles, filled up, and the magic number."""
_MAGIC = bytes.fromhex("57fb808b247547db")
_FLOAT32 = 1
"""TensorFlow's number for the type of all tensors of the network."""
_EPSILON = 1e-3
"""Of batch normalisation in `tf.compat.v1.layers`, left at its default by the authors."""
_BRANCHES = 5
"""Convolutions of the front end: two of timbre (7 frames high), three of time (128, 64 and 32 frames long)."""


def as_onnx(index: Path, data: Path) -> Path | bytes:
    """Return the network of a checkpoint as ONNX, written beside it on first use where that is possible.

    Input `mel`: shape (patches, frames, 96), log10(10000 · mel power + 1). Outputs `logits`: shape (patches, tags), and
    `embedding`, what they are read from: shape (patches, 200).

    Raises:
        WeightsError: If the files are no checkpoint of musicnn.
    """
    target = data.with_name(f"network-{_VERSION}.onnx")
    if target.is_file():
        return target
    try:
        payload = _network(read_checkpoint(index.read_bytes(), data.read_bytes()))
    except (OSError, ValueError, KeyError, IndexError, struct.error) as error:
        raise WeightsError(f"{index} and {data} are no musicnn checkpoint of the card: {error}") from error
    try:
        write_bytes(target, payload)
    except OSError:
        return payload
    return target


def read_checkpoint(index: bytes, data: bytes) -> dict[str, Array]:
    """Return the float32 tensors of a TensorFlow checkpoint by name, those of the optimiser left out.

    Raises:
        ValueError: If the index is no sorted string table, is compressed, or names numbers that `data` lacks.
    """
    if len(index) < _FOOTER or not index.endswith(_MAGIC):
        msg = "the index is no sorted string table"
        raise ValueError(msg)
    place = 0
    handle = index[-_FOOTER:]
    numbers = []
    for _ in range(4):  # offset and size of the index of blocks come second
        number, place = _varint(handle, place)
        numbers.append(number)
    tensors = {}
    for _, where in _block(index, numbers[2], numbers[3]):
        offset, after = _varint(where, 0)
        size, _ = _varint(where, after)
        for key, value in _block(index, offset, size):
            name = key.decode()
            if name and "/Adam" not in name:
                dtype, shape, first, length = _entry(value)
                if dtype == _FLOAT32 and shape:
                    tensors[name] = np.frombuffer(data[first : first + length], "<f4").reshape(shape)
    return tensors


def _varint(data: bytes, place: int) -> tuple[int, int]:
    value = shift = 0
    while True:
        byte = data[place]
        place += 1
        value |= (byte & 0x7F) << shift
        shift += 7
        if byte < 0x80:  # the high bit says that more follows
            return value, place


def _block(table: bytes, offset: int, size: int) -> list[tuple[bytes, bytes]]:
    """Return the entries of one block; a key is told by what it shares with the one before it."""
    if table[offset + size] != 0:
        msg = "the index is compressed"
        raise ValueError(msg)
    block = table[offset : offset + size]
    (restarts,) = struct.unpack("<I", block[-4:])
    end, place, key, found = len(block) - 4 - 4 * restarts, 0, b"", []
    while place < end:
        shared, place = _varint(block, place)
        own, place = _varint(block, place)
        length, place = _varint(block, place)
        key = key[:shared] + block[place : place + own]
        place += own
        found.append((key, block[place : place + length]))
        place += length
    return found


def _fields(message: bytes) -> list[tuple[int, Any]]:
    """Return (number, value) of a protocol buffer message: integers, and bytes of what is nested."""
    place, found = 0, []
    while place < len(message):
        tag, place = _varint(message, place)
        value: int | bytes
        if tag & 7 == 0:  # an integer
            value, place = _varint(message, place)
        elif tag & 7 == 2:
            length, place = _varint(message, place)
            value, place = message[place : place + length], place + length
        else:  # four bytes: a checksum
            value, place = message[place : place + 4], place + 4
        found.append((tag >> 3, value))
    return found


def _entry(message: bytes) -> tuple[int, tuple[int, ...], int, int]:
    """Return type, shape, offset and size of a tensor (`BundleEntryProto`: fields 1, 2, 4 and 5)."""
    fields = dict(_fields(message))
    sizes = tuple(dict(_fields(size)).get(1, 0) for _, size in _fields(fields.get(2, b"")))
    return fields.get(1, 0), sizes, fields.get(4, 0), fields.get(5, 0)


class _Writer:
    """Collects the nodes and numbers of a graph."""

    def __init__(self, tensors: dict[str, Array]) -> None:
        self.tensors = tensors
        self.nodes: list[NodeProto] = []
        self.numbers: dict[str, npt.NDArray[Any]] = {}

    def add(self, kind: str, inputs: list[str], **attributes: Any) -> str:  # noqa: ANN401 - as ONNX takes them
        """Add a node; return the name of its output."""
        from onnx import helper

        output = f"{kind.lower()}{len(self.nodes)}"
        self.nodes.append(helper.make_node(kind, inputs, [output], **attributes))
        return output

    def number(self, value: npt.NDArray[Any]) -> str:
        """Keep numbers; return their name."""
        name = f"n{len(self.numbers)}"
        self.numbers[name] = np.ascontiguousarray(value)
        return name

    def normalised(self, value: str, layer: int, shape: tuple[int, ...]) -> str:
        """Add the batch normalisation of a layer, as a scale and a shift of that shape."""
        prefix = "batch_normalization" + (f"_{layer}" if layer else "")
        gamma, beta, mean, variance = (
            self.tensors[f"{prefix}/{name}"] for name in ("gamma", "beta", "moving_mean", "moving_variance")
        )
        scale = gamma / np.sqrt(variance + _EPSILON)
        scaled = self.add("Mul", [value, self.number(scale.reshape(shape).astype(np.float32))])
        return self.add("Add", [scaled, self.number((beta - mean * scale).reshape(shape).astype(np.float32))])

    def convolved(self, value: str, layer: int, pads: tuple[int, int], *, flat: bool) -> str:
        """Add a convolution with a rectifier; `flat`: over time alone, the bands being channels."""
        name = "conv2d" + (f"_{layer}" if layer else "")
        kernel = self.tensors[f"{name}/kernel"]  # frames, bands, channels in, channels out
        kernel = kernel[:, :, 0].transpose(2, 1, 0) if flat else kernel.transpose(3, 2, 0, 1)
        padding = [pads[0], pads[1]] if flat else [pads[0], 0, pads[1], 0]
        found = self.add("Conv", [value, self.number(kernel), self.number(self.tensors[f"{name}/bias"])], pads=padding)
        return self.add("Relu", [found])


def _network(tensors: dict[str, Array]) -> bytes:
    """Return `build_musicnn` of the authors' code: front end, three convolutions, pooling over time, two layers."""
    from onnx import TensorProto, helper, numpy_helper

    out = _Writer(tensors)
    mel = out.normalised(out.add("Unsqueeze", ["mel", out.number(np.array([1]))]), 0, (1,))
    fronts = []
    for branch in range(_BRANCHES):
        length = tensors["conv2d" + (f"_{branch}" if branch else "") + "/kernel"].shape[0]
        # As TensorFlow pads `same`: of an uneven number the larger part comes after.
        found = out.convolved(mel, branch, ((length - 1) // 2, length // 2), flat=False)
        found = out.normalised(found, branch + 1, (1, -1, 1, 1))
        fronts.append(out.add("ReduceMax", [found], axes=[3], keepdims=0))
    front = out.add("Concat", fronts, axis=1)
    layers = [front]
    value = front
    for layer in range(_BRANCHES, _BRANCHES + 3):
        found = out.normalised(out.convolved(value, layer, (3, 3), flat=True), layer + 1, (1, -1, 1))
        value = found if len(layers) == 1 else out.add("Add", [found, value])
        layers.append(value)
    features = out.add("Concat", layers, axis=1)
    pooled = [out.add(kind, [features], axes=[2], keepdims=1) for kind in ("ReduceMax", "ReduceMean")]
    flat = out.normalised(out.add("Flatten", [out.add("Concat", pooled, axis=2)]), 9, (1, -1))
    dense = out.add("Gemm", [flat, out.number(tensors["dense/kernel"]), out.number(tensors["dense/bias"])])
    dense = out.normalised(out.add("Relu", [dense]), 10, (1, -1))
    logits = out.add("Gemm", [dense, out.number(tensors["dense_1/kernel"]), out.number(tensors["dense_1/bias"])])
    out.nodes.append(helper.make_node("Identity", [logits], [LOGITS]))
    out.nodes.append(helper.make_node("Identity", [dense], [EMBEDDING]))
    units, tags = tensors["dense_1/kernel"].shape
    graph = helper.make_graph(
        out.nodes,
        "musicnn",
        [helper.make_tensor_value_info("mel", TensorProto.FLOAT, ["patches", "frames", 96])],
        [
            helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["patches", tags]),
            helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, ["patches", units]),
        ],
        [numpy_helper.from_array(value, name) for name, value in out.numbers.items()],
    )
    # Operator set 13: the last in which ReduceMax and ReduceMean take their axes as attributes alike.
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 13)], ir_version=8)
    return bytes(model.SerializeToString())
