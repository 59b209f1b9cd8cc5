"""The cards this installation knows: those bundled in `models/`, or one given by path."""

from __future__ import annotations

from pathlib import Path

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.weights.card import Card, read_card


def card_names() -> tuple[str, ...]:
    """Return the names of the bundled cards, sorted."""
    return tuple(sorted(path.stem for path in bundled("models").glob("*.yaml")))


def cards() -> tuple[Card, ...]:
    """Return the bundled cards, sorted by name."""
    return tuple(find_card(name) for name in card_names())


def find_card(name: str) -> Card:
    """Return a bundled card by name, or the card in the YAML file `name`.

    Raises:
        InputError: If there is no such card, or it does not fit.
    """
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        return read_card(Path(name))
    if name not in card_names():
        known = ", ".join(card_names()) or "none"
        hint = nearest(name, card_names())
        raise InputError(f"no card named {name!r}{hint}; known cards: {known}; or give the path of a YAML file")
    return read_card(bundled("models") / f"{name}.yaml")
