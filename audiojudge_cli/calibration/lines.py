"""What a calibration gains, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator

from audiojudge_cli.calibration.calibrate import Found, left_out
from audiojudge_cli.text.counted import counted

_TITLES = {"accuracy": "accuracy", "auc": "AUC", "brier": "Brier", "ece": "ECE", "log_loss": "log loss"}


def calibration_lines(found: Found) -> Iterator[str]:
    """Yield the lines: what was labelled, what was fitted, and the figures before and after."""
    clips, outcome = found.labelled.clips, found.outcome
    yes = sum(match for _, match in clips)
    audio = len({record.audio.sha256 or record.audio.path for record, _ in clips})
    captions = len({record.told for record, _ in clips})
    yield (
        f"{counted(len(clips), 'labelled clip')}, {yes} yes, of {counted(audio, 'audio file')} and "
        f"{counted(captions, 'caption')}{left_out(found.labelled)}"
    )
    yield f"Fitted: {outcome.fitted} of the decision; no label is judged by a fit that saw its audio or caption"
    yield ""
    yield f"{'':10}{'before':>8}{'after':>8}   better by [95 %]"
    for name, title in _TITLES.items():
        before, after = getattr(outcome.before, name), getattr(outcome.after, name)
        gain = outcome.gains.get(name)
        told = f"   {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]" if gain else ""
        yield f"{title:10}{_number(before):>8}{_number(after):>8}{told}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
