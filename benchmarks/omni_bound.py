"""How fast a clip could be judged at best: the work that can't be avoided at the speed this machine multiplies.

Every matrix product of one clip is counted at its shape, and products of those shapes are timed in the same run. What
norms, activations, rotations, copies and Python cost on top is what the bound leaves out.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import torch

Shape = tuple[int, int, int]  # rows, inputs, outputs
_COPIES = 6  # weights taken in turn, so that no product finds its own still in the cache


@dataclass
class Work:
    """What one clip takes.

    Attributes:
        products: How often each shape of linear layer is multiplied.
        other: FLOPs of convolutions and attention.
    """

    products: Counter[Shape] = field(default_factory=Counter)
    other: float = 0.0

    @property
    def flops(self) -> float:
        """All of it."""
        return self.other + sum(2.0 * rows * a * b * times for (rows, a, b), times in self.products.items())


@contextmanager
def counted(model: torch.nn.Module) -> Iterator[Work]:
    """Count linear layers and convolutions that run inside the block."""
    import torch

    work = Work()

    def linear(module: Any, given: Any, _found: Any) -> None:  # noqa: ANN401
        work.products[given[0].numel() // given[0].shape[-1], module.in_features, module.out_features] += 1

    def convolution(module: Any, _given: Any, found: Any) -> None:  # noqa: ANN401
        work.other += 2.0 * found.numel() * module.weight[0].numel()

    handles = [
        module.register_forward_hook(linear if isinstance(module, torch.nn.Linear) else convolution)
        for module in model.modules()
        if isinstance(module, (torch.nn.Linear, torch.nn.Conv1d, torch.nn.Conv2d))
    ]
    try:
        yield work
    finally:
        for handle in handles:
            handle.remove()


def attention_flops(text: Any, prefix: int, shared: int, segments: Sequence[int]) -> float:  # noqa: ANN401
    """FLOPs of attention over every key that each new token of the language model may see."""
    alone = sum(length * (prefix + shared) + length * (length + 1) / 2 for length in segments)
    seen = shared * prefix + shared * (shared + 1) / 2 + alone
    head = getattr(text, "head_dim", None) or text.hidden_size // text.num_attention_heads
    return float(4 * seen * text.num_attention_heads * head * text.num_hidden_layers)


def tower_attention_flops(tower: Any, samples: int) -> float:  # noqa: ANN401
    """FLOPs of attention in an audio tower of 50 frames a second, over windows where the tower has them."""
    frames = samples // 320
    window = min(getattr(tower, "n_window", frames), frames)
    return float(4 * tower.hidden_size * frames * window * tower.num_hidden_layers)


def product(shape: Shape) -> Callable[[], object]:
    """Return something that multiplies once at this shape, with another weight each time."""
    import torch

    rows, inputs, outputs = shape
    given = torch.randn(rows, inputs)
    weights = [torch.randn(outputs, inputs) for _ in range(_COPIES)]
    turn = iter(range(10**9))
    return lambda: torch.nn.functional.linear(given, weights[next(turn) % _COPIES])


class Speeds:
    """Times products of the given shapes and keeps the best of each."""

    def __init__(self, shapes: Sequence[Shape]) -> None:
        self._products = {shape: product(shape) for shape in shapes}
        self._best = dict.fromkeys(shapes, float("inf"))

    def measure(self, times: int = 3) -> None:
        """Run every shape a few times."""
        for shape, run in self._products.items():
            for _ in range(times):
                begun = time.perf_counter()
                run()
                self._best[shape] = min(self._best[shape], time.perf_counter() - begun)

    @property
    def fastest(self) -> float:
        """FLOP/s of the shape that multiplies best."""
        return max(2.0 * a * b * c / seconds for (a, b, c), seconds in self._best.items())

    def bound(self, work: Work) -> float:
        """Seconds that the work takes at the measured speeds; what is no product runs at the best of them."""
        products = sum(self._best[shape] * times for shape, times in work.products.items())
        return products + work.other / self.fastest
