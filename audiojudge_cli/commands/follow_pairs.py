"""Follow the couples of a run that a judge hears together: a progress bar on a terminal, lines or events elsewhere."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, Never

from tqdm import tqdm

from audiojudge_cli.text.counted import counted

if TYPE_CHECKING:
    from audiojudge_cli.commands.event_log import EventLog
    from audiojudge_cli.judges.comparing import CoupleJudge

_EVERY_S = 5.0
"""Between two lines of progress where there is no terminal; a couple takes seconds: more would only be noise."""


class PairFollower:
    """Tells how many couples were heard.

    Args:
        teller: Writes to stderr.
        judge: Hears them.
        couples: How many there are.
        known: Those known from an earlier run.
        bar: Whether a bar is shown.
    """

    def __init__(self, teller: EventLog, judge: CoupleJudge, couples: int, known: int, *, bar: bool) -> None:
        self._teller, self._couples, self._done, self._failed = teller, couples, known, 0
        self._told = time.monotonic()
        votes = "" if judge.votes == 1 else f", {judge.votes} votes in either order"
        kept = f", {known} of them heard before" if known else ""
        teller.tell(
            "hearing",
            f"{counted(couples, 'pair')}{kept}, heard by {judge.name} on {judge.device}{votes}",
            couples=couples,
            known=known,
            judge=judge.name,
            fingerprint=judge.fingerprint,
            device=judge.device,
            votes=judge.votes,
            seed=judge.seed,
        )
        self._bar: tqdm[Never] | None = None
        if bar:
            self._bar = tqdm(total=couples, initial=known, unit="pair", file=sys.stderr, dynamic_ncols=True)

    def heard(self, *, failed: bool) -> None:
        """Count one couple."""
        self._done += 1
        self._failed += failed
        if self._bar is not None:
            self._bar.set_postfix_str(f"{self._failed} failed" if self._failed else "", refresh=False)
            self._bar.update()
        elif self._done == self._couples or time.monotonic() - self._told >= _EVERY_S:
            self._told = time.monotonic()
            told = f", {self._failed} failed" if self._failed else ""
            text = f"{self._done} of {counted(self._couples, 'pair')} heard{told}"
            self._teller.tell("heard", text, done=self._done, couples=self._couples, failed=self._failed)

    def close(self) -> None:
        """Take the bar away."""
        if self._bar is not None:
            self._bar.close()
