"""Derive the final files of a run from its journal: one pass, in the order of the manifest."""

from __future__ import annotations

import os
from array import array
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.comparing.contest import Contest
from audiojudge_cli.comparing.couples import HeardBy
from audiojudge_cli.results.index import JournalIndex, Offsets, RecordReader
from audiojudge_cli.results.record import Record
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.worst import Worst, WorstClip
from audiojudge_cli.results.write import write_json, writing_files
from audiojudge_cli.runs.folder import ASIDE, FILES, JOURNAL, SUMMARY, unwritable
from audiojudge_cli.text.atomic import writing


@dataclass(frozen=True, slots=True)
class Final:
    """What the final files say.

    Attributes:
        summary: Content of `summary.json`.
        worst: The clips that miss their captions most.
        aside: Records of clips that this run does not name; they were set aside.
    """

    summary: dict[str, Any]
    worst: list[WorstClip]
    aside: int


def write_final_files(folder: Path, clips: Iterable[Clip], tally: Tally) -> Final:
    """Write everything that is derived from the journal, and the journal itself in the order of the manifest.

    Afterwards `records.jsonl` has exactly one line per finished clip of this run. Records of other clips (a longer
    manifest, a larger `--limit`) go to `records.aside.jsonl`, from where a later run takes them back.

    Args:
        folder: The run folder, held by this process, its journal closed.
        clips: All clips of the run, in order.
        tally: Fresh; counts the records.

    Raises:
        NotJudgedError: If a file cannot be written; the journal is then as it was.
    """
    try:
        return _write(folder, clips, tally)
    except OSError as error:
        raise unwritable(folder, error) from error


def concluded(
    contest: Contest, folder: Path, summary: dict[str, Any], heard_by: HeardBy | None = None
) -> dict[str, Any]:
    """Compare the clips of a finished run; `summary.json` gets what comes of it.

    Args:
        contest: What the clips are compared for.
        folder: The run folder, held by this process, its final files written.
        summary: Content of `summary.json`.
        heard_by: Who heard all couples of it; None: records alone decide.

    Raises:
        NotJudgedError: If a file cannot be written.
    """
    try:
        found = contest.conclude(folder, heard_by)
        write_json(folder / SUMMARY, {**summary, **found})
    except OSError as error:
        raise unwritable(folder, error) from error
    return found


def _write(folder: Path, clips: Iterable[Clip], tally: Tally) -> Final:
    journal = folder / JOURNAL
    index, worst, offsets = JournalIndex(journal), Worst(), array("Q")
    pending = 0
    with RecordReader(journal) as reader:
        with writing_files(folder) as files:
            for clip in clips:
                offset = index.offset(clip.id)
                record = reader.find(offset)
                if offset is None or record is None or not _of(record, clip):
                    pending += 1
                    continue
                offsets.append(offset)
                files.add(record)
                tally.add(record)
                worst.add(record)
        used = np.array(offsets, dtype=np.uint64)
        left = np.setdiff1d(index.offsets, used) if len(used) < len(index) else used[:0]
        in_order = bool((used[1:] > used[:-1]).all())
        if len(left) or index.damaged or len(used) < index.lines or not in_order:
            # Set aside first: a crash between the two leaves records in both files, never in neither.
            _copy(reader, left, folder / ASIDE)
            _copy(reader, used, journal)
    _remove_strangers(folder / FILES, index, np.sort(used))
    summary = tally.summary(pending=pending)
    write_json(folder / SUMMARY, summary)
    return Final(summary, worst.clips(), len(left))


def _of(record: Record, clip: Clip) -> bool:
    return (record.caption, record.transcript) == (clip.caption, clip.transcript)


def _copy(reader: RecordReader, offsets: Offsets, target: Path) -> None:
    if not len(offsets):
        target.unlink(missing_ok=True)
        return
    with writing(target) as file:
        for offset in offsets:
            file.write(reader.line_at(int(offset)).decode())


def _remove_strangers(files: Path, index: JournalIndex, used: Offsets) -> None:
    """Remove the per-file JSON of clips that this run does not name."""
    for name in _names(files):
        stem, suffix = os.path.splitext(name)  # noqa: PTH122 - Path is slow a million times
        offset = index.offset(stem) if suffix == ".json" else -1
        if offset is None or (offset >= 0 and not _contains(used, offset)):
            (files / name).unlink()


def _names(folder: Path) -> Iterator[str]:
    with os.scandir(folder) as entries:
        yield from (entry.name for entry in entries)


def _contains(used: Offsets, offset: int) -> bool:
    at = int(used.searchsorted(np.uint64(offset)))
    return at < len(used) and int(used[at]) == offset
