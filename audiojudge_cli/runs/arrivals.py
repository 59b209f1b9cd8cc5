"""Clips as a generator writes them: each is handed out once its audio and its row have stopped changing."""

from __future__ import annotations

import os
import stat
from collections.abc import Callable, Iterator
from dataclasses import dataclass

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.complete_lines import CompleteLines
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.clipset import ClipSet
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.runs.selection import choose
from audiojudge_cli.runs.shard import stable_hash


@dataclass(frozen=True, slots=True)
class _Seen:
    """A clip that may still change.

    Attributes:
        mark: Of its row, and of size and time of its audio.
        since: When it first looked like this.
    """

    mark: int
    since: float


class Arrivals:
    """Looks again and again what is there, and gives each clip once.

    Args:
        options: Of the run.
        settle_s: A clip is handed out when it has looked the same for so long.
        clock: Seconds that never go backwards.

    Attributes:
        clips: Clips known at the last look.
        changed_at: When anything last changed.
        problem: Why there was nothing to look at the last time, or an empty text.
    """

    def __init__(self, options: ScoreOptions, settle_s: float, clock: Callable[[], float]) -> None:
        self._options = options
        self._settle_s = settle_s
        self._clock = clock
        self._selection = options.selection
        self._opener = CompleteLines()
        self._waiting: dict[int, _Seen] = {}
        self._given: set[int] = set()
        self.clips = 0
        self.changed_at = clock()
        self.problem = ""

    def __iter__(self) -> Iterator[Clip]:
        """Look once, and yield the clips that have settled since the last look; lazily, in the order of the rows."""
        try:
            clips = self._look()
            self.clips, self.problem = len(clips), ""
            for clip in clips:
                if self._has_settled(clip):
                    yield clip
        except (InputError, FileNotFoundError) as error:  # nothing there yet, or replaced while it was read
            self.problem = str(error)

    def _look(self) -> ClipSet:
        options = self._options
        pairing = options.pair(self._opener)
        return choose(pairing.clips, self._selection, options.preset.subset).clips

    def _has_settled(self, clip: Clip) -> bool:
        state = _state(clip)
        if state is None:
            return False
        mark = hash(
            (state, clip.audio_name, clip.caption, clip.transcript, clip.reference, clip.subset, repr(clip.rubric))
        )
        name = stable_hash("arrival", clip.id)
        given = hash((name, mark))
        if given in self._given:
            return False
        now = self._clock()
        seen = self._waiting.get(name)
        if seen is None or seen.mark != mark:
            self._waiting[name] = _Seen(mark, now)
            self.changed_at = now
            return False
        if now - seen.since < self._settle_s:
            return False
        del self._waiting[name]
        self._given.add(given)
        self.changed_at = now
        return True


def _state(clip: Clip) -> tuple[int, int, int] | None:
    """Return what tells one version of an audio file from the next; None while there is nothing to hear."""
    try:
        status = os.stat(clip.audio)  # noqa: PTH116 - one call, for many files again and again
    except (OSError, ValueError):
        return None
    if stat.S_ISREG(status.st_mode) and not status.st_size:
        return None
    return status.st_ino, status.st_size, status.st_mtime_ns
