"""Putting a checkpoint's tensors into the empty module tree, one module at a time.

A tensor is read, moved, converted, packed if it is to be packed, and only then the next is read: beside the finished
layers there is never more than one layer's worth of anything.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.checkpoint import ADAPTER
from audiojudge_cli.judges.omni.device import EXTRA
from audiojudge_cli.judges.omni.experts import packed_experts
from audiojudge_cli.judges.omni.memory import trim_heap
from audiojudge_cli.judges.omni.quantize import PACKED, pack
from audiojudge_cli.text.terminal import safe_line, shown

if TYPE_CHECKING:
    from collections.abc import Mapping

    import torch

    from audiojudge_cli.judges.omni.checkpoint import Checkpoint, StoredTensor
    from audiojudge_cli.judges.omni.loaded import Quant
    from audiojudge_cli.judges.omni.shards import TensorSource

_HEAD, _EMBEDDING = "lm_head.weight", "model.language_model.embed_tokens.weight"
_COMPUTED = "rotary_emb.inv_freq"
_STACKED = ("gate_up_proj", "down_proj")


@dataclass(frozen=True, slots=True)
class Target:
    """What the tensors become.

    Attributes:
        quant: How linear layers of the language model are kept.
        device: Where everything goes.
        dtype: What everything becomes that is not packed.
    """

    quant: Quant
    device: torch.device
    dtype: torch.dtype


class Filler:
    """Fills one empty model.

    Args:
        model: From `empty_model`; filled in place.
        checkpoint: What there is.
        source: Where the tensors come from.
        target: What they become.

    Attributes:
        notes: What a person should be told about the filling, after it.
    """

    def __init__(self, model: torch.nn.Module, checkpoint: Checkpoint, source: TensorSource, target: Target) -> None:
        self.notes: tuple[str, ...] = ()
        self._model, self._checkpoint, self._source = model, checkpoint, source
        self._quant, self._device, self._dtype = target.quant, target.device, target.dtype
        self._stored: Mapping[str, list[StoredTensor]] = _by_place(checkpoint)
        # One tensor that is used where it lies in the file keeps all of the file in memory: worth it only if all do.
        rebuilt = target.quant in PACKED or any(tensor.place.expert is not None for tensor in checkpoint.tensors)
        self._copies = rebuilt and target.device.type == "cpu"

    def fill(self) -> None:
        """Fill everything.

        Raises:
            WeightsError: If tensors are missing, have another shape, or are those of an adapter.
        """
        parameters = dict(self._model.named_parameters(remove_duplicate=False))
        self._compare(parameters)
        pending = defaultdict(list)
        for name in parameters:
            owner, _, leaf = name.rpartition(".")
            pending[owner].append(leaf)
        for owner, leaves in pending.items():
            self._fill_module(owner, leaves)
        if _HEAD not in self._stored:
            head, embedding = self._model.get_submodule("lm_head"), self._model.get_submodule(_EMBEDDING[:-7])
            head.weight = embedding.weight

    def _compare(self, parameters: Mapping[str, torch.nn.Parameter]) -> None:
        folder = shown(self._checkpoint.folder)
        missing = [name for name in parameters if name not in self._stored]
        if missing == [_HEAD] and self._tied():
            missing = []
        strange = [name for name in self._stored if name not in parameters and not name.endswith(_COMPUTED)]
        if any(ADAPTER.search(name) for name in strange):
            raise WeightsError(
                f"{folder} holds an adapter beside the model ({safe_line(strange[0])}); merge it into the model first"
            )
        if {_leaf(name) for name in missing} & {_leaf(name) for name in strange}:
            raise self._other_layout(missing, strange)
        if missing:
            raise WeightsError(
                f"{folder} lacks {len(missing)} tensors that its config.json calls for "
                f"({safe_line(missing[0])} is the first); fetch it again"
            )
        if strange:
            place = f"tensors that have no place in a {self._checkpoint.architecture}"
            self.notes += (f"{folder} holds {len(strange)} {place}, left out ({safe_line(strange[0])} is the first)",)
        for name, parameter in parameters.items():
            for stored in self._stored.get(name, ()):
                if stored.shape != _shape(stored, tuple(parameter.shape)):
                    raise WeightsError(
                        f"{shown(stored.shard)}: {safe_line(stored.name)} has the shape {stored.shape}, config.json "
                        f"says {_shape(stored, tuple(parameter.shape))}; the two are not of the same model"
                    )
            experts = [stored.place.expert for stored in self._stored.get(name, ()) if stored.place.expert is not None]
            if experts and set(experts) != set(range(parameter.shape[0])):
                raise WeightsError(f"{folder} has not all {parameter.shape[0]} experts of {name}; fetch it again")

    def _other_layout(self, missing: list[str], strange: list[str]) -> WeightsError:
        """Return the error for tensors that are there under other names than the library's: no download mends that."""
        from transformers import __version__ as version

        kind = self._checkpoint.architecture
        return WeightsError(
            f"{shown(self._checkpoint.folder)} is whole, but laid out in another way than transformers {version} lays "
            f"out a {kind}: {len(strange)} tensors have no place there ({safe_line(strange[0])} is the first) and "
            f"{len(missing)} places stay empty ({safe_line(missing[0])}); install a transformers of the range that "
            f"audiojudge asks for ({EXTRA}), or use a checkpoint in the layout of its release"
        )

    def _tied(self) -> bool:
        config = self._checkpoint.config
        return bool(config.get("tie_word_embeddings") or (config.get("text_config") or {}).get("tie_word_embeddings"))

    def _fill_module(self, owner: str, leaves: list[str]) -> None:
        import torch

        names = [f"{owner}.{leaf}" for leaf in leaves]
        first = self._stored.get(names[0])
        if first is None:
            return
        module = self._model.get_submodule(owner)
        packs = self._quant in PACKED and any(stored.place.quantizable for stored in first)
        if packs and leaves[0] in _STACKED:
            self._replace(owner, self._experts(module, owner))
        elif packs:
            values = {leaf: self._load(f"{owner}.{leaf}") for leaf in leaves}
            self._replace(owner, pack(values.pop("weight"), values.get("bias"), self._quant))
        else:
            for leaf in leaves:
                setattr(module, leaf, torch.nn.Parameter(self._load(f"{owner}.{leaf}"), requires_grad=False))

    def _replace(self, owner: str, module: torch.nn.Module) -> None:
        parent, _, leaf = owner.rpartition(".")
        setattr(self._model.get_submodule(parent), leaf, module)
        if self._device.type == "cpu":
            trim_heap()

    def _load(self, name: str) -> torch.Tensor:
        """Return a whole parameter; experts that lie apart on disk are stacked."""
        import torch

        stored = self._stored[name]
        if stored[0].place.expert is None:
            return self._converted(stored[0])
        shape = self._model.get_parameter(name).shape
        whole = torch.empty(shape, dtype=self._dtype, device=self._device)
        for one in stored:
            rows = whole[one.place.expert]
            rows[_half(one, shape[1])].copy_(self._source.read(one))
        return whole

    def _converted(self, stored: StoredTensor) -> torch.Tensor:
        return self._source.read(stored).to(device=self._device, dtype=self._dtype, copy=self._copies)

    def _experts(self, module: torch.nn.Module, owner: str) -> torch.nn.Module:
        import torch

        layers: dict[str, list[torch.nn.Module]] = {}
        for kind in _STACKED:
            stored = self._stored[f"{owner}.{kind}"]
            shape = self._model.get_parameter(f"{owner}.{kind}").shape
            layers[kind] = []
            whole = self._converted(stored[0]) if stored[0].place.expert is None else None
            for expert in range(shape[0]):
                if whole is not None:
                    weight = whole[expert].clone()
                else:
                    weight = torch.empty(shape[1:], dtype=self._dtype, device=self._device)
                    for one in stored:
                        if one.place.expert == expert:
                            weight[_half(one, shape[1])].copy_(self._source.read(one))
                layers[kind].append(pack(weight, None, self._quant))
        return packed_experts(layers["gate_up_proj"], layers["down_proj"], module.act_fn)


def _by_place(checkpoint: Checkpoint) -> Mapping[str, list[StoredTensor]]:
    found: dict[str, list[StoredTensor]] = defaultdict(list)
    for tensor in checkpoint.tensors:
        found[tensor.place.name].append(tensor)
    return dict(found)


def _leaf(name: str) -> str:
    """Return the last two parts of a name (`conv1.weight`), which other layouts of the same modules keep."""
    return ".".join(name.split(".")[-2:])


def _half(stored: StoredTensor, rows: int) -> slice:
    """Return which rows of the stacked parameter an expert's tensor fills: gate above, up below."""
    if stored.place.kind == "gate_proj":
        return slice(0, rows // 2)
    return slice(rows // 2, rows) if stored.place.kind == "up_proj" else slice(0, rows)


def _shape(stored: StoredTensor, whole: tuple[int, ...]) -> tuple[int, ...]:
    """Return the shape a stored tensor must have to fit into a parameter of the shape `whole`."""
    if stored.place.expert is None:
        return whole
    rows = _half(stored, whole[1])
    return (rows.stop - rows.start, *whole[2:])
