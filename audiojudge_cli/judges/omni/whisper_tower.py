"""Whisper-shaped audio towers at a clip's own length.

The library's forward insists on 30 s (3000 frames) and hides what lies behind the clip from attention, so that the
outputs of heard frames depend on heard frames, and on the two frames the convolutions reach into. Leaving the rest
out gives the same outputs for a fraction of the work.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

    from audiojudge_cli.judges.omni.mel import Mel

# The first convolution sees one frame ahead, the second, on every other frame, one more.
REACH = 2
# Two halvings, and the last frame of an odd number is left out of the pooling.
SHORTEST = 3


def encode(tower: torch.nn.Module, mel: Mel) -> torch.Tensor:
    """Return the tower's outputs for the heard frames, shape (tokens, tower width).

    Args:
        tower: A `Qwen2AudioEncoder` or `AudioFlamingo3Encoder` in eval mode.
        mel: Features with `REACH` frames behind the last heard one, or fewer where the 30 s end.
    """
    from torch.nn.functional import gelu

    parts: Any = tower
    weight = parts.conv1.weight
    states = mel.values[None].to(device=weight.device, dtype=weight.dtype)
    states = gelu(parts.conv2(gelu(parts.conv1(states))))
    heard = (mel.frames - 1) // 2 + 1
    states = states.permute(0, 2, 1)[:, :heard]
    states = states + parts.embed_positions.weight[:heard]
    for layer in parts.layers:
        states = layer(states, None)
    pooled: torch.Tensor = parts.layer_norm(parts.avg_pooler(states.permute(0, 2, 1)).permute(0, 2, 1))
    return pooled[0]
