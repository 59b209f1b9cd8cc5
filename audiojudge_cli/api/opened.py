"""A run as Python has it: its folder, read when something is asked of it."""

from __future__ import annotations

import heapq
import os
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import pandas as pd

    from audiojudge_cli.gates.outcome import GateResult
    from audiojudge_cli.results.record import Record

_SHOWN = 10
"""Clips in the table of a notebook, the worst first."""


@dataclass(frozen=True)
class Run:
    """A run folder. What it holds is read when it is first asked for, and kept.

    Attributes:
        folder: Where it lies.

    >>> import audiojudge_cli as aj
    >>> run = aj.run("examples/audio", {"sound_dog.flac": "A dog barks."}, out=folder, progress=False)
    >>> run.clips[["id", "match"]]
              id  match
    0  sound_dog   True
    >>> run.items[["dimension", "question", "answer"]]
      dimension                    question answer
    0     event  Can you hear a dog barking?    yes
    >>> run["sound_dog"].decision.match
    True
    >>> run.gate("score.mean >= 0.5").passed
    True
    """

    folder: Path

    @cached_property
    def clips(self) -> pd.DataFrame:
        """One row per clip, in the order of the manifest: the columns of `summary.csv`."""
        return self._frames[0]

    @cached_property
    def items(self) -> pd.DataFrame:
        """One row per rubric item: the columns of `items.csv`."""
        return self._frames[1]

    @cached_property
    def summary(self) -> dict[str, Any]:
        """The figures of the run, as in `summary.json`; of one that is still going on, those so far.

        Raises:
            InputError: If no clip has a record yet.
        """
        from audiojudge_cli.reports.review import review

        return review(self.folder)[0]

    @cached_property
    def info(self) -> dict[str, Any]:
        """How it was made and how it went, as in `run.json`: arguments, preset, versions, counts, timings.

        Raises:
            InputError: If it cannot be read.
        """
        from audiojudge_cli.errors import InputError
        from audiojudge_cli.text.inputs import read_regular
        from audiojudge_cli.text.jsonl import loads
        from audiojudge_cli.text.terminal import shown

        path = self.folder / "run.json"
        try:
            found: dict[str, Any] = loads(read_regular(path))
        except (OSError, ValueError) as error:
            raise InputError(f"cannot read {shown(path)}: {error}") from error
        return found

    @property
    def reason(self) -> str | None:
        """Why the run does not count as done (too much could not be judged, it was interrupted); None where it does."""
        found = self.info.get("reason")
        return None if found is None else str(found)

    def __len__(self) -> int:
        """Return the number of clips with a record."""
        return len(self.clips)

    def __iter__(self) -> Iterator[Record]:
        """Yield the record of every clip, in the order of the manifest."""
        from audiojudge_cli.results.index import read_records

        return read_records(self.folder)

    def __getitem__(self, clip: str) -> Record:
        """Return the record of one clip.

        Args:
            clip: Its id, its audio path or the end of that path, or the beginning of its id.

        Raises:
            InputError: If there is no such clip, or more than one.
        """
        from audiojudge_cli.errors import InputError
        from audiojudge_cli.reports.find import find_record

        if not isinstance(clip, str):
            raise InputError(
                f"a clip is found by its id or file, not by a value of type {type(clip).__name__}; `list(run)` has "
                "the records in order"
            )
        return find_record(self.folder, clip)

    def gate(
        self,
        rules: str | os.PathLike[str] | Iterable[str] | Mapping[str, Any],
        *,
        baseline: str | os.PathLike[str] | Run | None = None,
        pass_at: float | None = None,
    ) -> GateResult:
        """Decide whether the run meets rules; nothing is written.

        Args:
            rules: One rule (`score.mean >= 0.8`), several, what a rule file holds, or the path of one (`.yaml`).
            baseline: The run, or its folder, that rules on regression are against.
            pass_at: A clip passes when its score is at least this, for rules on `pass_rate`.

        Returns:
            The outcome: `passed`, and a ruling with its reason for each rule.

        Raises:
            InputError: If a rule cannot be read, or the runs do not compare.
            NotJudgedError: If the run has not finished, or nothing in it has a score.
        """
        from audiojudge_cli.api.gate_rules import rules_of
        from audiojudge_cli.api.given import path_given
        from audiojudge_cli.gates.evaluate import evaluate

        earlier = baseline.folder if isinstance(baseline, Run) else baseline
        against = None if earlier is None else Path(path_given(earlier, "baseline"))
        return evaluate(self.folder, rules_of(rules, pass_at), against)

    def __repr__(self) -> str:
        from audiojudge_cli.api.showing import run_line

        return run_line(self)

    def _repr_html_(self) -> str:
        from audiojudge_cli.api.showing import run_html

        return run_html(self, self._worst())

    def _worst(self) -> list[Record]:
        from audiojudge_cli.results.worst import badness

        numbered = heapq.nsmallest(_SHOWN, enumerate(self), key=lambda pair: (*badness(pair[1]), pair[0]))
        return [record for _, record in numbered]

    @cached_property
    def _frames(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        from audiojudge_cli.api.frames import frames

        return frames(self)


def open_run(folder: str | os.PathLike[str]) -> Run:
    """Return the run in a folder, made by `run` or by `audiojudge score`; one that is still going on as far as it is.

    Args:
        folder: The run folder.

    Raises:
        InputError: If it is none.

    >>> import audiojudge_cli as aj
    >>> aj.open_run("nowhere")
    Traceback (most recent call last):
    audiojudge_cli.errors.InputError: nowhere: not a run folder (it has no records.jsonl); give the --out of ...
    """
    from audiojudge_cli.api.given import path_given
    from audiojudge_cli.results.index import read_records

    found = Run(Path(path_given(folder, "folder")))
    next(read_records(found.folder), None)
    return found
