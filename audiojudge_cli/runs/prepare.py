"""Everything that can be done for a clip before the judge hears it: rubric, resume, decoding. Runs on threads."""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.opened import open_regular
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import AudiojudgeError, ClipError
from audiojudge_cli.results.build import Makers, failed_record, plain_metadata
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.preset import LimitOptions
from audiojudge_cli.runs.rubric_source import RubricSource


@dataclass(frozen=True, slots=True)
class Ready:
    """A clip that the judge can hear.

    Attributes:
        clip: The clip.
        makers: Judge, expander and rule for its record.
        rubric: Its items.
        waveform: Its audio.
    """

    clip: Clip
    makers: Makers
    rubric: Rubric
    waveform: Waveform


@dataclass(frozen=True, slots=True)
class Settled:
    """A clip that needs no judge.

    Attributes:
        record: Of an earlier run, or of what went wrong.
        kept: Whether its verdicts come from an earlier run.
        journaled: Whether the journal has exactly this record already.
    """

    record: Record
    kept: bool = False
    journaled: bool = False


Prepared = Ready | Settled


def audio_bytes(prepared: Prepared) -> int:
    """Return the memory of the decoded audio."""
    return prepared.waveform.channels.nbytes if isinstance(prepared, Ready) else 0


@dataclass(frozen=True, slots=True)
class Preparer:
    """Prepares clips; safe to call from several threads at once.

    Attributes:
        judge: Who will answer.
        rule: The decision rule.
        rubrics: Where rubrics come from.
        limits: What is refused.
        earlier: Gives the record of a clip from an earlier run, or None.
    """

    judge: JudgeRef
    rule: Rule
    rubrics: RubricSource
    limits: LimitOptions
    earlier: Callable[[str], Record | None]

    def __call__(self, clip: Clip) -> Prepared:
        """Prepare one clip. What is wrong with the clip becomes its record; what is wrong with the run is raised."""
        makers = Makers(self.judge, self.rubrics.default, self.rule)
        rubric: Rubric | None = None
        kind = "rubric"
        try:
            self._check_caption(clip)
            rubric, expander = self.rubrics.rubric(clip)
            makers = replace(makers, expander=expander)
            self._check_rubric(rubric)
            kind = "decode"
            if kept := self._kept(clip, rubric, makers):
                return kept
            waveform = decode(clip.audio, max_duration_s=self.limits.duration_s, max_bytes=self.limits.file_bytes)
            return Ready(clip, makers, rubric, waveform)
        except ClipError as error:
            problem = error
        except AudiojudgeError:
            raise
        except Exception as error:  # noqa: BLE001 - one odd file must not end a run of a million
            problem = ClipError(kind, f"{type(error).__name__}: {error}")
        return Settled(failed_record(clip, problem, makers, rubric=rubric))

    def _check_caption(self, clip: Clip) -> None:
        length, most = len(clip.caption), self.limits.caption_chars
        if length > most:
            raise ClipError("caption", f"the caption has {length:,} characters; the limit is {most:,}")

    def _check_rubric(self, rubric: Rubric) -> None:
        count, most = len(rubric.items), self.limits.items
        if count > most:
            raise ClipError("rubric", f"the rubric has {count:,} items; the limit is {most:,}")

    def _kept(self, clip: Clip, rubric: Rubric, makers: Makers) -> Settled | None:
        """Return the earlier record if judging again would give the same verdicts, with new metadata if need be."""
        old = self.earlier(clip.id)
        if old is None or old.status == "error" or old.audio.sha256 is None:
            return None
        if (old.caption, old.judge, old.expander) != (clip.caption, makers.judge, makers.expander):
            return None
        if asked(old) != rubric.items or _sha256(clip, self.limits.file_bytes) != old.audio.sha256:
            return None
        now = replace(
            old,
            audio=replace(old.audio, path=clip.audio_name),
            language=clip.language or rubric.language,
            subset=clip.subset or rubric.subset or None,
            metadata=plain_metadata(clip.metadata),
        )
        return Settled(now, kept=True, journaled=now == old)


def asked(record: Record) -> tuple[RubricItem, ...]:
    """Return the rubric items of a record."""
    return tuple(RubricItem(item.dimension, item.question, item.basis, item.negated) for item in record.items)


def _sha256(clip: Clip, max_bytes: int) -> str:
    digest = hashlib.sha256()
    with open_regular(clip.audio, max_bytes=max_bytes) as (file, _):
        while chunk := file.read(1 << 20):
            digest.update(chunk)
    return digest.hexdigest()
