"""Have couples heard together: each is decoded ahead, heard once, and kept in a journal of its own.

A killed run loses at most the couple in flight: the same command goes on with what has no line yet, and tries again
what failed.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Protocol, runtime_checkable

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.comparing.contest import Contest
from audiojudge_cli.comparing.couples import (
    ASIDE,
    COUPLES,
    Couple,
    HeardBy,
    Opinion,
    last_judge,
    line_of,
    read_lines,
)
from audiojudge_cli.comparing.deciding import Decisions
from audiojudge_cli.comparing.pair import Key, key_of
from audiojudge_cli.errors import AudiojudgeError, ClipError, InputError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.comparing import CoupleJudge
from audiojudge_cli.results.record import Failure, JudgeRef
from audiojudge_cli.rubrics.rules import detect_language
from audiojudge_cli.runs.clipset import ClipSet
from audiojudge_cli.runs.error_budget import ErrorBudget
from audiojudge_cli.runs.folder import unwritable
from audiojudge_cli.runs.interrupt import Stop
from audiojudge_cli.runs.journal import CoupleJournal
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.outcome import DONE, INTERRUPTED, NOT_JUDGED
from audiojudge_cli.runs.prefetch import prefetch
from audiojudge_cli.text.atomic import writing
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.hidden import hidden
from audiojudge_cli.text.jsonl import dump_line
from audiojudge_cli.text.terminal import shown

# While one couple is heard the next two are decoded: hearing takes far longer than decoding.
_AHEAD = 2


@runtime_checkable
class CoupleWatcher(Protocol):
    """A watcher of runs that follows the couples as well."""

    def hearing(self, judge: CoupleJudge, couples: int, known: int) -> None:
        """Called once all clips have records: so many couples, of which so many are known from an earlier run."""

    def heard(self, *, failed: bool) -> None:
        """Called for every couple that was heard in this run."""


@dataclass
class Hearing:
    """Has the couples of a contest heard.

    Attributes:
        options: Of the run.
        contest: Names the couples.
        judge: Ready to hear them.
        clips: Of the run, all with a record.
        stop: Once wished for, the couple in flight is the last.
        total: Couples of the contest.
        heard: Those that were heard in this run.
        failed: Those that failed, as far as known.
        left: Those that are still to be heard.
    """

    options: ScoreOptions
    contest: Contest
    judge: CoupleJudge
    clips: ClipSet
    stop: Stop
    total: int = 0
    heard: int = 0
    failed: int = 0
    left: int = 0
    _gave_up: bool = field(default=False)

    @property
    def heard_by(self) -> HeardBy:
        """Who hears, and how."""
        return HeardBy(JudgeRef(self.judge.name, self.judge.fingerprint), self.judge.votes, self.judge.seed)

    @property
    def folder(self) -> Path:
        """The run folder."""
        return self.options.out

    @property
    def counts(self) -> dict[str, int]:
        """Couples by what became of them, for `run.json`."""
        return {"couples": self.total, "couples_heard": self.heard, "couples_failed": self.failed}

    def outcome(self, code: int, reason: str | None) -> tuple[int, str | None]:
        """Return the exit code of the run and the reason when it is not 0.

        Args:
            code: As far as clips and pairs tell.
            reason: Likewise.
        """
        rest = f"{counted(self.left, 'pair')} to go: the same command again goes on"
        if self._gave_up:
            told = f"{counted(self.failed, 'pair')} failed, and --max-errors {self._budget.text} allows no more"
            return NOT_JUDGED, f"{told}; {rest}" if self.left else told
        if self.left:
            return INTERRUPTED, f"stopped with {rest}"
        most = self.options.preset.require.errors
        if code == DONE and self.failed > most * self.total:
            told = f"{self.failed} of {counted(self.total, 'pair')} could not be compared"
            return NOT_JUDGED, f"{told}, and at most {100 * most:.4g} % may fail (require.errors of the preset)"
        return code, reason

    @cached_property
    def _budget(self) -> ErrorBudget:
        return ErrorBudget.parse(self.options.preset.max_errors)

    def refuse_another(self) -> None:
        """Refuse a folder that holds couples heard by another judge, or asked in another way.

        Raises:
            InputError: If so.
        """
        last, now = last_judge(self.folder), self.heard_by.judge
        if last is not None and last != now:
            raise InputError(
                f"{shown(self.folder)} holds pairs heard by {last.name} ({last.fingerprint}), and this is {now.name} "
                f"({now.fingerprint}), whose fingerprint covers --votes, --seed and the prompts; give another --out, "
                "or --restart to drop them"
            )

    def hear(self, watcher: object) -> None:
        """Have every couple heard that has no line yet, or failed; then put the journal in order.

        Args:
            watcher: Follows, where it is a `CoupleWatcher`.

        Raises:
            AudiojudgeError: What ends a whole run: the disk is full, weights are missing.
        """
        follower = watcher if isinstance(watcher, CoupleWatcher) else None
        with CoupleJournal(self.folder) as journal:
            decisions = Decisions.of(self.folder, self.contest.by, self.heard_by)
            couples = list(decisions.couples(self.contest.meetings()))
            known = {key: found.error is None for key, found in decisions.opinions.items()}
            retried = self.options.preset.retry_errors
            todo = [one for one in couples if not known.get(one.key, False) and (retried or one.key not in known)]
            self.total, self.left = len(couples), len(todo)
            self.failed = sum(one.key in known and not known[one.key] for one in couples) if not retried else 0
            if follower:
                follower.hearing(self.judge, len(couples), len(couples) - len(todo))
            for couple, found in self._opinions(todo):
                journal.append_line(dump_line(line_of(couple, found, self.heard_by)).encode())
                self.left -= 1
                self.heard += 1
                self.failed += found.error is not None
                if follower:
                    follower.heard(failed=found.error is not None)
                if self._budget.is_over(self.failed, len(couples)):
                    self._gave_up = True
                    break
                if self.stop:
                    break
        if not self.left:
            self._put_in_order(couples)

    def _opinions(self, couples: list[Couple]) -> Iterator[tuple[Couple, Opinion]]:
        wanted = {key for couple in couples for key in (couple.a, couple.b)}
        clips: dict[Key, Clip] = {}
        for clip in self.clips:
            if key_of(clip) in wanted:
                clips.setdefault(key_of(clip), clip)

        def prepared(couple: Couple) -> tuple[Couple, tuple[Case, Case] | ClipError]:
            try:
                first, second = (
                    self._case(clips[key], couple.words, sha256)
                    for key, sha256 in zip((couple.a, couple.b), couple.sha256, strict=True)
                )
            except ClipError as error:
                return couple, error
            except AudiojudgeError:
                raise
            except Exception as error:  # noqa: BLE001 - one odd file must not end a run of a million
                return couple, ClipError("decode", f"{type(error).__name__}: {error}")
            return couple, (first, second)

        workers = min(_AHEAD, self.options.preset.threads)
        with closing(prefetch(couples, prepared, workers=workers, window=_AHEAD, stop=lambda: bool(self.stop))) as made:
            for couple, cases in made:
                yield couple, _failed(cases) if isinstance(cases, ClipError) else self._heard(*cases)

    def _heard(self, a: Case, b: Case) -> Opinion:
        try:
            found = self.judge.compare(a, b)
            told = (hidden(found.reason), found.bias, found.contradicted, hidden(found.rationale))
            return Opinion(found.score_a, found.score_b, *told)
        except ClipError as error:
            return _failed(error)
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one couple that a judge stumbles over must not end the run
            return _failed(ClipError("judge", f"{type(error).__name__}: {error}"))

    def _case(self, clip: Clip, words: str, sha256: str) -> Case:
        limits = self.options.preset.limits
        wave = decode(clip.source, max_duration_s=limits.duration_s, max_bytes=limits.file_bytes)
        if wave.sha256 != sha256:
            raise ClipError("audio", f"{shown(clip.audio_name)} has changed since it was measured; run it again")
        return Case(wave, (), words, detect_language(words))

    def _put_in_order(self, couples: list[Couple]) -> None:
        """Write the journal in the order of the pairs, one line each; lines of other pairs are set aside."""
        wanted = {couple.key: place for place, couple in enumerate(couples)}
        lines = {key: line for key, line, _ in read_lines(self.folder / COUPLES)}
        strangers = [line for key, line in lines.items() if key not in wanted]
        path = self.folder / COUPLES
        try:
            # Set aside first: a crash between the two leaves lines in both files, never in neither.
            if strangers:
                with writing(self.folder / ASIDE) as file:
                    file.writelines(line.decode() for line in strangers)
            with writing(path) as file:
                file.writelines(lines[couple.key].decode() for couple in couples)
        except OSError as error:
            raise unwritable(path, error) from error


def _failed(error: ClipError) -> Opinion:
    return Opinion(error=Failure(error.kind, hidden(str(error))))
