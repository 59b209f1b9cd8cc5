"""Where a checkpoint lies: a folder of this machine, the hub's cache, or the hub."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli.errors import InputError, WeightsError
from audiojudge_cli.judges.omni.loaded import ARCHITECTURES
from audiojudge_cli.judges.omni.names import place
from audiojudge_cli.text.terminal import safe_line, shown
from audiojudge_cli.weights.hub import cache_folder
from audiojudge_cli.weights.model import REPO, REVISION, Model
from audiojudge_cli.weights.snapshot import cached_snapshot, fetch_snapshot

if TYPE_CHECKING:
    from audiojudge_cli.weights.card import Card

HUB = "hf:"
CARDLESS_AUDIO_S: dict[str, float] = {
    "qwen2_audio": 30.0, "qwen2_5_omni": 300.0, "qwen3_omni_moe": 300.0, "audioflamingo3": 600.0,
    "jastin": 30.0,
}  # fmt: skip
"""The longest audio a model hears at once when no card says so, by architecture, in seconds."""


@dataclass(frozen=True, slots=True)
class Located:
    """A checkpoint that is on this machine.

    Attributes:
        name: As records name the judge: the card's name, `hf:owner/name@revision`, or the folder's name.
        folder: Where it lies.
        card: The card it was asked for by, if any.
    """

    name: str
    folder: Path
    card: Card | None = None


def locate(asked: str) -> Located:
    """Return where the asked-for model lies, fetching it from the hub if need be.

    Args:
        asked: A checkpoint folder, `hf:owner/name@revision` (revision: `main` when left out), the name of a bundled
            card, or the path of a card (YAML).

    Raises:
        InputError: If it is none of these, or the card names no model.
        WeightsError: If the hub or its cache does not have it.
    """
    if asked.startswith(HUB):
        repo, _, revision = asked.removeprefix(HUB).partition("@")
        revision = revision or "main"
        if not re.match(REPO, repo) or not re.match(REVISION, revision):
            raise InputError(f"{safe_line(asked)[:200]} is no model on the hub; write hf:owner/name@revision")
        return Located(f"{HUB}{repo}@{revision}", fetch_snapshot(repo, revision, is_needed))
    folder = Path(asked).expanduser()
    if folder.is_dir():
        return Located(folder.resolve().name, folder)
    from audiojudge_cli.weights.catalog import find_card

    card = find_card(asked)
    return Located(card.name, fetch_model(card), card)


def model_of(card: Card) -> Model:
    """Return the model on a card.

    Raises:
        InputError: If it names none, or one of an architecture that the omni judge does not know.
    """
    if card.model is None:
        raise InputError(f"{shown(card.path)}: the card names no model, and the omni judge needs one")
    if card.model.architecture not in ARCHITECTURES:
        raise InputError(
            f"{shown(card.path)}: model.architecture: {card.model.architecture!r} is not supported; "
            f"supported: {', '.join(ARCHITECTURES)}"
        )
    return card.model


def fetch_model(card: Card) -> Path:
    """Return the folder of the card's model, fetching from the hub what is missing.

    Raises:
        InputError: If the card names no model.
        WeightsError: If the hub or its cache does not have it, or the card's own folder is not there.
    """
    model = model_of(card)
    if model.repo is None or model.revision is None:
        folder = _own_folder(card, model)
        if not folder.is_dir():
            raise WeightsError(
                f"there is no folder {shown(folder)}, where the card {card.name} looks for its model; put a checkpoint "
                "there (docs/omni.md tells its layout), or give --judge the folder of one"
            )
        return folder
    return fetch_snapshot(model.repo, model.revision, is_needed)


def find_model(card: Card) -> Path | None:
    """Return the folder of the card's model if it is on this machine; fetches nothing."""
    model = model_of(card)
    if model.repo is None or model.revision is None:
        folder = _own_folder(card, model)
        return folder if folder.is_dir() else None
    return cached_snapshot(model.repo, model.revision, is_needed)


def place_of(card: Card) -> Path:
    """Return where the card's model lies, or would lie; fetches nothing."""
    model = model_of(card)
    if model.repo is None:
        return _own_folder(card, model)
    return find_model(card) or cache_folder() / f"models--{model.repo.replace('/', '--')}"


def is_needed(tensor: str) -> bool:
    """Return whether a judge needs the tensor of that name, of whatever architecture."""
    return place("qwen2_5_omni", tensor) is not None


def _own_folder(card: Card, model: Model) -> Path:
    return card.path.parent / Path(str(model.folder)).expanduser()
