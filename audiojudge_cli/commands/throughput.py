"""How fast a run goes and how it stands, for people who wait."""

from __future__ import annotations

import math
from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from audiojudge_cli.results.record import Record

# Speeds are over the last half minute: what was kept from an earlier run goes by fast and says nothing of the rest.
_WINDOW_S = 30.0
_GRAIN_S = 0.5


@dataclass(frozen=True, slots=True)
class Standing:
    """Where a run stands.

    Attributes:
        done: Clips finished, kept ones included.
        clips: Clips of the run.
        failed: Clips with status `error`.
        kept: Clips kept from an earlier run.
        mean: Mean alignment score so far; None without a score.
        clips_per_s: Over the last half minute; None before anything can be said.
        audio_s_per_s: Seconds of audio judged per second, likewise.
        eta_s: Seconds to go at this speed; None before anything can be said.
        elapsed_s: Since the first clip was begun.
    """

    done: int
    clips: int
    failed: int
    kept: int
    mean: float | None
    clips_per_s: float | None
    audio_s_per_s: float | None
    eta_s: float | None
    elapsed_s: float

    @property
    def text(self) -> str:
        """One line: `120 of 500 clips, 3.1 clips/s, 24.8 s of audio/s, mean score 0.812, 2 failed, 2 min to go`."""
        parts = [f"{self.done} of {self.clips} clips"]
        if self.clips_per_s is not None and self.audio_s_per_s is not None:
            parts += [f"{_short(self.clips_per_s)} clips/s", f"{_short(self.audio_s_per_s)} s of audio/s"]
        if self.mean is not None:
            parts.append(f"mean score {self.mean:.3f}")
        if self.failed:
            parts.append(f"{self.failed} failed")
        if self.eta_s is not None:
            parts.append(f"{span(self.eta_s)} to go")
        return ", ".join(parts)


class Throughput:
    """Counts clips as they finish.

    Args:
        clips: Of the run.
        clock: Seconds that never go backwards.
    """

    def __init__(self, clips: int, clock: Callable[[], float]) -> None:
        self.clips = clips
        self._clock = clock
        self._started = clock()
        self._done = self._failed = self._kept = self._scored = 0
        self._scores = self._audio_s = 0.0
        self._past: deque[tuple[float, int, float]] = deque([(self._started, 0, 0.0)])

    def add(self, record: Record, *, kept: bool) -> None:
        """Count one clip."""
        self._done += 1
        self._kept += kept
        self._failed += record.error is not None
        if record.score is not None and not record.is_rated:
            self._scored += 1
            self._scores += record.score
        if not kept:
            self._audio_s += record.audio.duration_s or 0.0
        now = self._clock()
        if now - self._past[-1][0] >= _GRAIN_S:
            self._past.append((now, self._done, self._audio_s))
        while len(self._past) > 2 and now - self._past[1][0] > _WINDOW_S:
            self._past.popleft()

    def standing(self) -> Standing:
        """Return how the run stands now."""
        now = self._clock()
        since, done, audio_s = self._past[0]
        seconds = now - since
        speeds = seconds >= _GRAIN_S and self._done > done
        rate = (self._done - done) / seconds if speeds else None
        return Standing(
            done=self._done,
            clips=self.clips,
            failed=self._failed,
            kept=self._kept,
            mean=self._scores / self._scored if self._scored else None,
            clips_per_s=rate,
            audio_s_per_s=(self._audio_s - audio_s) / seconds if speeds else None,
            eta_s=(self.clips - self._done) / rate if rate and self._done < self.clips else None,
            elapsed_s=now - self._started,
        )


def span(seconds: float) -> str:
    """Return a length of time for people: `8 s`, `3 min`, `2 h 5 min`, `4 d 3 h`.

    >>> span(7.2), span(200), span(7_500), span(360_000)
    ('8 s', '4 min', '2 h 5 min', '4 d 4 h')
    """
    whole = math.ceil(seconds)
    if whole < 60:
        return f"{whole} s"
    minutes = math.ceil(seconds / 60)
    if minutes < 60:
        return f"{minutes} min"
    if minutes < 24 * 60:
        return f"{minutes // 60} h {minutes % 60} min"
    hours = math.ceil(seconds / 3600)
    return f"{hours // 24} d {hours % 24} h"


def _short(value: float) -> str:
    return f"{value:.3g}" if value < 100 else f"{value:.0f}"
