"""Errors that a person can cause, each with its exit code and a remedy in its message.

Exit codes (docs/exit-codes.md): 0 done, 1 gate failed, 2 wrong usage or unreadable input,
3 could not judge enough, 130 interrupted.
"""

from __future__ import annotations


class AudiojudgeError(Exception):
    """Base of every error the command line prints as one clear line.

    The message says what is wrong, where (file and line when known) and what to do about it.
    """

    exit_code = 2


class InputError(AudiojudgeError):
    """Unreadable or contradictory input: manifest, rubric file, preset, option (exit 2)."""


class NotJudgedError(AudiojudgeError):
    """Too little could be judged for the result to mean anything (exit 3)."""

    exit_code = 3


class WeightsError(NotJudgedError):
    """Weights are missing, damaged or cannot be fetched (exit 3)."""


class ClipError(AudiojudgeError):
    """One clip cannot be judged; becomes a record with status `error`, never a score.

    Attributes:
        kind: Stable machine-readable kind, such as `not-found`, `not-audio`, `truncated`, `empty`,
            `too-long`, `not-finite`, `caption`, `judge`.
    """

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind = kind

    @property
    def error(self) -> ClipError:
        """Itself: where records and errors stand side by side, `error.kind` and `error.message` are there in both."""
        return self

    @property
    def message(self) -> str:
        """What is wrong, in one line."""
        return str(self)
