"""What `--judge` names, as a model with its limits: a folder, for now."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import WeightsError

if TYPE_CHECKING:
    from audiojudge_cli.judges.omni.loaded import Architecture

PROMPTS = "default"
FLOOR = 0.5
LONGEST_S: dict[Architecture, float] = {
    "qwen2_audio": 30.0,
    "qwen2_5_omni": 300.0,
    "qwen3_omni_moe": 300.0,
    "audioflamingo3": 600.0,
}


@dataclass(frozen=True, slots=True)
class Named:
    """A model on this machine.

    Attributes:
        name: As records name it.
        folder: Its checkpoint.
        prompts: Name of its prompt set.
        floor: Smallest probability of yes and no together that counts as an answer.
        longest_s: The longest audio it hears at once; None: by architecture.
    """

    name: str
    folder: Path
    prompts: str = PROMPTS
    floor: float = FLOOR
    longest_s: float | None = None


def find_model(card: str) -> Named:
    """Return the model that `--judge` names."""
    folder = Path(card)
    if folder.is_dir():
        return Named(folder.resolve().name, folder)
    raise WeightsError(f"{card}: not found")
