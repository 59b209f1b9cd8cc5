"""A third party's judge and expander, small enough to know every answer by heart: they measure pure tones.

Captions list what is asked, parted by commas: `440 Hz`, `loud`; anything else cannot be verified. Some words make the
judge misbehave: `explode` (a bug), `refuse` (a ClipError), `mute` (no verdicts), `no weights` (a WeightsError), `die`
(the process is killed, unless the file that `TONE_JUDGE_DIE` names is there; it is made first), `die always`,
`chatter` (writes to standard output behind Python's back).
`TONE_JUDGE_SLEEP` (seconds per clip) makes it slow, `TONE_JUDGE_LOADING` (seconds) its loading, which
`TONE_JUDGE_WEIGHTS=missing` makes fail, `TONE_JUDGE_VERSION` changes its fingerprint,
`TONE_JUDGE_THREADS` lets so many threads call it at once, and `TONE_JUDGE_LOG`
names a file that gets one line per clip it hears.

The judge `duel` hears two clips together and prefers the higher tone; it misbehaves by the same words, and
`doubt` makes its orders contradict each other.
"""

from __future__ import annotations

import os
import signal
import time
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from audiojudge_cli.errors import ClipError, WeightsError
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.comparing import Compared
from audiojudge_cli.results.verdict import Verdict, answered, unverifiable
from audiojudge_cli.rubrics.item import Rubric, RubricItem


class ToneJudge:
    """Hears the strongest frequency and the level."""

    name = "tone"
    device = "cpu"
    scope = "item"

    @property
    def fingerprint(self) -> str:
        return "tone-" + os.environ.get("TONE_JUDGE_VERSION", "1")

    @property
    def concurrent(self) -> int:
        return int(os.environ.get("TONE_JUDGE_THREADS", "1"))

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        captions = {part.strip() for case in cases for part in case.caption.split(",")}
        if "mute" in captions:
            return []
        if "chatter" in captions:
            os.write(1, b"what a C library prints\n")
        _die(captions)
        return [self._judge(case) for case in cases]

    def describe(self) -> Mapping[str, str]:
        return {"card": "none"}

    def _judge(self, case: Case) -> list[Verdict]:
        time.sleep(float(os.environ.get("TONE_JUDGE_SLEEP", "0")))
        if log := os.environ.get("TONE_JUDGE_LOG"):
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(case.caption + "\n")
        return [self._answer(item, case) for item in case.items]

    def _answer(self, item: RubricItem, case: Case) -> Verdict:
        wave = case.waveform
        if item.basis == "explode":
            raise RuntimeError("the tone judge exploded")
        if item.basis == "refuse":
            raise ClipError("refused", "the tone judge does not like this clip")
        if item.basis == "no weights":
            raise WeightsError("the tone judge has no weights; tune it")
        if item.basis.endswith("Hz"):
            spectrum = np.abs(np.fft.rfft(wave.mono))
            heard = float(np.argmax(spectrum)) / wave.duration_s
            off = abs(heard - float(item.basis.removesuffix("Hz"))) / heard
            return answered(max(0.0, 1 - off), f"the strongest tone has {heard:.0f} Hz", "tone", facts={"f0_hz": heard})
        if item.basis == "loud":
            peak = float(np.abs(wave.mono).max())
            return answered(min(1.0, peak), f"the peak is {peak:.2f}", "tone", times=((0.0, wave.duration_s),))
        return unverifiable("the tone judge knows only tones", "tone")


def _die(captions: set[str]) -> None:
    marker = Path(os.environ.get("TONE_JUDGE_DIE") or os.devnull)
    if "die always" in captions or ("die" in captions and not marker.exists()):
        marker.touch()
        os.kill(os.getpid(), signal.SIGKILL)


class DuelJudge(ToneJudge):
    """Hears two clips together: the scores are their tones in hundreds of hertz, moved a little by the votes."""

    name = "duel"

    @property
    def comparisons_digest(self) -> str:
        return "duel-" + os.environ.get("TONE_JUDGE_VERSION", "1")

    def compare(self, couples: Sequence[tuple[Case, Case]], *, votes: int = 1, seed: int = 0) -> list[Compared]:
        return [self._compare(a, b, votes, seed) for a, b in couples]

    def _compare(self, a: Case, b: Case, votes: int, seed: int) -> Compared:
        time.sleep(float(os.environ.get("TONE_JUDGE_SLEEP", "0")))
        if log := os.environ.get("TONE_JUDGE_LOG"):
            with Path(log).open("a", encoding="utf-8") as file:
                file.write(f"{a.caption}\n")
        words = {part.strip() for part in a.caption.split(",")}
        _die(words)
        if "explode" in words:
            raise RuntimeError("the duel exploded")
        if "refuse" in words:
            raise ClipError("refused", "the duel does not like these two")
        if "no weights" in words:
            raise WeightsError("the duel has no weights; tune it")
        first, second = (round(_tone(case) / 100 + votes / 1000 + seed / 10_000, 4) for case in (a, b))
        if "endless" in words:
            first = float("nan")
        if "doubt" in words:
            middle = round((first + second) / 2, 4)
            return Compared(middle, middle, "The orders contradict each other.", 1.5, contradicted=True)
        said = f"{a.language}: {first} against {second},\x1b[31m\n" + "well " * 200
        return Compared(first, second, f"{votes} votes.", 0.25, rationale=said)


def _tone(case: Case) -> float:
    wave = case.waveform
    return float(np.argmax(np.abs(np.fft.rfft(wave.mono)))) / wave.duration_s


class Tones:
    """One item per comma."""

    name = "tones"
    fingerprint = "tones-1"

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        parts = [part.strip() for part in caption.split(",")]
        if "bug" in parts:
            raise LookupError("the expander stumbled")
        items = tuple(
            RubricItem(
                "pitch" if part.endswith("Hz") else "volume" if part == "loud" else "other", f"Is it {part}?", part
            )
            for part in parts
            if part not in {"", "nothing"}
        )
        return Rubric(items, language or "en", subset or "sound")


def load(*, card: str | None = None, device: str = "auto", threads: int | None = None) -> ToneJudge:
    time.sleep(float(os.environ.get("TONE_JUDGE_LOADING", "0")))
    if os.environ.get("TONE_JUDGE_WEIGHTS") == "missing":
        raise WeightsError("the tone judge has no weights; tune it")
    return ToneJudge()


def load_duel(*, card: str | None = None, device: str = "auto", threads: int | None = None) -> DuelJudge:
    return DuelJudge()


def load_expander() -> Tones:
    return Tones()
