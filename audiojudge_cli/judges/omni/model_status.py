"""Where the model of a card stands on this machine: there, whole, as the hub hashed it."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.checkpoint import Checkpoint, read_checkpoint
from audiojudge_cli.judges.omni.locate import find_model
from audiojudge_cli.weights.checks import sha256_of

if TYPE_CHECKING:
    from audiojudge_cli.weights.card import Card
    from audiojudge_cli.weights.store import State

# The hub's client names a large file in its cache by the SHA-256 of the bytes.
_BLOB = re.compile(r"^[0-9a-f]{64}$")


@dataclass(frozen=True, slots=True)
class ModelStatus:
    """Where a model stands.

    Attributes:
        state: `missing`; `damaged` (not whole, or not what the hub hashed); `unverified` (whole, not hashed, or of
            unknown hash); `ready` (hashed just now).
        folder: Where it lies, if it is there.
        bytes: Size on disk of the parts a judge needs.
        fault: What is damaged.
    """

    state: State
    folder: Path | None = None
    bytes: int = 0
    fault: str = ""


def model_status(card: Card, *, hashing: bool = False) -> ModelStatus:
    """Return where the card's model stands; fetches nothing.

    Args:
        card: A card with a model.
        hashing: Hash every shard a judge needs, and compare with the hash under which the hub's client keeps it.

    Raises:
        InputError: If the card names no model.
    """
    folder = find_model(card)
    if folder is None:
        return ModelStatus("missing")
    try:
        checkpoint = read_checkpoint(folder)
    except WeightsError as error:
        return ModelStatus("damaged", folder, fault=str(error))
    if not hashing:
        return ModelStatus("unverified", folder, checkpoint.bytes)
    return _hashed(checkpoint)


def _hashed(checkpoint: Checkpoint) -> ModelStatus:
    state: State = "ready"
    for shard in checkpoint.shards:
        blob = shard.resolve()
        if not _BLOB.match(blob.name):
            state = "unverified"
        elif sha256_of(blob) != blob.name:
            fault = f"{shard} is not what the hub hashed; remove it and fetch it again"
            return ModelStatus("damaged", checkpoint.folder, checkpoint.bytes, fault)
    return ModelStatus(state, checkpoint.folder, checkpoint.bytes)
