"""A second way out of the quantized YAMNet: unrounded logits and the embedding beneath them.

The published graph rounds its logits to steps of 0.76, takes one patch at a time and hides the 1024 numbers the
classes are read from. The same weights with another way out lose nothing: the convolutions stay 8-bit, the last
layer answers in float32, and a whole clip goes through in one call.
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.atomic import write_bytes

if TYPE_CHECKING:
    from onnx import GraphProto, NodeProto

LOGITS = "logits"
EMBEDDING = "embedding"
_VERSION = 1


def with_float_head(model: Path) -> Path | bytes:
    """Return the rewritten graph; its weights stay in `model`'s data file, in the same folder.

    Written beside `model` on first use, because rewriting costs more than loading; where nothing can be written
    the graph itself is returned.

    Raises:
        WeightsError: If `model` is not the graph the card describes.
    """
    target = model.with_name(f"float-head-{_VERSION}.onnx")
    if target.is_file():
        return target
    import onnx

    try:
        proto = onnx.load(str(model), load_external_data=False)
        _rewrite(proto.graph)
        payload: bytes = proto.SerializeToString()
    except Exception as error:  # those of onnx and of protobuf share no base class
        raise WeightsError(f"{model} is not the YAMNet graph of the card: {error}") from error
    try:
        write_bytes(target, payload)
    except OSError:
        return payload
    return target


def _rewrite(graph: GraphProto) -> None:
    from onnx import TensorProto, helper

    last = next(
        node for node in graph.node if node.op_type == "QuantizeLinear" and node.output[0] == graph.output[0].name
    )
    head = next(node for node in graph.node if node.output[0] == last.input[0])
    graph.node.remove(last)
    pooled = head.input[0]
    _let_batches_through(graph, head)
    graph.node.append(helper.make_node("Identity", [head.output[0]], [LOGITS]))
    graph.node.append(helper.make_node("Identity", [pooled], [EMBEDDING]))
    del graph.output[:]
    graph.output.append(helper.make_tensor_value_info(LOGITS, TensorProto.FLOAT, ["patches", 521]))
    graph.output.append(helper.make_tensor_value_info(EMBEDDING, TensorProto.FLOAT, ["patches", 1024]))
    graph.input[0].type.tensor_type.shape.dim[0].dim_param = "patches"
    del graph.value_info[:]


def _let_batches_through(graph: GraphProto, head: NodeProto) -> None:
    """Make the one reshape before the head keep its batch: its target (1, −1) becomes (−1, 1024)."""
    import numpy as np
    from onnx import numpy_helper

    reshape = next(node for node in graph.node if node.op_type == "Reshape")
    target = next(tensor for tensor in graph.initializer if tensor.name == reshape.input[1])
    width = next(tensor.dims for tensor in graph.initializer if tensor.name == head.input[1] or 521 in tensor.dims)
    inner = next(size for size in width if size != 521)
    target.CopyFrom(numpy_helper.from_array(np.array([-1, inner], dtype=np.int64), target.name))
