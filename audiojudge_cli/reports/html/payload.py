"""The clips as data for the script of the page: short keys, nothing that the page does not show."""

from __future__ import annotations

import base64
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice, zip_longest
from pathlib import Path
from typing import Any

from audiojudge_cli.clips.embedded import EmbeddedAudio
from audiojudge_cli.reports.gather import Gathered, run_info
from audiojudge_cli.reports.html.picture import draw
from audiojudge_cli.reports.html.sources import AudioFinder, link, media_type, read_same
from audiojudge_cli.results.quality import QualityProfile
from audiojudge_cli.results.quality_figures import QUALITY
from audiojudge_cli.results.ratings import clip_ratings
from audiojudge_cli.results.record import Record, RecordItem
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import safe_line


@dataclass(frozen=True, slots=True)
class Limits:
    """How large a page may grow.

    Attributes:
        clips: Most clips in the list; the worst are kept.
        pictures: Most clips with waveform and spectrogram; the worst get them.
        embed_bytes: Most bytes of audio inside the page; the worst clips come first, the others are linked.
    """

    clips: int = 20_000
    pictures: int = 100
    embed_bytes: int = 20_000_000


@dataclass
class Blobs:
    """Audio and pictures in base64 by key, each content once; a page holds them behind its script."""

    audio: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, str] = field(default_factory=dict)
    audio_bytes: int = 0


def clip_data(
    run: Gathered, finder: AudioFinder, page: Path, limits: Limits, *, first: Iterable[int] = ()
) -> tuple[list[dict[str, Any]], Blobs]:
    """Return one mapping per clip, in the order of `run.records`, and what they refer to.

    Args:
        run: The run.
        finder: Finds its audio.
        page: Where the page will lie; links are relative to it.
        limits: How large it may grow.
        first: Places in `run.records` whose audio goes into the page before that of all others; they have every second
            picture.
    """
    blobs = Blobs()
    clips = [_clip(run, record) for record in run.records]
    first = list(first)
    turns = (at for both in zip_longest(first, range(len(clips))) for at in both if at is not None)
    drawn = set(islice((at for at in dict.fromkeys(turns) if run.records[at].error is None), limits.pictures))
    before = AudioFinder(run.baseline, run_info(run.baseline), None) if run.baseline else None
    for place in dict.fromkeys((*first, *range(len(clips)))):
        record, picture = run.records[place], place in drawn
        clips[place] |= _audio(record, finder.find(record.audio), page, blobs, limits, picture=picture)
        old = run.earlier.get(record.id)
        if old is not None and before is not None:
            clips[place]["old"] = _old(record, old) | (
                {}
                if _is_same(record, old)
                else _audio(old, before.find(old.audio), page, blobs, limits, picture=picture)
            )
    return [{key: value for key, value in data.items() if value not in (None, [], {}, "")} for data in clips], blobs


def _audio(
    record: Record, source: Path | EmbeddedAudio | None, page: Path, blobs: Blobs, limits: Limits, *, picture: bool
) -> dict[str, Any]:
    if source is None:
        return {}
    found: dict[str, Any] = {"type": media_type(record.audio.path)}
    found |= {"link": link(source, page)} if isinstance(source, Path) else {"packed": source.manifest.name}
    key = (record.audio.sha256 or "")[:24]
    if not key:
        return found
    if key not in blobs.audio and blobs.audio_bytes < limits.embed_bytes:
        data = read_same(source, record.audio, limits.embed_bytes - blobs.audio_bytes)
        if data:
            found["type"] = media_type(record.audio.path, data[:4])
            blobs.audio[key] = base64.b64encode(data).decode("ascii")
            blobs.audio_bytes += len(data)
    if picture and key not in blobs.pictures:
        drawn = draw(source)
        if drawn:
            blobs.pictures[key] = base64.b64encode(drawn).decode("ascii")
    return found | {"key": key, "embedded": key in blobs.audio or None, "picture": key in blobs.pictures or None}


def _is_same(record: Record, old: Record) -> bool:
    return record.audio.sha256 is not None and record.audio.sha256 == old.audio.sha256


def _old(record: Record, old: Record) -> dict[str, Any]:
    """Return the clip of the baseline as the page shows it beside the clip: its figures, and its sound if another."""
    found = {
        "id": old.id,
        "path": safe_line(old.audio.path),
        "duration": old.audio.duration_s,
        "rate": old.audio.sample_rate,
        "score": old.score,
        "value": old.decision.value,
        "match": _match(old),
        "same": _is_same(record, old) or None,
        "error": old.error and f"{old.error.kind}: {safe_line(old.error.message)}",
    }
    return {key: value for key, value in found.items() if value is not None}


def _match(record: Record) -> str | None:
    match = record.decision.match
    return None if match is None or record.is_rated else "match" if match else "no match"


def _clip(run: Gathered, record: Record) -> dict[str, Any]:
    earlier = run.earlier.get(record.id)
    audio, decision = record.audio, record.decision
    return {
        "id": record.id,
        "path": safe_line(audio.path),
        "duration": audio.duration_s,
        "rate": audio.sample_rate,
        "channels": audio.channels,
        "caption": record.caption,
        "transcript": record.transcript,
        "language": record.language,
        "subset": record.subset or "unknown",
        "status": record.status,
        "score": record.score,
        "value": None if record.is_rated else decision.value,
        "match": _match(record),
        "coverage": record.coverage,
        "items": list(_items(record.items, earlier)),
        "warnings": [safe_line(warning) for warning in record.warnings],
        "error": None if record.error is None else [record.error.kind, safe_line(record.error.message)],
        "metadata": {name: _text(value) for name, value in record.metadata.items()},
        "was": earlier.score if earlier else None,
        "ratings": list(_ratings(record, run.ratings_before(record.id))) if record.is_rated else None,
        **(_quality(record.quality) if record.quality else {}),
    }


def _ratings(record: Record, was: Mapping[str, float]) -> Iterator[list[Any]]:
    """Yield dimension, rating, spread, what people gave, and the rating in the baseline."""
    for one in clip_ratings(record):
        yield [one.dimension, one.rating, one.spread, one.human, was.get(one.dimension)]


def _text(value: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a metadata value as the heat map and gate rules write it."""
    return value if isinstance(value, str) else dumps(value)


def _quality(profile: QualityProfile) -> dict[str, Any]:
    words = profile.words
    return {
        "quality": {name: value for name, figure in QUALITY.items() if (value := figure.of(profile)) is not None},
        "faults": [[fault.name, fault.message, [list(span) for span in fault.times]] for fault in profile.faults],
        "diff": [[step.kind, step.wanted, step.heard] for step in words.diff] if words else None,
        "reference": profile.reference and profile.reference.audio,
    }


def _items(items: tuple[RecordItem, ...], earlier: Record | None) -> Iterator[dict[str, Any]]:
    before = earlier.items if earlier and len(earlier.items) == len(items) else (None,) * len(items)
    for item, was in zip(items, before, strict=True):
        found = {
            "d": item.dimension,
            "q": item.question,
            "b": item.basis,
            "p": item.p_yes,
            "a": item.answer,
            "e": item.evidence,
            "s": item.source,
            "t": [list(span) for span in item.times],
            "f": dict(item.facts),
            "n": item.negated,
            "was": was and was.p_yes,
            # Where the answer is another, what was heard then says why.
            "then": was.evidence if was and was.answer != item.answer else None,
        }
        yield {key: value for key, value in found.items() if value is not None and value not in ([], {}, "", False)}
