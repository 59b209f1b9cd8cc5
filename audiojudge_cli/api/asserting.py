"""Assert that a clip is what its caption says: for tests, with what was missed as the message."""

from __future__ import annotations

import os
from collections.abc import Mapping
from functools import cached_property
from typing import TYPE_CHECKING, Any

from audiojudge_cli.api.judging import kept_judge
from audiojudge_cli.api.running import preset_with
from audiojudge_cli.api.scoring import score
from audiojudge_cli.errors import AudiojudgeError

if TYPE_CHECKING:
    from audiojudge_cli.api.scoring import Audio
    from audiojudge_cli.judges.base import Judge
    from audiojudge_cli.results.record import Record, RecordItem

# A clip can miss its caption though every item was answered yes; so many of the least sure are then told.
_LEAST_SURE = 3


class Audiojudge:
    """Scores clips in tests; the judge is loaded when the first clip comes, and kept.

    Args:
        options: Given to every call of `score`, such as `{"judge": "embedded", "quality": "off"}`.
    """

    def __init__(self, options: Mapping[str, Any]) -> None:
        self._options = dict(options)

    @cached_property
    def judge(self) -> Judge:
        """The judge."""
        named = self._options.get("judge")
        if named is not None and not isinstance(named, str):
            judge: Judge = named
            return judge
        return kept_judge(preset_with(os.fspath(self._options.get("preset", "default")), judge=named))

    def score(self, audio: Audio, caption: str = "", **options: Any) -> Record:  # noqa: ANN401 - those of `score`
        """Return the record of a clip; arguments and errors are those of `audiojudge_cli.score`."""
        return score(audio, caption, **{**self._options, "judge": self.judge, **options})

    def assert_matches(self, audio: Audio, caption: str = "", **options: Any) -> Record:  # noqa: ANN401 - as above
        """Return the record of a clip that matches its caption.

        Args:
            audio: Path of a file, or `(samples, rate)`.
            caption: What the clip was to be.
            options: As those of `audiojudge_cli.score`: `transcript`, `subset`, `rubric` …

        Raises:
            AssertionError: If it does not match, or nobody can tell; with the items that were missed and the evidence.
            AudiojudgeError: As `audiojudge_cli.score`: a clip that cannot be judged has not missed its caption.
        """
        __tracebackhide__ = True
        try:
            record = self.score(audio, caption, **options)
        except AudiojudgeError as error:
            # Shown at the line of the test, without the frames in between.
            raise error.with_traceback(None) from error.__cause__
        if not record.decision.match:
            raise AssertionError(missed(record))
        return record


def missed(record: Record) -> str:
    """Return what a clip misses: a head line, then one line for each item that was not answered yes."""
    from audiojudge_cli.results.notebook import p_yes
    from audiojudge_cli.text.terminal import safe_line

    told = "cannot be decided (no item could be verified)" if record.score is None else "does not match"
    score = "" if record.score is None else f" (score {record.score:.3f})"
    lines = [f'{record.audio.path} {told}{score}: "{record.told}"']
    lines += [f"  {item.answer} {p_yes(item)} {item.question} {item.evidence}" for item in _missed(record)]
    lines += [f"  warning: {warning}" for warning in record.warnings]
    return "\n".join(map(safe_line, lines))


def _missed(record: Record) -> list[RecordItem]:
    found = [item for item in record.items if item.answer != "yes"]
    return found or sorted(record.verified, key=lambda item: item.p_yes or 0.0)[:_LEAST_SURE]
