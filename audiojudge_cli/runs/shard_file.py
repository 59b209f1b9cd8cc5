"""`shard.jsonl`: where the clips of a shard stand among those of all shards, so that merging needs no manifest.

The first line names the shard and the clips of all shards together (their number and a digest); then one line
`[position, id]` for each clip of this shard, in order.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import InputError
from audiojudge_cli.runs.folder import RUN, SHARD, unwritable
from audiojudge_cli.runs.selection import Chosen
from audiojudge_cli.runs.shard import Shard
from audiojudge_cli.text.atomic import writing
from audiojudge_cli.text.inputs import open_regular_file
from audiojudge_cli.text.jsonl import dump_line, loads
from audiojudge_cli.text.terminal import shown

SCHEMA = "audiojudge.shard/1"


@dataclass(frozen=True, slots=True)
class ShardHead:
    """What a shard is part of.

    Attributes:
        shard: Which one.
        clips: Clips of all shards together.
        digest: Of the ids, audio paths, captions, transcripts, rubrics and columns of all of them, in order.
    """

    shard: Shard
    clips: int
    digest: str


def write_shard_file(folder: Path, chosen: Chosen, shard: Shard | None) -> None:
    """Write the file of a shard; remove that of an earlier run where this one is no shard.

    Raises:
        NotJudgedError: If it cannot be written.
    """
    path = folder / SHARD
    try:
        if shard is None:
            path.unlink(missing_ok=True)
            return
        head = {"schema": SCHEMA, "shard": str(shard), "clips": len(chosen.whole), "digest": _digest(chosen.whole)}
        with writing(path) as file:
            file.write(dump_line(head))
            for position, clip in enumerate(chosen.whole):
                if shard.holds(clip.id):
                    file.write(dump_line([position, clip.id]))
    except OSError as error:
        raise unwritable(path, error) from error


def read_shard_head(folder: Path) -> ShardHead:
    """Return which shard lies in a run folder.

    Raises:
        InputError: If it is no run folder, or that of a run without `--shard`.
    """
    path = folder / SHARD
    try:
        with open_regular_file(path) as file:
            data = loads(file.readline())
        return ShardHead(Shard.parse(data["shard"]), int(data["clips"]), str(data["digest"]))
    except FileNotFoundError:
        kind = "the run folder of a shard" if folder.is_dir() else "a folder"
        why = "the last `score` in it had no --shard" if (folder / RUN).is_file() else f"it has no {SHARD}"
        raise InputError(
            f"{shown(folder)} is not {kind} ({why}); give the --out folders of `audiojudge score --shard`"
        ) from None
    except OSError as error:
        raise InputError(f"cannot read {shown(path)}: {error.strerror}") from error
    except (ValueError, TypeError, KeyError, OverflowError, InputError) as error:
        raise InputError(_damaged(path, 1)) from error


def read_positions(folder: Path) -> Iterator[tuple[int, str]]:
    """Yield position and id of every clip of a shard, in order.

    Raises:
        InputError: If a line is damaged.
    """
    path = folder / SHARD
    with path.open(encoding="utf-8") as file:
        file.readline()
        for number, line in enumerate(file, start=2):
            try:
                position, clip_id = loads(line)
                yield int(position), str(clip_id)
            except (ValueError, TypeError, OverflowError) as error:
                raise InputError(_damaged(path, number)) from error


def _damaged(path: Path, line: int) -> str:
    return f"{shown(path)}:{line}: damaged; run the same `audiojudge score --shard` command again to repair it"


def _digest(clips: Iterable[Clip]) -> str:
    digest = hashlib.blake2b(digest_size=16)
    for clip in clips:
        told = (clip.caption, clip.transcript, clip.subset, clip.language, clip.rubric)
        parts = (clip.id, clip.audio_name, *told, dict(clip.metadata))
        digest.update(repr(parts).encode("utf-8", "backslashreplace"))
    return digest.hexdigest()
