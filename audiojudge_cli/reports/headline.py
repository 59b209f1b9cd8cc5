"""The figures that stand at the top of a report, each with its interval."""

from __future__ import annotations

from dataclasses import dataclass

from audiojudge_cli.gates.expression import Selection
from audiojudge_cli.gates.figures import Figure
from audiojudge_cli.gates.sample import estimate, units
from audiojudge_cli.reports.gather import Gathered

LEVEL = 0.95


@dataclass(frozen=True, slots=True)
class Headline:
    """One figure.

    Attributes:
        name: What people call it.
        value: The figure; None without units.
        low: Lower end of its 95 % interval, drawn by caption; None with fewer than two captions.
        high: Upper end.
        share: Whether it is a share, shown in percent.
        note: What it is over.
    """

    name: str
    value: float | None
    low: float | None
    high: float | None
    share: bool
    note: str


def headline(run: Gathered) -> list[Headline]:
    """Return score, match, coverage and failed clips of a run."""
    score, passed, coverage = (run.summary[name] for name in ("score", "pass_rate", "coverage"))
    clips, rule = run.summary["clips"], run.summary["decision"]
    notes = {
        "match_rate": f"{passed['passed']} of {passed['clips']} clips; {rule['rule']} ≥ {rule['threshold']:g}",
        "coverage": f"{coverage['verified']} of {coverage['items']} items verified",
        "error_rate": f"{clips['error']} of {len(run.table)} clips could not be judged",
    }
    names = {"match_rate": "match", "coverage": "coverage", "error_rate": "failed"}
    over = f"mean over {score['clips']} clips, {score['captions']} captions"
    first = Headline("score", score["mean"], score["low"], score["high"], share=False, note=over)
    return [first, *(_share(run, figure, names[figure], note) for figure, note in notes.items())]


def _share(run: Gathered, figure: str, name: str, note: str) -> Headline:
    found = estimate(units(run.table, Figure(figure), Selection(), pass_at=1.0), Figure(figure))
    ends = found.interval(LEVEL) or (None, None)
    if ends[0] == ends[1]:
        # Clips that all agree have no spread to draw from: that is no proof that the next one will agree.
        ends = (None, None)
    return Headline(name, found.value, low=ends[0], high=ends[1], share=True, note=note)
