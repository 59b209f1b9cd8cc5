"""Where the data that travels with audiojudge lies: cards in `models/`, presets in `presets/`."""

from __future__ import annotations

from pathlib import Path


def bundled(folder: str) -> Path:
    """Return the folder `models` or `presets` of this installation.

    A wheel carries both inside the package; a checkout (or editable install) has them beside it.
    """
    package = Path(__file__).parent
    inside = package / "bundled" / folder
    return inside if inside.is_dir() else package.parent / folder
