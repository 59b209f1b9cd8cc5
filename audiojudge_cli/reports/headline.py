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
    """Return score, match, coverage, faulty and failed clips of a run; of one that only measures, the last two."""
    if not run.table.is_judged:
        return [*_faulty(run), _failed(run, "measured")]
    if run.is_rated:
        # The score of a run that rates is a mean over unlike scales, and nothing matches.
        rated = run.summary["coverage"]
        note = f"{rated['verified']} of {rated['items']} ratings given"
        return [_share(run, "coverage", "coverage", note), *_faulty(run), _failed(run, "rated")]
    score, passed, coverage = (run.summary[name] for name in ("score", "pass_rate", "coverage"))
    rule = run.summary["decision"]
    notes = {
        "match_rate": f"{passed['passed']} of {passed['clips']} clips, decision value ≥ {rule['threshold']:g}",
        "coverage": f"{coverage['verified']} of {coverage['items']} items verified",
    }
    names = {"match_rate": "match", "coverage": "coverage"}
    over = f"mean over {score['clips']} clips, {score['captions']} captions"
    first = Headline("score", score["mean"], score["low"], score["high"], share=False, note=over)
    shares = (_share(run, figure, names[figure], note) for figure, note in notes.items())
    return [first, *shares, *_faulty(run), _failed(run, "judged")]


def _faulty(run: Gathered) -> list[Headline]:
    """Return the share of clips with a fault; nothing where no clip was measured."""
    quality = run.summary["quality"]
    note = f"{quality['faulty']} of {quality['clips']} files that were measured"
    return [_share(run, "quality.fault_rate", "faulty", note)] if quality["clips"] else []


def _failed(run: Gathered, done: str) -> Headline:
    note = f"{run.summary['clips']['error']} of {len(run.table)} clips could not be {done}"
    return _share(run, "error_rate", "failed", note)


def _share(run: Gathered, figure: str, name: str, note: str) -> Headline:
    found = estimate(units(run.table, Figure(figure), Selection(), pass_at=1.0), Figure(figure))
    ends = found.interval(LEVEL) or (None, None)
    if ends[0] == ends[1]:
        # Clips that all agree have no spread to draw from: that is no proof that the next one will agree.
        ends = (None, None)
    return Headline(name, found.value, low=ends[0], high=ends[1], share=True, note=note)
