"""What a run is asked to do, who follows it, and what comes of it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Protocol

from audiojudge_cli.clips.manifest import Manifest
from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.clips.pairing import Given, Opener, find_clips, is_one_file
from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.comparing.contest import Contest
from audiojudge_cli.comparing.pair import key_of
from audiojudge_cli.errors import AudiojudgeError
from audiojudge_cli.gates.outcome import GateResult
from audiojudge_cli.judges.base import Judge
from audiojudge_cli.results.record import JudgeRef, Record
from audiojudge_cli.results.worst import WorstClip
from audiojudge_cli.runs.clip_filter import ClipFilter, parse_filter
from audiojudge_cli.runs.measuring import Measuring
from audiojudge_cli.runs.prepare import Again
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.runs.ray_options import RayOptions
from audiojudge_cli.runs.selection import Selection
from audiojudge_cli.runs.shard import Shard
from audiojudge_cli.scales.instruction import Criterion


@dataclass(frozen=True, slots=True)
class ScoreOptions:
    """What to score, and how.

    Attributes:
        outputs: Folder of audio, one audio file, a manifest or `-`; None when the captions carry paths.
        captions: Manifest, folder of texts, or `-`.
        out: The run folder.
        is_passing: Whether that folder is a temporary one, gone when the command ends.
        given: Words for every clip alike, instead of captions; None without.
        preset_name: As on the command line.
        preset: With the options of the command line over it.
        rubrics: Rubric file used instead of expansion.
        baseline: Run folder that the gate's rules on regression are against.
        audio_field: Column of the audio path.
        caption_field: Column of the caption.
        transcript_field: Column of the words to be spoken.
        reference_field: Column of a reference clip.
        filter: Only clips for which this expression holds (`runs.clip_filter`).
        sample: Only so many clips, by the hash of their ids.
        seed: Another seed, another sample, and other opinions of a judge that draws them by chance.
        limit: Only the first so many clips.
        shard: Only this part of them all.
        ray: The Ray cluster that carries it out; None: threads of this process.
        cache: Folder of the verdict cache, or None.
        cache_bytes: Its largest size.
        watch_idle_s: Score files as they are written, until nothing new comes for so many seconds; None: no watching.
        strict: Refuse to start when anything has no partner or a row is broken.
        restart: Drop what an earlier run left in `out`.
        arguments: The command line, for `run.json`.
        held: Captions in memory, instead of `captions`.
        is_judged: Whether captions are judged; otherwise clips are only measured, and need none.
        criteria: What clips are rated on, instead of being judged against captions, in all wordings; none: not rated.
        contest: What the clips are compared for; it names them. None: they are not compared.
        is_rewarded: Whether the judge gives every clip a reward, instead of judging it against its caption.
        votes: Opinions for each couple of a contest, by a judge that hears both clips; 0: records alone decide.
    """

    outputs: str | None
    captions: str | None
    out: Path
    is_passing: bool = False
    given: Given | None = None
    preset_name: str = "default"
    preset: Preset = field(default_factory=Preset)
    rubrics: Path | None = None
    baseline: Path | None = None
    audio_field: str | None = None
    caption_field: str | None = None
    transcript_field: str | None = None
    reference_field: str | None = None
    filter: str | None = None
    sample: int | None = None
    seed: int = 0
    limit: int | None = None
    shard: Shard | None = None
    ray: RayOptions | None = None
    cache: Path | None = None
    cache_bytes: int = 2_000_000_000
    watch_idle_s: float | None = None
    strict: bool = False
    restart: bool = False
    arguments: tuple[str, ...] = ()
    held: Manifest | None = None
    is_judged: bool = True
    criteria: tuple[Criterion, ...] = ()
    contest: Contest | None = None
    is_rewarded: bool = False
    votes: int = 0

    @property
    def measuring(self) -> Measuring:
        """What measures the quality of clips."""
        return Measuring(self.preset.quality, self.preset.limits, self.preset.threads, self.reference_field is not None)

    @property
    def is_one_file(self) -> bool:
        """Whether one audio file was named."""
        return is_one_file(self.outputs, worded=self.given is not None)

    @property
    def selection(self) -> Selection:
        """Which clips are judged.

        Raises:
            InputError: If the filter cannot be read.
        """
        chosen = None if self.filter is None else parse_filter(self.filter)
        keys = None if self.contest is None else self.contest.keys
        if keys is not None:
            chosen = ClipFilter("", frozenset(), lambda clip: key_of(clip) in keys)
        return Selection(chosen, self.sample, self.seed, self.limit, self.shard)

    def pair(self, opener: Opener | None = None) -> Pairing:
        """Return the clips that the options name, paired with their captions, before any selection.

        Args:
            opener: Reads manifests that may still be growing (`clips.complete_lines`); None: as they are.

        Raises:
            InputError: If the input cannot be read, or does not fit.
        """
        if self.contest is not None:
            return self.contest.pair()
        held = self.held
        return find_clips(
            self.outputs,
            self.captions if held is None else "-",
            audio_field=self.audio_field,
            caption_field=self.caption_field,
            transcript_field=self.transcript_field,
            reference_field=self.reference_field,
            given=self.given,
            # It takes the place of standard input: a manifest without a path of its own.
            opener=opener if held is None else lambda _: held,
            captioned=self.is_judged and not self.criteria and not self.is_rewarded,
        )


class Watcher(Protocol):
    """Follows a run, in the main thread."""

    def paired(self, report: PairingReport, clips: int) -> None:
        """Called once: what was found, and how many clips will be scored."""

    def ready(self, judge: Judge, expander: JudgeRef) -> None:
        """Called once, before the first clip."""

    def resumed(self, mine: int, others: int) -> None:
        """Called before `ready` where the folder holds records: of so many clips of this run, and of others."""

    def arrived(self, clips: int) -> None:
        """Called while clips arrive: so many are known by now."""

    def waiting(self, why: str) -> None:
        """Called while there is nothing to judge yet, with the reason."""

    def finished(self, record: Record, *, kept: bool) -> None:
        """Called for every clip, in the order of the manifest; `kept` records come from an earlier run."""


@dataclass(frozen=True, slots=True)
class Scored:
    """How a run went.

    Attributes:
        exit_code: As in docs/exit-codes.md.
        reason: Why it is not 0, or None.
        summary: Content of `summary.json`.
        worst: The clips that miss their captions most.
        counts: Clips by what became of them.
        timings: Seconds by what they were spent on.
        gate: The outcome of the gate, or what kept it from one; None without a gate, or when the run was interrupted.
        again: Clips that had a record and were judged again, by the reason.
        spent: What it took at a server, where one judged (`judges.base.Remote`).
    """

    exit_code: int
    reason: str | None
    summary: dict[str, Any]
    worst: list[WorstClip]
    counts: dict[str, int]
    timings: dict[str, float]
    gate: GateResult | AudiojudgeError | None = None
    again: dict[Again, int] = field(default_factory=dict)
    spent: Mapping[str, float] = field(default_factory=dict)
