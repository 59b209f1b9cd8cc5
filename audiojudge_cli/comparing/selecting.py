"""Best of N: of the clips for each prompt, those that win most comparisons with the others."""

from __future__ import annotations

import os
import shutil
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.comparing.couples import HeardBy
from audiojudge_cli.comparing.deciding import Decisions
from audiojudge_cli.comparing.pair import Key, key_of
from audiojudge_cli.comparing.pairs_file import POINTS
from audiojudge_cli.comparing.prefer import By
from audiojudge_cli.comparing.sources import prompt_of
from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.text.atomic import write_bytes, writing
from audiojudge_cli.text.jsonl import dump_line
from audiojudge_cli.text.terminal import shown

SELECTED = "selected.jsonl"


@dataclass(frozen=True, slots=True)
class Winner:
    """A clip that was selected.

    Attributes:
        clip: The clip.
        prompt: What it was made for.
        rank: Its place among the clips of that prompt, from 1.
        of: How many there were.
        won: Share of the comparisons with the others that it won, a tie as half; 1 without others.
        score: Its own (`prefer.own_score`); None where two questions were asked, or a judge
            heard two clips at once.
    """

    clip: Clip
    prompt: str
    rank: int
    of: int
    won: float
    score: float | None


@dataclass(frozen=True, slots=True)
class Choice:
    """The best clips of each prompt.

    Attributes:
        pairing: Gives the clips.
        by: What is asked.
        per: Column that tells prompts apart; None: caption and transcript.
        best: Most clips that are selected of each prompt.
        holds: Whether a clip takes part; None: all do.
        limit: Only so many prompts, the first ones; None: all.
        systems: None: nobody's win rate is asked for.
        winners: Those of the run, once it is concluded.
    """

    pairing: Callable[[], Pairing]
    by: By
    per: str | None = None
    best: int = 1
    holds: Callable[[Clip], bool] | None = None
    limit: int | None = None
    systems: tuple[str, ...] = ()
    winners: list[Winner] = field(default_factory=list)

    @property
    def keys(self) -> frozenset[Key] | None:
        """Those of the clips that take part; None: all."""
        if self.holds is None and self.limit is None:
            return None
        return frozenset(key_of(clip) for clips in self.groups(self.pairing()).values() for clip in clips)

    def pair(self) -> Pairing:
        """Return the clips.

        Raises:
            InputError: As `find_clips`, or if a clip names no prompt.
        """
        found = self.pairing()
        self.groups(found)
        return found

    def groups(self, pairing: Pairing) -> dict[str, list[Clip]]:
        """Return the clips of each prompt that take part, in order.

        Raises:
            InputError: If a clip names none.
        """
        found: dict[str, list[Clip]] = defaultdict(list)
        for clip in pairing.clips:
            if self.holds is None or self.holds(clip):
                found[prompt_of(clip, self.per, pairing.clips)].append(clip)
        return found if self.limit is None else dict(islice(found.items(), self.limit))

    def meetings(self) -> Iterator[tuple[Key, Key]]:
        """Yield every two clips for one prompt, in order."""
        for clips in self.groups(self.pairing()).values():
            for first, second in combinations(clips, 2):
                yield key_of(first), key_of(second)

    def conclude(self, folder: Path, heard_by: HeardBy | None = None) -> dict[str, Any]:
        """Write `selected.jsonl` into a finished run folder, and return what `summary.json` holds of it.

        Args:
            folder: The run folder.
            heard_by: Who heard all couples of it; None: records alone decide.

        Raises:
            OSError: If it cannot be written.
        """
        groups = self.groups(self.pairing())
        decisions = Decisions.of(folder, self.by, heard_by)
        winners = list(self._ranked(decisions, groups))
        self.winners[:] = winners
        with writing(folder / SELECTED) as file:
            for winner in winners:
                file.write(dump_line(row_of(winner, audio_from(folder, winner.clip))))
        served = {winner.prompt for winner in winners}
        told = {"by": self.by, "prompts": len(groups), "clips": sum(map(len, groups.values()))}
        told |= {"selected": len(winners), "without": len(groups) - len(served)}
        return {"selection": {**told, "heard": decisions.told(self.meetings())}}

    def _ranked(self, decisions: Decisions, groups: Mapping[str, Sequence[Clip]]) -> Iterator[Winner]:
        """Yield the winners of every prompt, the best first."""
        for prompt, clips in groups.items():
            ranked = ranking(clips, decisions, prompt)
            for at, (clip, won, score) in enumerate(ranked[: self.best], start=1):
                yield Winner(clip, prompt, at, len(clips), won, score)


def ranking(clips: Sequence[Clip], decisions: Decisions, prompt: str = "") -> list[tuple[Clip, float, float | None]]:
    """Return the clips that can be judged: share of comparisons won and own score of each, the best first.

    Among equals the higher score decides, then the order of the manifest.
    """
    able = [(clip, key_of(clip)) for clip in clips if decisions.can_be_judged(key_of(clip))]
    points, met = [0.0] * len(able), [False] * len(able)
    for second, (_, b) in enumerate(able):
        for first in range(second):
            won = POINTS.get(decisions.prefer(able[first][1], b, prompt).preferred)
            if won is not None:
                met[first] = met[second] = True
                points[first] += won
                points[second] += 1.0 - won
    most = max(1, len(able) - 1)
    found = [
        (clip, round(points[at] / most, 4) if len(able) > 1 else 1.0, decisions.own_score(key))
        for at, (clip, key) in enumerate(able)
        # Where a judge heard two at once, nothing is known of a clip that could be compared with no other.
        if decisions.heard_by is None or met[at] or len(able) == 1
    ]
    return sorted(found, key=lambda one: (-one[1], -(one[2] or 0.0)))


def row_of(winner: Winner, audio: str) -> dict[str, Any]:
    """Return the row of a winner: a manifest as `audiojudge score` reads it, with what it was selected for."""
    clip = winner.clip
    told: dict[str, Any] = {"caption": clip.caption or None, "transcript": clip.transcript, "subset": clip.subset}
    told |= {"language": clip.language, "rubric": None if clip.rubric is None else list(clip.rubric)}
    kept = {name: value for name, value in told.items() if value is not None}
    chosen = {"prompt": winner.prompt, "rank": winner.rank, "of": winner.of, "won": winner.won, "score": winner.score}
    return {**clip.metadata, "audio": audio, **kept, "selected": chosen}


def copy_to(folder: Path, winners: Iterable[Winner], *, linked: bool = False) -> int:
    """Copy winners into a folder, under their ids, with a manifest of them; return how many.

    Args:
        folder: Made where it is not there; otherwise empty.
        winners: The clips.
        linked: Make symbolic links instead of copies.

    Raises:
        InputError: If a file cannot be written or read.
    """
    count = 0
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with writing(folder / SELECTED) as manifest:
            for winner in winners:
                clip = winner.clip
                name = clip.id + Path(clip.audio_name).suffix
                _place(folder / name, clip, linked=linked)
                manifest.write(dump_line(row_of(winner, name)))
                count += 1
    except OSError as error:
        raise InputError(f"cannot write to {shown(folder)}: {error.strerror or error}; give another --to") from error
    except ClipError as error:
        raise InputError(f"a selected clip is not there any more: {error}") from error
    return count


def _place(target: Path, clip: Clip, *, linked: bool) -> None:
    if clip.embedded is not None:
        write_bytes(target, clip.embedded.read())
    elif linked:
        target.symlink_to(clip.audio.resolve())
    else:
        shutil.copyfile(clip.audio, target)


def audio_from(folder: Path, clip: Clip) -> str:
    """Return the path of a clip as a manifest in that folder names it: relative where both lie on one drive.

    Of audio that lies inside a manifest only the name is known.
    """
    if clip.embedded is not None:
        return clip.audio_name
    try:
        return Path(os.path.relpath(clip.audio, folder)).as_posix()
    except ValueError:  # another drive of Windows
        return str(clip.audio.absolute())
