"""The audio of clips as browsers play it: the file that was judged, or where they may not play it, the same as WAV."""

from __future__ import annotations

import tempfile
import threading
from collections import OrderedDict
from dataclasses import dataclass
from pathlib import Path
from typing import Self

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.embedded import EmbeddedAudio, file_state
from audiojudge_cli.clips.opened import open_audio, sha256_of
from audiojudge_cli.clips.resample import resample
from audiojudge_cli.errors import ClipError
from audiojudge_cli.reports.html.sources import AudioFinder, media_type
from audiojudge_cli.results.record import AudioFacts
from audiojudge_cli.text.terminal import shown

# As much as a preset may let through: the clip was judged, so it was no longer.
_MOST_BYTES = 8 << 30
_KEPT = 6
"""Decoded clips that are kept: the one on the page, the next, and a few to go back to."""

PLAYED = {"WAV": ("PCM_16", "PCM_24", "PCM_U8"), "FLAC": (), "OGG": ("VORBIS", "OPUS"), "MP3": ()}
"""Formats and codings (any where none is named) that browsers play, by their names in libsndfile. Not floats: what is
over full scale, or no number, is for us to settle."""
PLAYED_RATES = (8_000, 96_000)
"""Samples per second that they all play."""
WAV_RATE = 48_000
"""Of what is decoded: every sound card takes it."""
MOST_CHANNELS = 2
"""What has more is mixed down as the judge heard it: browsers differ in what they leave out."""


@dataclass(frozen=True, slots=True)
class Sound:
    """A file to play.

    Attributes:
        path: Where it lies.
        type: Its media type.
    """

    path: Path
    type: str


class Sounds:
    """Finds the audio of records; only the very bytes that were judged are ever given away.

    Args:
        finder: Knows where the run's audio lies.

    Use as a context manager: what was decoded lies in a temporary folder until the end.
    """

    def __init__(self, finder: AudioFinder) -> None:
        self._finder = finder
        self._lock = threading.Lock()
        self._folder = tempfile.TemporaryDirectory(prefix="audiojudge-label-")
        self._made: OrderedDict[tuple[str, bool], Sound] = OrderedDict()
        self._numbered = 0
        self._digests: dict[Path | EmbeddedAudio, tuple[tuple[int, int], str]] = {}

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self._folder.cleanup()

    def find(self, audio: AudioFacts) -> Path | EmbeddedAudio:
        """Return where the audio of a record lies.

        Raises:
            ClipError: `not-found` where it is not there any more, `changed` where it is another one than was judged.
        """
        source = self._finder.find(audio)
        if source is None:
            raise ClipError("not-found", f"{shown(audio.path)} was not found where the run looked for it")
        if self._sha256(source) != audio.sha256:
            raise ClipError("changed", f"{shown(audio.path)} is another file than the one that was judged")
        return source

    def _sha256(self, source: Path | EmbeddedAudio) -> str:
        """Return the digest of a file; hours of audio are read once, unless they change."""
        try:
            state = file_state(source) if isinstance(source, Path) else source.state
        except OSError as error:
            raise ClipError("unreadable", f"cannot read {shown(str(source))}: {error.strerror or error}") from error
        known = self._digests.get(source)
        if known is None or known[0] != state:
            known = self._digests[source] = (state, sha256_of(source, max_bytes=_MOST_BYTES))
        return known[1]

    def sound(self, audio: AudioFacts, *, as_wav: bool = False) -> Sound:
        """Return a file that browsers play.

        Args:
            audio: Of a record.
            as_wav: Decode it though it looks as if it could be played.

        Raises:
            ClipError: As `find`; and where it cannot be decoded any more, or there is no room to.
        """
        key = (audio.path + (audio.sha256 or ""), as_wav)
        with self._lock:  # one decoding at a time; who asks for the same finds it made
            known = self._made.get(key)
            if known is not None and known.path.is_file():
                self._made.move_to_end(key)
                return known
            try:
                made = self._make(self.find(audio), as_wav=as_wav)
            except OSError as error:
                raise ClipError(
                    "unreadable", f"cannot prepare {shown(audio.path)}: {error.strerror or error}"
                ) from error
            self._made[key] = made
            while len(self._made) > _KEPT:
                _, old = self._made.popitem(last=False)
                if old.path.parent == Path(self._folder.name):
                    old.path.unlink(missing_ok=True)
            return made

    def _make(self, source: Path | EmbeddedAudio, *, as_wav: bool) -> Sound:
        self._numbered += 1
        target = Path(self._folder.name) / str(self._numbered)
        if not as_wav and _plays(source):
            with open_audio(source, max_bytes=_MOST_BYTES) as (file, _):
                kind = media_type("", file.read(4))
            if isinstance(source, Path):
                return Sound(source.absolute(), kind)
            target.write_bytes(source.read())
            return Sound(target, kind)
        _write_wav(source, target)
        return Sound(target, "audio/wav")


def _plays(source: Path | EmbeddedAudio) -> bool:
    import soundfile

    try:
        with open_audio(source, max_bytes=_MOST_BYTES) as (file, _):
            found = soundfile.info(file)
            file.seek(0)
            known = media_type("", file.read(4)) != media_type("")
    except (ClipError, OSError, RuntimeError, ValueError, TypeError):
        return False
    codings = PLAYED.get(found.format)
    coded = codings is not None and (not codings or found.subtype in codings)
    low, high = PLAYED_RATES
    return known and coded and low <= found.samplerate <= high and found.channels <= MOST_CHANNELS


def _write_wav(source: Path | EmbeddedAudio, target: Path) -> None:
    """Write audio as 16-bit WAV: what is over full scale is turned down as a whole, never clipped."""
    import numpy as np
    import soundfile

    wave = decode(source, max_bytes=_MOST_BYTES)
    # A list, not one array: hours of audio stay in the files that decoding and resampling leave them in.
    channels = list(wave.channels) if len(wave.channels) <= MOST_CHANNELS else [wave.mono]
    low, high = PLAYED_RATES
    rate = wave.rate
    if not low <= rate <= high:
        channels = [resample(channel, rate, WAV_RATE) for channel in channels]
        rate = WAV_RATE
    peak = max(float(np.abs(channel).max(initial=0.0)) for channel in channels)
    gain = 1 / peak if peak > 1 else 1.0
    block = 1 << 20
    with soundfile.SoundFile(target, "w", rate, len(channels), "PCM_16", format="WAV") as file:
        for start in range(0, len(channels[0]), block):
            file.write(np.stack([channel[start : start + block] for channel in channels], axis=1) * gain)
