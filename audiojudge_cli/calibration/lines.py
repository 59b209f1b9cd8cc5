"""What a calibration gains, for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from audiojudge_cli.calibration.calibrate import Found, left_out
from audiojudge_cli.calibration.curves import CurveOutcome
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import shown

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
    if (random := found.at_random) is not None:
        count = sum(record.id in found.labelled.random for record, _ in clips)
        before, after = (f"accuracy {one.accuracy:.3f}, log loss {one.log_loss:.3f}" for one in random)
        yield f"of these the {counted(count, 'clip')} drawn at random, as the run is: {before}; after {after}"
    if not outcome.teaches and found.refusal is None:
        yield "no gain that the labels could show: the decision stays as it is"
    if found.curves:
        yield ""
        yield from _curve_lines(found.curves)


def _curve_lines(curves: Mapping[str, CurveOutcome]) -> Iterator[str]:
    """Yield a line per dimension of labelled items: its labels, its log loss, and whether its curve is kept."""
    width = max(10, *(len(shown(name)) for name in curves))
    yield f"{'items of':{width}}  labels  yes  before   after   better by [95 %] (log loss)"
    for name, one in curves.items():
        line = f"{shown(name):{width}}{one.items:>8}{one.yes:>5}"
        if one.before and one.after and one.gains:
            gain = one.gains["log_loss"]
            line += f"{one.before[0]:8.3f}{one.after[0]:8.3f}   {gain.value:+.3f} [{gain.low:+.3f}, {gain.high:+.3f}]"
        yield f"{line}   {'kept' if one.refusal is None else f'no curve: {one.refusal}'}"


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"
