"""Everything that can be done for a clip before the judge hears it: rubric, resume, decoding. Runs on threads."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Literal

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.opened import sha256_of
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.results.build import UNMEASURED, Makers, Measured, failed_record, plain_metadata
from audiojudge_cli.results.record import NOBODY, JudgeRef, Record
from audiojudge_cli.results.rule import DecisionRule
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.rubrics.writer import RefusedError
from audiojudge_cli.runs.measuring import OFF, Measuring
from audiojudge_cli.runs.preset import LimitOptions
from audiojudge_cli.runs.rubric_source import GIVEN, RubricSource

Again = Literal["failed", "caption", "expander", "rubric", "audio", "quality", "measures", "reference", "transcript"]
"""Why a clip that has a record is judged again: it failed before, or this has changed since."""


@dataclass(frozen=True, slots=True)
class Ready:
    """A clip that the judge can hear.

    Attributes:
        clip: The clip.
        makers: Judge, expander and rule for its record.
        rubric: Its items.
        waveform: Its audio.
        again: Why its earlier record does not do; None without one.
        measured: Its quality.
    """

    clip: Clip
    makers: Makers
    rubric: Rubric
    waveform: Waveform
    again: Again | None = None
    measured: Measured = UNMEASURED


@dataclass(frozen=True, slots=True)
class Settled:
    """A clip that needs no judge (any more).

    Attributes:
        record: Of the judge, of an earlier run, or of what went wrong.
        kept: Whether its verdicts come from an earlier run.
        journaled: Whether the journal has exactly this record already.
        again: Why its earlier record did not do; None without one.
    """

    record: Record
    kept: bool = False
    journaled: bool = False
    again: Again | None = None


Prepared = Ready | Settled


def audio_bytes(prepared: Prepared) -> int:
    """Return the memory of the decoded audio."""
    return prepared.waveform.channels.nbytes if isinstance(prepared, Ready) else 0


@dataclass(frozen=True, slots=True)
class Asked:
    """A clip whose rubric is known; nothing of it was read yet.

    Attributes:
        clip: The clip.
        makers: Judge, expander and rule for its record.
        rubric: Its items.
    """

    clip: Clip
    makers: Makers
    rubric: Rubric


@dataclass(frozen=True, slots=True)
class Fetch:
    """Reads the audio of clips, unless an earlier record does; can be sent to another machine.

    Attributes:
        limits: What is refused.
        retry_errors: Whether a clip that failed in an earlier run is tried again.
        measuring: Measures the quality of what was read.
    """

    limits: LimitOptions
    retry_errors: bool = True
    measuring: Measuring = OFF

    def __call__(self, asked: Asked, old: Record | None) -> Prepared:
        """Fetch one clip, of which `old` is known. What is wrong with it becomes its record."""
        clip, again = asked.clip, None
        try:
            if old:
                again = self._outdated(old, asked)
                if again is None:
                    return self._kept(old, asked)
            waveform = self._decoded(clip)
        except ClipError as error:
            problem = error
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one odd file must not end a run of a million
            problem = ClipError("decode", f"{type(error).__name__}: {error}")
        else:
            measured = self.measuring(clip, waveform)
            if measured.profile is not None or asked.makers.judge != NOBODY:
                return Ready(clip, asked.makers, asked.rubric, waveform, again, measured)
            problem = ClipError("quality", *measured.warnings)
            return Settled(failed_record(clip, problem, asked.makers, waveform=waveform), again=again)
        return Settled(failed_record(clip, problem, asked.makers, rubric=asked.rubric), again=again)

    def _decoded(self, clip: Clip) -> Waveform:
        limits = self.limits
        return decode(
            clip.source,
            max_duration_s=limits.duration_s,
            max_bytes=limits.file_bytes,
            max_decoded_bytes=limits.decoded_bytes,
        )

    def _kept(self, old: Record, asked: Asked) -> Settled:
        """Return the earlier record, with new metadata if need be; its verdicts stand, whatever is measured now."""
        clip, rubric = asked.clip, asked.rubric
        now = replace(
            old,
            audio=replace(old.audio, path=clip.audio_name),
            transcript=clip.transcript,
            language=clip.language or rubric.language or None,
            subset=clip.subset or rubric.subset or None,
            metadata=plain_metadata(clip.metadata),
        )
        if self.measuring.outdated(old, clip):
            now = self.measuring.again(now, self.measuring(clip, self._decoded(clip)))
        return Settled(now, kept=True, journaled=now == old)

    def _outdated(self, old: Record, asked: Asked) -> Again | None:
        """Return why judging again could give other verdicts than the earlier record has; None if it could not."""
        makers = asked.makers
        if old.caption != asked.clip.caption:
            return "caption"
        if (old.judge, old.expander) != (makers.judge, makers.expander):
            return "rubric" if {old.expander.name, makers.expander.name} & GIVEN else "expander"
        # Records keep no claims; a judge that would answer another claim has another fingerprint.
        if asked_before(old) != tuple(replace(item, claim=None) for item in asked.rubric.items):
            return "rubric"
        failed = old.status == "error" or bool(old.faults)
        if failed and (self.retry_errors or old.audio.sha256 is None):
            return "failed" if self.retry_errors else None
        if makers.judge == NOBODY and (stale := self.measuring.outdated(old, asked.clip)):
            return stale
        return None if self._same_audio(old, asked.clip) else "audio"

    def _same_audio(self, old: Record, clip: Clip) -> bool:
        try:
            return old.audio.sha256 == sha256_of(clip.source, max_bytes=self.limits.file_bytes)
        except ClipError:  # decoding tells it better
            return False


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares clips; safe to call from several threads at once.

    Attributes:
        judge: Who will answer.
        rule: The decision rule.
        rubrics: Where rubrics come from.
        limits: What is refused.
        earlier: Gives the record of a clip from an earlier run, or None.
        retry_errors: Whether a clip that failed in an earlier run is tried again.
        measuring: Measures the quality of what was read.
    """

    judge: JudgeRef
    rule: DecisionRule
    rubrics: RubricSource
    limits: LimitOptions
    earlier: Callable[[str], Record | None]
    retry_errors: bool = True
    measuring: Measuring = OFF

    @property
    def fetch(self) -> Fetch:
        """The second half of the work, which needs nothing but the clip."""
        return Fetch(self.limits, self.retry_errors, self.measuring)

    def __call__(self, clip: Clip) -> Prepared:
        """Prepare one clip. What is wrong with the clip becomes its record; what is wrong with the run is raised."""
        asked = self.ask(clip)
        return asked if isinstance(asked, Settled) else self.fetch(asked, self.earlier(clip.id))

    def ask(self, clip: Clip) -> Asked | Settled:
        """Find the rubric of a clip: the first half of the work."""
        makers = Makers(self.judge, self.rubrics.default, self.rule)
        rubric: Rubric | None = None
        try:
            if self.judge != NOBODY:  # whoever only measures reads no caption, and words have a limit of their own
                self._check_caption(clip)
            rubric, expander = self.rubrics.rubric(clip)
            makers = replace(makers, expander=expander)
            self._check_rubric(rubric)
            return Asked(clip, makers, rubric)
        except ClipError as error:
            problem = error
        except RefusedError as error:
            problem = ClipError("expander", str(error))
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one odd caption must not end a run of a million
            problem = ClipError("rubric", f"{type(error).__name__}: {error}")
        return Settled(failed_record(clip, problem, makers, rubric=rubric))

    def _check_caption(self, clip: Clip) -> None:
        length, most = len(clip.caption), self.limits.caption_chars
        if length > most:
            raise ClipError("caption", f"the caption has {length:,} characters; the limit is {most:,}")
        if (length := len(clip.transcript or "")) > most:
            raise ClipError("transcript", f"the transcript has {length:,} characters; the limit is {most:,}")

    def _check_rubric(self, rubric: Rubric) -> None:
        count, most = len(rubric.items), self.limits.items
        if count > most:
            raise ClipError("rubric", f"the rubric has {count:,} items; the limit is {most:,}")


def asked_before(record: Record) -> tuple[RubricItem, ...]:
    """Return the rubric items of a record."""
    return tuple(RubricItem(item.dimension, item.question, item.basis, item.negated) for item in record.items)
