"""Where the rubric of a clip comes from: its own row (rubric, transcript), a rubric file, or the expander."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from contextlib import suppress
from itertools import islice

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.rubrics.batch import expand_together
from audiojudge_cli.rubrics.expander import TOGETHER, Expander, ManyExpander
from audiojudge_cli.rubrics.files import FiledRubric, item_row, parse_items
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.rubrics.rules import detect_language
from audiojudge_cli.rubrics.transcripts import transcript_rubric, with_transcript
from audiojudge_cli.rubrics.writer import RefusedError
from audiojudge_cli.runs.once import Once
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import shown

GIVEN = frozenset({"manifest", "file"})
"""Names that records give the maker of a rubric that was given, not expanded; a transcript alone is given, too."""

# Several clips of one caption are the rule when generators are compared.
_CACHED_CAPTIONS = 4096


class RubricSource:
    """Gives the rubric of each clip; safe to use from several threads at once.

    Args:
        expander: For captions without a rubric of their own.
        filed: The rubrics of `--rubrics FILE`.

    Raises:
        InputError: If the file gives one id two rubrics.

    Attributes:
        default: The expander, as records name it.
    """

    def __init__(self, expander: Expander, filed: Iterable[FiledRubric] = ()) -> None:
        self.default = JudgeRef(expander.name, expander.fingerprint)
        self._expander = expander
        self._expand = Once(lambda caption, subset: expander.expand(caption, subset=subset), _CACHED_CAPTIONS)
        self._by_id: dict[str, FiledRubric] = {}
        self._by_caption: dict[str, FiledRubric] = {}
        for entry in filed:
            if entry.id:
                _refuse_two_rubrics(self._by_id.setdefault(entry.id, entry), entry)
            if entry.caption:
                self._by_caption.setdefault(entry.caption, entry)

    def fits(self, clips: Iterable[Clip]) -> bool:
        """Return whether the rubric file is about any of the clips."""
        return any(self._filed(clip) for clip in clips)

    def is_given(self, clip: Clip) -> bool:
        """Return whether the manifest or the rubric file gives the rubric of a clip, so that nothing is expanded.

        A clip with a transcript and no caption needs no other rubric.
        """
        return clip.rubric is not None or self._filed(clip) is not None or _only_said(clip)

    def try_out(self, clips: Iterable[Clip], *, most_chars: int) -> None:
        """Expand the first caption that the expander is for; its rubric is then known already.

        Args:
            clips: Of the run.
            most_chars: Longer captions are left out.

        Raises:
            AudiojudgeError: If the expander cannot be reached. What is only wrong with that caption raises nothing.
        """
        for clip in clips:
            if self._waits(clip, most_chars):
                # The clip meets it again in the run, and its record says so.
                with suppress(ClipError, RefusedError, RuntimeError, ValueError, TypeError, LookupError):
                    self._expand(clip.caption, clip.subset)
                return

    def ahead(self, clips: Iterable[Clip], *, most_chars: int) -> Iterator[Clip]:
        """Yield clips; captions are expanded many at a time where that costs less, and their rubrics then known.

        Args:
            clips: Read 64 at a time.
            most_chars: Longer captions are left out.

        Raises:
            AudiojudgeError: If the expander cannot be reached.
        """
        if not isinstance(self._expander, ManyExpander):
            yield from clips
            return
        left = iter(clips)
        while chunk := list(islice(left, TOGETHER)):
            asked = {(clip.caption, clip.subset): None for clip in chunk if self._waits(clip, most_chars)}
            for one, made in zip(asked, expand_together(self._expander, [*asked]), strict=True):
                if isinstance(made, Rubric):  # what raises does so again for its own clip
                    self._expand.learn(made, *one)
            yield from chunk

    def _waits(self, clip: Clip, most_chars: int) -> bool:
        """Whether the caption of a clip is for the expander, and not expanded yet."""
        fits = clip.rubric is None and bool(clip.caption.strip()) and len(clip.caption) <= most_chars
        return fits and self._filed(clip) is None and not self._expand.knows(clip.caption, clip.subset)

    def rubric(self, clip: Clip) -> tuple[Rubric, JudgeRef]:
        """Return the rubric of a clip and who made it.

        Raises:
            ClipError: Kind `caption` when there is neither rubric, caption nor transcript, `rubric` when the row's own
                rubric cannot be read.
        """
        if clip.rubric is not None:
            try:
                items = parse_items(clip.rubric)
            except InputError as error:
                raise ClipError("rubric", str(error)) from error
            language = detect_language(clip.caption or " ".join(item.question for item in items))
            return _given(Rubric(items, language, clip.subset or ""), "manifest", clip.transcript)
        if filed := self._filed(clip):
            return _given(filed.rubric, "file", clip.transcript)
        if clip.transcript is not None and _only_said(clip):
            return _given(transcript_rubric(clip.transcript, clip.subset), "manifest")
        if not clip.caption.strip():
            raise ClipError("caption", "the caption is empty: nothing to judge; fill it in or remove the row")
        rubric = self._expand(clip.caption, clip.subset)
        if clip.transcript is not None:
            rubric = with_transcript(rubric, clip.transcript, given=False)
        return rubric, self.default

    def _filed(self, clip: Clip) -> FiledRubric | None:
        """Return the line of the file about this clip: by id, unless it is about another caption, else by caption."""
        for name in (clip.id, clip.metadata.get("id"), clip.audio_name):
            entry = self._by_id.get(name) if isinstance(name, str) else None
            if entry and entry.caption in {"", clip.caption}:
                return entry
        return self._by_caption.get(clip.caption)


def _refuse_two_rubrics(first: FiledRubric, second: FiledRubric) -> None:
    if (first.caption, first.rubric.items) != (second.caption, second.rubric.items):
        raise InputError(
            f"--rubrics: lines {first.line} and {second.line} give {shown(first.id)} different rubrics; remove one line"
        )


def _only_said(clip: Clip) -> bool:
    return clip.transcript is not None and not clip.caption.strip()


def _given(rubric: Rubric, name: str, transcript: str | None = None) -> tuple[Rubric, JudgeRef]:
    if transcript is not None:
        rubric = with_transcript(rubric, transcript, given=True)
    rows = dumps([item_row(item) for item in rubric.items])
    return rubric, JudgeRef(name, hashlib.sha256(rows.encode()).hexdigest()[:16])
