"""Join the shards of a run: check that they belong together and are whole, in one pass and without any audio."""

from __future__ import annotations

import heapq
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import JournalIndex, RecordReader
from audiojudge_cli.runs.folder import JOURNAL, RUN, reading_folder
from audiojudge_cli.runs.shard import Shard
from audiojudge_cli.runs.shard_file import ShardHead, read_positions, read_shard_head
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.inputs import read_regular
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import shown

# Options that may differ from machine to machine without changing a record.
_FREE = frozenset({"description", "device", "workers", "batch", "retry_errors", "max_errors", "rubric_cache"})
_PARTS_OF_INFO = ("judge", "expander", "preset", "inputs", "counts", "timings", "versions")
_MAX_NAMED = 5
# The options that say which clips there are, in the order in which they are told.
_CHOOSING = ("limit", "sample", "seed", "filter")


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """One shard: its folder, what it is part of, and its records.

    Attributes:
        folder: The run folder.
        head: Of its `shard.jsonl`.
        info: Its `run.json`.
        index: Where its records lie.
        reader: Reads them.
    """

    folder: Path
    head: ShardHead
    info: dict[str, Any]
    index: JournalIndex
    reader: RecordReader

    def line(self, clip_id: str) -> bytes | None:
        """Return the record of a clip as a line of the journal, None without one."""
        offset = self.index.offset(clip_id)
        return None if offset is None else self.reader.line_at(offset)


@dataclass(frozen=True, slots=True)
class Gaps:
    """What no shard has.

    Attributes:
        missing: Clips that belong to shards which were not given.
        shards: Those shards.
        pending: Clips of given shards that have no record yet.
        unfinished: The folders of those shards.
    """

    missing: int
    shards: tuple[Shard, ...]
    pending: int
    unfinished: tuple[Path, ...]

    @property
    def text(self) -> str:
        """What is not there, as one phrase; empty when all is."""
        found = []
        if self.missing:
            names = ", ".join(map(str, self.shards[:_MAX_NAMED])) + (" …" if len(self.shards) > _MAX_NAMED else "")
            noun = "shard" if len(self.shards) == 1 else "shards"
            clips = counted(self.missing, "clip")
            # Without a shard to name, a shard.jsonl has lost lines.
            found.append(f"{noun} {names} with {clips} missing" if names else f"{clips} that no shard lists")
        if self.pending:
            folders = ", ".join(map(shown, self.unfinished[:_MAX_NAMED]))
            found.append(f"{counted(self.pending, 'clip')} without a record in {folders}")
        return " and ".join(found)


@contextmanager
def opened_parts(folders: Sequence[Path]) -> Iterator[list[Part]]:
    """Hold the folders of shards, and yield them by shard number.

    Raises:
        InputError: If one is no shard, is being written, is damaged, or does not belong to the others.
    """
    with ExitStack() as stack:
        parts = []
        for folder in {path.resolve(): path for path in folders}.values():
            head = read_shard_head(folder)
            stack.enter_context(reading_folder(folder))
            info = _info(folder)
            index = JournalIndex(folder / JOURNAL)
            if index.damaged:
                path = folder / JOURNAL
                raise InputError(
                    f"{shown(path)}:{index.damaged[0]}: not a record; run the same `score` command again to repair it"
                )
            parts.append(Part(folder, head, info, index, stack.enter_context(RecordReader(folder / JOURNAL))))
        parts.sort(key=lambda part: part.head.shard.index)
        for part in parts[1:]:
            _refuse_strangers(parts[0], part)
        yield parts


def joined(parts: Sequence[Part]) -> Iterator[tuple[str, bytes | None]]:
    """Yield id and journal line of every clip of the parts, in the order of the manifest; None without a record.

    Raises:
        InputError: If two parts have different records of one clip, or put it in different places.
    """
    streams = [_places(number, part) for number, part in enumerate(parts)]
    for position, places in groupby(heapq.merge(*streams), key=itemgetter(0)):
        found: tuple[str, bytes | None, Part] | None = None
        for _, number, clip_id in places:
            part = parts[number]
            line = part.line(clip_id)
            if found is None or found[1] is None:
                found = (clip_id, line, part) if found is None or found[0] == clip_id else found
            if found[0] != clip_id or line not in {None, found[1]}:
                raise InputError(
                    f"{shown(found[2].folder)} and {shown(part.folder)} both have clip {position + 1} "
                    f"({shown(clip_id)}) and differ; give only one of them"
                )
        if found is not None:
            yield found[:2]


def find_gaps(parts: Sequence[Part]) -> Gaps:
    """Return what the parts lack; reads no record but those of clips that two parts have."""
    whole, count = parts[0].head.clips, parts[0].head.shard.count
    placed = pending = 0
    for _, line in joined(parts):
        placed += 1
        pending += line is None
    given = {part.head.shard.index for part in parts}
    absent = tuple(Shard(index, count) for index in range(1, count + 1) if index not in given)
    unfinished = tuple(part.folder for part in parts if _is_unfinished(part)) if pending else ()
    return Gaps(whole - placed, absent, pending, unfinished)


def _places(number: int, part: Part) -> Iterator[tuple[int, int, str]]:
    return ((position, number, clip_id) for position, clip_id in read_positions(part.folder))


def _is_unfinished(part: Part) -> bool:
    return any(part.index.offset(clip_id) is None for _, clip_id in read_positions(part.folder))


def _info(folder: Path) -> dict[str, Any]:
    path = folder / RUN
    try:
        data = loads(read_regular(path))
    except OSError as error:
        raise InputError(f"cannot read {shown(path)}: {error.strerror}") from error
    except ValueError:
        data = None
    if not isinstance(data, dict) or not all(isinstance(data.get(key), dict) for key in _PARTS_OF_INFO):
        raise InputError(f"{shown(path)}: not the run.json of a run; run that shard again")
    return data


def _refuse_strangers(first: Part, other: Part) -> None:
    """Refuse two parts of different runs: other clips, judge, expander, or options that change a record."""
    names = f"{shown(first.folder)} and {shown(other.folder)}"
    if first.head.shard.count != other.head.shard.count:
        raise InputError(f"{names} are no parts of one run: shards {first.head.shard} and {other.head.shard}")
    if (first.head.clips, first.head.digest) != (other.head.clips, other.head.digest):
        counts = f"of {first.head.clips:,} and of {other.head.clips:,} clips"
        raise InputError(f"{names} are no parts of one run ({counts}): {_why_other_clips(first, other)}")
    for what in ("judge", "expander"):
        here, there = (_ref(part.info[what]) for part in (first, other))
        if here != there:
            raise InputError(f"{names} have different {what}s: {here} and {there}; score one of them again")
    if differing := _differing(first.info["preset"].get("options"), other.info["preset"].get("options")):
        raise InputError(
            f"{names} have different preset options ({', '.join(differing)}); score one of them again with --restart"
        )


def _why_other_clips(first: Part, other: Part) -> str:
    """Say what made two parts choose from other clips: an option of the last command in their folders, or the input."""
    here, there = first.info["inputs"], other.info["inputs"]
    for name in _CHOOSING:
        if here.get(name) != there.get(name):
            return (
                f"the last command in {shown(first.folder)} had {_option(name, here.get(name))}, that in "
                f"{shown(other.folder)} {_option(name, there.get(name))}; run one of them again with the same options"
            )
    return "the manifests differ (clips, captions, rubrics or columns); score them from the same manifest"


def _option(name: str, value: object) -> str:
    return f"no --{name}" if value is None else f"--{name} {shown(str(value))}"


def _ref(data: dict[str, Any]) -> str:
    return f"{data.get('name')} ({data.get('fingerprint')})"


def _differing(here: Any, there: Any) -> list[str]:  # noqa: ANN401 - JSON that another version may have written
    if not isinstance(here, dict) or not isinstance(there, dict):
        return ["options"]
    keys = sorted(({*here} | {*there}) - _FREE)
    return [key for key in keys if here.get(key) != there.get(key)]
