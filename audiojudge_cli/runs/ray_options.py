"""How a Ray cluster is used."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class RayOptions:
    """How a Ray cluster is used.

    Attributes:
        address: Of a running cluster, as `ray.init` takes it; None starts one on this machine, unless the environment
            names one (`RAY_ADDRESS`).
        gpus: GPUs, or a part of one, for each worker.
        workers: How many; None takes as many as fit.
    """

    address: str | None = None
    gpus: float = 0.0
    workers: int | None = None
