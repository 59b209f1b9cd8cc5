"""`--max-errors`: how many clips may fail before a run stops early."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Self

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.counted import counted

_COUNT = re.compile(r"[0-9]{1,9}")
_SHARE = re.compile(r"([0-9]{1,3}(?:\.[0-9]{1,6})?)\s*%")


@dataclass(frozen=True, slots=True)
class ErrorBudget:
    """How many clips may fail; without a number, all of them.

    Attributes:
        text: As written: `5` or `2.5%`.
        count: Clips that may fail.
        share: Share of all clips of the run that may fail, 0 to 1.
    """

    text: str = ""
    count: int | None = None
    share: float | None = None

    @classmethod
    def parse(cls, text: str | int | None, what: str = "clips") -> Self:
        """Return the budget that a number of clips, or a percentage of them, states.

        Args:
            text: As written; None for no bound.
            what: It is a number of, for the message.

        Raises:
            InputError: If it is neither.
        """
        if text is None:
            return cls()
        written = str(text).strip()
        if _COUNT.fullmatch(written):
            return cls(written, count=int(written))
        found = _SHARE.fullmatch(written)
        if found is None or float(found[1]) > 100:
            raise InputError(f"--max-errors is a number of {what} or a percentage of them (20 or 5%), not {text!r}")
        return cls(written, share=float(found[1]) / 100)

    def is_over(self, failed: int, clips: int) -> bool:
        """Return whether too many of the clips of a run have failed."""
        if self.count is not None:
            return failed > self.count
        return self.share is not None and failed > self.share * clips + 1e-9

    def reason(self, failed: int, pending: int) -> str:
        """Return why the run stopped."""
        left = f"; {counted(pending, 'clip')} to go: the same command again goes on" if pending else ""
        return f"{counted(failed, 'clip')} failed, and --max-errors {self.text} allows no more{left}"
