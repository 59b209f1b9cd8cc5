"""Reading tensors out of safetensors shards without ever holding a shard twice."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Protocol

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from pathlib import Path

    import torch

    from audiojudge_cli.judges.omni.checkpoint import StoredTensor

# Pages of a mapped file count towards the process as long as it is mapped: opened anew after this many bytes.
_MAPPED = 64 << 20


class TensorSource(Protocol):
    """Where the tensors of a checkpoint come from."""

    def read(self, tensor: StoredTensor) -> torch.Tensor:
        """Return the tensor, on any device and in any dtype."""
        ...


class Shards:
    """Tensors from disk, mapped into memory: a tensor that is used as it lies there is not copied."""

    def __init__(self) -> None:
        self._path: Path | None = None
        self._file: Any = None
        self._read = 0

    def read(self, tensor: StoredTensor) -> torch.Tensor:
        """Return the tensor, on the CPU, in the dtype it has on disk.

        Raises:
            WeightsError: If the shard cannot be read.
        """
        from safetensors import SafetensorError, safe_open

        try:
            if tensor.shard != self._path or self._read > _MAPPED:
                self._file = None
                self._file = safe_open(tensor.shard, framework="pt", device="cpu")
                self._path, self._read = tensor.shard, 0
            self._read += tensor.bytes
            found: torch.Tensor = self._file.get_tensor(tensor.name)
        except (OSError, SafetensorError) as error:
            raise WeightsError(f"{shown(tensor.shard)} cannot be read ({error}); fetch it again") from error
        return found
