"""The decision and curves of dimensions, fitted to a team's labels."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from audiojudge_cli.api.opened import Run


def calibrate(
    run: Run | str | os.PathLike[str],
    labels: str | os.PathLike[str] | None = None,
    *,
    yes_from: float | None = None,
    out: str | os.PathLike[str] | None = None,
) -> dict[str, Any]:
    """Fit the decision, and curves of dimensions, to people's labels on clips of a run.

    Args:
        run: A finished run of one judge, or its folder.
        labels: JSONL as `audiojudge label` writes it (docs/calibrate.md); None takes `labels.jsonl` of the run folder.
        yes_from: Labels are ratings, and those from here on are a yes; None: they are yes or no.
        out: Where the calibration is written, for presets to name; None writes nothing.

    Returns:
        What the file holds: `decision`, `curves`, and `figures` on labels that the fit had not seen.

    Raises:
        InputError: If something cannot be read or written, the labels are too few or of one kind, or gain nothing.

    >>> import audiojudge_cli as aj
    >>> run = aj.run("examples/audio", {"sound_dog.flac": "A dog barks."}, out=folder, progress=False)
    >>> _ = (folder / "labels.jsonl").write_text('{"id": "sound_dog", "label": "yes"}')
    >>> aj.calibrate(run)
    Traceback (most recent call last):
    audiojudge_cli.errors.InputError: ...labels 1 clip of this run; that is too few to learn from, label at least 50
    """
    from audiojudge_cli.calibration.calibrate import calibrate as fitted
    from audiojudge_cli.calibration.calibrate import save

    folder = Path(run if isinstance(run, str | os.PathLike) else run.folder)
    found = fitted(folder, None if labels is None else Path(labels), yes_from=yes_from)
    return save(found, None if out is None else Path(out)).model_dump(by_alias=True)
