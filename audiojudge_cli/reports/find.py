"""Find clips of a run by what people have at hand: its id, its file, or the beginning of either."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.index import JournalIndex, RecordReader, read_records
from audiojudge_cli.results.record import Record
from audiojudge_cli.text.terminal import shown

_LISTED = 10
# From the surest to the vaguest: the first that fits any clip decides.
_FITS: tuple[Callable[[str, str, str], bool], ...] = (
    lambda _, path, name: path == name,
    lambda _, path, name: path.endswith("/" + name),
    lambda _, path, name: _stem(path) == name or _stem(path).endswith("/" + name),
    lambda clip, _, name: clip.startswith(name),
    lambda _, path, name: path.startswith(name) or path.rpartition("/")[2].startswith(name),
)


def find_record(folder: Path, name: str) -> Record:
    """Return the record of the one clip that a name means.

    Raises:
        InputError: As `find_records`, or if it may mean several, with their ids.
    """
    [found] = find_records(folder, [name])
    if len(found) == 1:
        return found[0]
    more = f" and {len(found) - _LISTED} more" if len(found) > _LISTED else ""
    told = ", ".join(f"{shown(each.id)} ({shown(each.audio.path)})" for each in found[:_LISTED])
    raise InputError(f"{shown(folder)}: {len(found)} clips are called {shown(name)}; give an id: {told}{more}")


def find_records(folder: Path, names: Sequence[str]) -> list[list[Record]]:
    """Return, for each name, the records of the clips that it may mean.

    Args:
        folder: The run folder.
        names: Each is a clip's id, its audio path or the end of that path, with or without its suffix, or the beginning
            of its id, path or file name. What fits surest counts; of equals all do.

    Raises:
        InputError: If a name fits none, with the nearest names, or it is no run folder.
    """
    journal = folder / "records.jsonl"
    index = JournalIndex(journal)
    known: list[tuple[str, str]] = []
    found = []
    for name in names:
        ids = [name] if index.offset(name) is not None else []
        if not ids:
            known = known or [(record.id, record.audio.path) for record in read_records(folder)]
            ids = _meant(folder, name, known)
        found.append(ids)
    with RecordReader(journal) as reader:
        return [[reader.record_at(index.offset(each) or 0) for each in ids] for ids in found]


def _meant(folder: Path, name: str, named: list[tuple[str, str]]) -> list[str]:
    fitting = (list(_fitting(fits, name, named)) for fits in _FITS) if name else iter(())
    found = next((each for each in fitting if each), [])
    if not found:
        raise InputError(f"{shown(folder)}: no clip {shown(name)!r}{_nearest(name, named)}; ids are in summary.csv")
    return [clip_id for clip_id, _ in found]


def _fitting(
    fits: Callable[[str, str, str], bool], name: str, named: Iterable[tuple[str, str]]
) -> Iterable[tuple[str, str]]:
    return (each for each in named if fits(*each, name))


def _stem(path: str) -> str:
    folder, slash, file = path.rpartition("/")
    stem, _, _ = file.rpartition(".")
    return folder + slash + (stem or file)


def _nearest(name: str, named: list[tuple[str, str]]) -> str:
    from rapidfuzz import process

    names = {each: clip_id for clip_id, path in named for each in (path.rpartition("/")[2], clip_id)}
    close = [found for found, _, _ in process.extract(name[:200], list(names), limit=4, score_cutoff=70)]
    ids = list(dict.fromkeys(names[found] for found in close))[:3]
    return f" (did you mean {' or '.join(repr(shown(each)) for each in ids)}?)" if ids else ""
