"""Where pairs come from: a manifest of pairs, folders whose files have the same names, the systems of one manifest."""

from __future__ import annotations

import posixpath
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from itertools import combinations, islice
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.locate import AsWritten, recorded_name
from audiojudge_cli.clips.manifest import Manifest, open_manifest
from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.clips.pairing import checked, find_clips
from audiojudge_cli.clips.row import Problem, Row
from audiojudge_cli.clips.walk import is_audio_name
from audiojudge_cli.comparing.pair import Choice, Entrant, Key, Pair, Pairs, key_of
from audiojudge_cli.errors import InputError
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import safe_line, shorten, shown

SIDES = ("a", "b")
_CHOICES: Mapping[str, Choice] = {"a": "a", "b": "b", "tie": "tie", "audio_a": "a", "audio_b": "b"}
_SHOWN = 20


@dataclass(frozen=True, slots=True)
class Source:
    """What is compared.

    Attributes:
        pairing: Gives every clip that occurs, each once.
        pairs: Gives the pairs.
        systems: Who made the clips, in the order in which they were named.
        keys: Of the clips that take part; None: all.
    """

    pairing: Callable[[], Pairing]
    pairs: Pairs
    systems: tuple[str, ...]
    keys: frozenset[Key] | None = None


def manifest_of_pairs(path: str, *, captioned: bool) -> Source:
    """Return the pairs of a manifest with the columns `audio_a` and `audio_b`.

    Raises:
        InputError: If it cannot be read or has no such columns.
    """
    return pairs_of(open_manifest(path), captioned=captioned)


def pairs_of(manifest: Manifest, *, captioned: bool, limit: int | None = None) -> Source:
    """Return the pairs of an open manifest.

    Args:
        manifest: Its rows have the columns `audio_a` and `audio_b`, or understand these as names of theirs.
        captioned: Whether captions are what it is about.
        limit: Only the first so many rows.

    Raises:
        InputError: If it cannot be read or has no such columns.
    """
    sides = partial(_sides, manifest, limit)
    rows = partial(_rows_of, sides)
    pairs = partial(_pairs_of, sides)
    systems = dict.fromkeys(side.system for pair in pairs() if isinstance(pair, Pair) for side in (pair.a, pair.b))
    return Source(partial(_paired, rows, manifest.base, manifest.name, captioned), pairs, tuple(systems))


def folders(paths: Sequence[str], captions: str | None, *, captioned: bool) -> Source:
    """Return the pairs of files that have the same name, without its suffix, in folders of two systems and more.

    Args:
        paths: The folders, at least two.
        captions: Manifest or folder of texts that is about every folder, or None.
        captioned: Whether captions are what it is about.

    Raises:
        InputError: If one is no folder, or no two of them share a name.
    """
    for path in paths:
        if not Path(path).is_dir():
            raise InputError(f"{shown(path)} is no folder; give folders, or one manifest")
    if len({Path(path).resolve() for path in paths}) < len(paths):
        raise InputError("one folder is named twice; a system is not compared with itself")
    names = _names(paths)
    found = [find_clips(path, captions, captioned=captioned or captions is not None).clips for path in paths]
    by_name, loose = _grouped(zip(paths, found, strict=True))
    grouped = {stem: sides for stem, sides in by_name.items() if len(sides) > 1}
    if not grouped:
        raise InputError(f"no file of {shown(paths[0])} has a partner of the same name in {shown(paths[1])}")
    rows = [_row(path, clip) for sides in grouped.values() for path, clip in sides.items()]
    system = dict(zip(paths, names, strict=True))

    def pairs() -> Iterator[Pair | Problem]:
        for (stem, caption, transcript), sides in grouped.items():
            prompt = "\n".join(text for text in (caption, transcript) if text) or stem
            entrants = [
                (Entrant((_joined(path, clip), clip.caption, clip.transcript), system[path]), clip)
                for path, clip in sides.items()
            ]
            yield from _all_pairs(entrants, prompt, name=stem, only=len(paths) == 2)
        yield from loose

    def every_row() -> Iterator[Row | Problem]:
        yield from rows
        yield from loose

    where = shown(paths[0])
    return Source(partial(_paired, every_row, Path(), where, captioned), pairs, names)


def systems_of(outputs: str, captions: str | None, *, field: str, per: str | None, captioned: bool) -> Source:
    """Return all pairs of clips that different systems of one manifest made for the same prompt.

    Args:
        outputs: Manifest, or folder of the audio.
        captions: Manifest, where `outputs` is a folder.
        field: Column that names the system.
        per: Column that tells prompts apart; None: caption and transcript.
        captioned: Whether captions are what it is about.

    Raises:
        InputError: If it cannot be read, a column is missing, or nobody made clips for the same prompt.
    """
    pairing = partial(find_clips, outputs, captions, captioned=captioned)
    clips = list(pairing().clips)
    prompts: dict[str, list[tuple[Entrant, Clip]]] = defaultdict(list)
    for clip, system in zip(clips, column(clips, field, "--system-field"), strict=True):
        if system is not None:
            prompts[prompt_of(clip, per, clips)].append((Entrant(key_of(clip), system), clip))
    systems = tuple(dict.fromkeys(entrant.system for group in prompts.values() for entrant, _ in group))

    def pairs() -> Iterator[Pair | Problem]:
        for prompt, group in prompts.items():
            yield from _all_pairs(group, prompt)

    if next(pairs(), None) is None:
        raise InputError(
            f"no two systems of column {safe_line(field)!r} have a clip for the same prompt; "
            "name the column that tells prompts apart with --per"
        )
    return Source(pairing, pairs, systems)


def prompt_of(clip: Clip, per: str | None, clips: Iterable[Clip]) -> str:
    """Return what a clip was made for.

    Args:
        clip: The clip.
        per: Column that says so; None: caption and transcript.
        clips: All clips, for the message.

    Raises:
        InputError: If the clip has neither.
    """
    if per is not None:
        if (value := text_of(clip.metadata.get(per))) is not None:
            return value
        if not any(per in one.metadata for one in clips):
            _refuse_column(per, "--per", clips)
    elif told := "\n".join(text for text in (clip.caption, clip.transcript) if text):
        return told
    where = f"{shown(clip.audio_name)}" + ("" if clip.line is None else f" (line {clip.line})")
    lacks = f"has nothing in column {safe_line(per)!r}" if per else "has neither caption nor transcript"
    raise InputError(f"{where} {lacks}, so nobody knows which clips are for the same prompt; name a column with --per")


def column(clips: Sequence[Clip], name: str, option: str) -> list[str | None]:
    """Return a column as text, None where a row has nothing there.

    Raises:
        InputError: If no row has it.
    """
    found = [text_of(clip.metadata.get(name)) for clip in clips]
    if not any(value is not None for value in found):
        _refuse_column(name, option, clips)
    return found


def text_of(value: Any) -> str | None:  # noqa: ANN401 - any JSON value
    """Return a value as the text that names it, None for nothing."""
    if value is None or value == "":
        return None
    return value if isinstance(value, str) else f"{value:g}" if isinstance(value, float) else str(value)


def _refuse_column(name: str, option: str, clips: Iterable[Clip]) -> None:
    known = list(dict.fromkeys(key for clip in clips for key in clip.metadata))
    told = safe_line(", ".join(known[:_SHOWN])) or "none besides audio and caption"
    raise InputError(f"no row has a column {safe_line(name)!r} ({option}){nearest(name, known)}; there are: {told}")


Sides = Callable[[], "Iterator[tuple[Row, Row] | Problem]"]


def _rows_of(sides: Sides) -> Iterator[Row | Problem]:
    """Yield the clips of both sides, each once, and every line that is no pair."""
    seen: set[Key] = set()
    for entry in sides():
        if isinstance(entry, Problem):
            yield entry
            continue
        for row in entry:
            key = _key(row)
            if key not in seen:
                seen.add(key)
                # The id is that of the pair, and its other columns are about both.
                yield replace(row, id=None, metadata={})


def _key(row: Row) -> Key:
    return recorded_name(row), row.caption or "", row.transcript


def _pairs_of(sides: Sides) -> Iterator[Pair | Problem]:
    ids: Counter[str] = Counter()
    for entry in sides():
        if isinstance(entry, Problem):
            yield entry
            continue
        first, second = entry
        name = first.id or f"line-{first.line}"
        ids[name] += 1
        told = "\n".join(text for text in (first.caption, first.transcript) if text)
        both = [
            Entrant(_key(row), text_of(row.metadata.get(f"system_{side}")) or side)
            for side, row in zip(SIDES, entry, strict=True)
        ]
        yield Pair(
            id=name if ids[name] == 1 else f"{name}~{first.line}",
            a=both[0],
            b=both[1],
            prompt=told or name,
            subset=first.subset,
            preferred=_choice(second.metadata.get("preferred")),
            metadata=second.metadata,
        )


def _sides(manifest: Manifest, limit: int | None = None) -> Iterator[tuple[Row, Row] | Problem]:
    """Yield both sides of every line, read by the reader of manifests once for each."""
    both = (islice(_told_apart(manifest.rows(audio_field=f"audio_{side}"), side), limit) for side in SIDES)
    try:
        for first, second in zip(*both, strict=True):
            if isinstance(first, Problem) or isinstance(second, Problem):
                yield first if isinstance(first, Problem) else second
            elif not first.audio or not second.audio:
                side = SIDES[bool(first.audio)]
                yield Problem(first.source, first.line, "no-audio", f"the row has no path in audio_{side}")
            elif _choice(told := first.metadata.get("preferred")) is None and told not in {None, ""}:
                named = shorten(safe_line(str(told)), 40)
                yield Problem(first.source, first.line, "preferred", f"preferred is a, b or tie, not {named!r}")
            else:
                yield first, second
    except InputError as error:
        raise _named_rightly(error, manifest.name) from error


def _told_apart(rows: Iterator[Row | Problem], side: str) -> Iterator[Row | Problem]:
    """Yield rows with audio inside the manifest under names of their own: both sides, and many rows, may share one."""
    for row in rows:
        if isinstance(row, Row) and row.embedded is not None:
            name = f"row-{row.line}-{side}"
            yield replace(row, audio=f"{name}/{row.audio}" if row.audio else name)
        else:
            yield row


def _named_rightly(error: InputError, name: str) -> InputError:
    """Return the error for a manifest that is none of pairs; the reader knows only options of single clips."""
    missing = next((f"audio_{side}" for side in SIDES if f"'audio_{side}' (--audio-field)" in str(error)), None)
    if missing is None:
        return error
    return InputError(f"{name} has no column {missing!r}; a manifest of pairs has audio_a and audio_b in every row")


def _choice(told: object) -> Choice | None:
    return _CHOICES.get(told.strip().casefold()) if isinstance(told, str) else None


def _paired(rows: Callable[[], Iterator[Row | Problem]], base: Path, name: str, captioned: bool) -> Pairing:
    remedy = "paths start from the folder of the manifest, or else from the current one"
    return checked(Pairing(rows, AsWritten(base), base=base), name, captioned=captioned, remedy=remedy)


def _names(paths: Sequence[str]) -> tuple[str, ...]:
    """Return short names of folders: the last part of each, or the whole path where that is not enough."""
    last = [Path(path).resolve().name for path in paths]
    return tuple(last) if len(set(last)) == len(last) and all(last) else tuple(str(Path(path)) for path in paths)


Name = tuple[str, str, str | None]


def _grouped(
    found: Iterable[tuple[str, Iterable[Clip]]],
) -> tuple[dict[Name, dict[str, Clip]], list[Problem]]:
    """Return the clips by name and folder, and what cannot be paired."""
    grouped: dict[Name, dict[str, Clip]] = defaultdict(dict)
    loose: list[Problem] = []
    paths = []
    for path, clips in found:
        paths.append(path)
        for clip in clips:
            name = (_stem(clip.audio_name), clip.caption, clip.transcript)
            if path in grouped[name]:
                other = shown(grouped[name][path].audio_name)
                message = f"{shown(clip.audio_name)} has the name of {other}, which is compared instead"
                loose.append(Problem(shown(path), clip.line, "ambiguous", message))
            else:
                grouped[name][path] = clip
    for sides in grouped.values():
        if len(sides) == 1:
            [(path, clip)] = sides.items()
            message = f"{shown(clip.audio_name)} has no partner in the other folder{'s' if len(paths) > 2 else ''}"
            loose.append(Problem(shown(path), clip.line, "not-found", message))
    return grouped, loose


def _stem(name: str) -> str:
    return posixpath.splitext(name)[0] if is_audio_name(name) else name


def _joined(folder: str, clip: Clip) -> str:
    return posixpath.join(Path(folder).as_posix(), clip.audio_name)


def _row(folder: str, clip: Clip) -> Row:
    return Row(
        shown(folder),
        clip.line,
        _joined(folder, clip),
        clip.caption or None,
        None,
        clip.subset,
        clip.language,
        clip.rubric,
        transcript=clip.transcript,
    )


def _all_pairs(
    group: Sequence[tuple[Entrant, Clip]], prompt: str, *, name: str | None = None, only: bool = False
) -> Iterator[Pair]:
    """Yield all pairs of different systems.

    Args:
        group: The clips of one prompt.
        prompt: That prompt.
        name: What the ids of its pairs begin with; None: the prompt.
        only: Whether there are only two systems, so that the name is enough.
    """
    stem = shorten(safe_line(prompt if name is None else name), 80)
    told: Counter[str] = Counter()
    for (a, clip), (b, _) in combinations(group, 2):
        if a.system == b.system:
            continue
        base = stem if only else f"{stem}: {a.system} - {b.system}"
        told[base] += 1
        count = "" if told[base] == 1 else f" ({told[base]})"
        yield Pair(f"{base}{count}", a, b, prompt, clip.subset)
