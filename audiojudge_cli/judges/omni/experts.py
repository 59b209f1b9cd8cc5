"""The experts of a mixture as packed linear layers, one pair per expert.

transformers stacks the experts of a layer into one three-dimensional parameter, which the packing libraries do not
take.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    import torch


def packed_experts(
    gate_up: Sequence[torch.nn.Module],
    down: Sequence[torch.nn.Module],
    activation: Any,  # noqa: ANN401 - a function or a module
) -> torch.nn.Module:
    """Return a module that stands in for the library's stacked experts.

    Args:
        gate_up: Per expert, the layer to (gate, up), twice the inner width.
        down: Per expert, the layer from the inner width.
        activation: Applied to the gate.
    """
    import torch

    class PackedExperts(torch.nn.Module):
        """Experts one after another; only those that a token was sent to do anything."""

        def __init__(self) -> None:
            super().__init__()
            self.gate_up = torch.nn.ModuleList(gate_up)
            self.down = torch.nn.ModuleList(down)
            self.activation = activation

        def forward(
            self, hidden_states: torch.Tensor, top_k_index: torch.Tensor, top_k_weights: torch.Tensor
        ) -> torch.Tensor:
            """Return the weighted sum of the chosen experts' outputs, shape (tokens, width)."""
            result = torch.zeros_like(hidden_states)
            for expert in torch.unique(top_k_index).tolist():
                tokens, choice = torch.where(top_k_index == expert)
                gate, up = self.gate_up[expert](hidden_states[tokens]).chunk(2, dim=-1)
                out = self.down[expert](self.activation(gate) * up) * top_k_weights[tokens, choice, None]
                result.index_add_(0, tokens, out.to(result.dtype))
            return result

    return PackedExperts()
