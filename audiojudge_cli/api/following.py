"""Follow a run in Python: a bar of tqdm, also in notebooks; remarks through `logging`. Nothing goes to stdout."""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.base import Judge, Remarking, Urgent
from audiojudge_cli.text.terminal import safe_line

if TYPE_CHECKING:
    from audiojudge_cli.clips.report import PairingReport
    from audiojudge_cli.results.record import JudgeRef, Record

LOG = logging.getLogger("audiojudge_cli")


class Bar:
    """Shows how far a run is.

    Args:
        progress: Whether there is a bar: in notebooks, and where stderr is a terminal.
    """

    def __init__(self, *, progress: bool) -> None:
        self._progress = progress
        self._clips = 0
        self._bar: Any = None

    def paired(self, report: PairingReport, clips: int) -> None:
        """Warn of what has no partner."""
        self._clips = clips
        if lines := report.lines():
            LOG.warning("%s", "\n".join(map(safe_line, lines)))

    def resumed(self, mine: int, others: int) -> None:
        """Tell what is in the folder already."""
        LOG.info("%d of %d clips have a record from an earlier run", mine, self._clips)
        if others:
            LOG.warning("the folder holds %d records of clips that this run does not name; they are set aside", others)

    def ready(self, judge: Judge, expander: JudgeRef) -> None:  # noqa: ARG002 - as every watcher
        """Start the bar."""
        if isinstance(judge, Remarking):
            judge.remark_to(_remark)
        if self._progress:
            from tqdm.auto import tqdm

            # None: not where stderr is a file; in a notebook there is a bar all the same.
            self._bar = tqdm(total=self._clips, unit="clip", disable=None)

    def arrived(self, clips: int) -> None:
        """Take that number of clips for all of them."""
        self._clips = clips

    def waiting(self, why: str) -> None:
        """Tell that there is nothing to judge yet."""
        LOG.info("waiting: %s", safe_line(why))

    def finished(self, record: Record, *, kept: bool) -> None:  # noqa: ARG002 - as every watcher
        """Move the bar."""
        if self._bar is not None:
            self._bar.update()

    def close(self) -> None:
        """End the bar."""
        if self._bar is not None:
            self._bar.close()


def _remark(text: str) -> None:
    LOG.log(logging.WARNING if isinstance(text, Urgent) else logging.INFO, "%s", safe_line(text))
