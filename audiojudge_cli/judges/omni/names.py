"""What the tensors of a checkpoint are called on disk, and where they belong in the module tree of transformers.

The released checkpoints keep the names of the code they were trained with (`thinker.model.layers.0…`,
`language_model.model.layers.0…`); fine-tunings of a thinker alone drop the prefix; later versions of the library may
save the names of its own module tree. All of them lead to the same module. Tensors that a judge does not need (talker,
vocoder, vision) lead nowhere.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from audiojudge_cli.judges.omni.loaded import Architecture

OMNI: tuple[Architecture, ...] = ("qwen2_5_omni", "qwen3_omni_moe")
Part = Literal["audio", "language", "head", "embedding"]

_NEVER = ("talker.", "token2wav.", "code2wav.", "visual.", "model.visual.")
_HEARING = ("model.audio_tower.", "model.projection.", "model.adapter.")
# PE-A-Frame's text side and what compares the two, which no judge needs.
_CONTRASTIVE = ("text_model.", "audio_head.", "text_audio_")
_EXPERT = re.compile(r"^(?P<stem>.+\.mlp\.experts)\.(?P<expert>\d+)\.(?P<kind>gate_proj|up_proj|down_proj)\.weight$")


@dataclass(frozen=True, slots=True)
class Place:
    """Where a tensor goes.

    Attributes:
        name: Name of the parameter in the module tree.
        expert: Which expert it belongs to, when the module tree stacks the experts of a layer into one parameter.
        kind: `gate_proj`, `up_proj` or `down_proj` of that expert, else empty.
    """

    name: str
    expert: int | None = None
    kind: str = ""

    @property
    def part(self) -> Part:
        """Which part of the model it belongs to."""
        if self.name.startswith(_HEARING) or "multi_modal_projector." in self.name:
            return "audio"
        if self.name.startswith("lm_head."):
            return "head"
        return "embedding" if self.name.endswith("embed_tokens.weight") else "language"

    @property
    def quantizable(self) -> bool:
        """Whether `--quant int8|int4` packs it: the linear layers of the language model, never router or norms."""
        return bool(self.part == "language" and re.search(r"(_proj\.weight|experts\.(gate_up|down)_proj)$", self.name))


def place(architecture: Architecture, name: str) -> Place | None:
    """Return where the tensor called `name` on disk goes; None when a judge does not need it."""
    inner = name.removeprefix("thinker.") if architecture in OMNI else name
    if inner.startswith(_NEVER):
        return None
    if architecture == "jastin" and inner.startswith(_CONTRASTIVE):
        return None
    found = _in_tree(architecture, inner)
    expert = _EXPERT.match(found)
    if expert is None:
        return Place(found)
    kind = expert["kind"]
    stacked = "down_proj" if kind == "down_proj" else "gate_up_proj"
    return Place(f"{expert['stem']}.{stacked}", int(expert["expert"]), kind)


def _in_tree(architecture: Architecture, name: str) -> str:
    if name.startswith("audio_encoder."):
        return f"model.audio_tower.{name.removeprefix('audio_encoder.')}"
    if name.startswith(("audio_tower.", "multi_modal_projector.", "projection.", "adapter.")):
        return f"model.{name}"
    if architecture in OMNI:
        own = name.startswith(("model.language_model.", "model.audio_tower.")) or not name.startswith("model.")
        return name if own else f"model.language_model.{name.removeprefix('model.')}"
    if name.startswith("language_model.lm_head."):
        return name.removeprefix("language_model.")
    if name.startswith("language_model.model."):
        return f"model.language_model.{name.removeprefix('language_model.model.')}"
    return name
