"""Which records of an earlier run may stay, and which folder may not be written to at all."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import InputError
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import DecisionRule
from audiojudge_cli.runs.journal import Journal
from audiojudge_cli.text.terminal import shown


def known(journal: Journal, clips: Iterable[Clip]) -> tuple[int, int]:
    """Return how many clips of a run the journal knows by id, and how many others it knows."""
    mine = sum(journal.index.offset(clip.id) is not None for clip in clips)
    return mine, len(journal.index) - mine


def refuse_another_run(folder: Path, journal: Journal, judge: JudgeRef, rule: DecisionRule) -> None:
    """Refuse to mix the records of two judges or two decision rules in one folder.

    Raises:
        InputError: If the journal holds records of another judge or rule; says which.
    """
    with journal.reader() as reader:
        records = (reader.find(int(offset)) for offset in journal.index.order)
        first = next((record for record in records if record), None)
    if first is None:
        return
    name, remedy = shown(folder), "give another --out, or --restart to drop them"
    if first.judge != judge:
        raise InputError(
            f"{name} holds records of the judge {first.judge.name} ({first.judge.fingerprint}), and this is "
            f"{judge.name} ({judge.fingerprint}); {remedy}"
        )
    if (first.decision.rule, first.decision.threshold) != (rule.text, rule.threshold):
        raise InputError(
            f"{name} holds records decided by {first.decision.rule} >= {first.decision.threshold:g}, and this "
            f"preset asks for {rule.text} >= {rule.threshold:g}; {remedy}"
        )
