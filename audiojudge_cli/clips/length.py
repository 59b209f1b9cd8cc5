"""How long an audio file says it is, without decoding it."""

from __future__ import annotations

from pathlib import Path

from audiojudge_cli.clips.containers import open_container
from audiojudge_cli.clips.decode import MAX_BYTES
from audiojudge_cli.clips.opened import Inner, open_audio
from audiojudge_cli.clips.sndfile import UnrecognisedError, open_sndfile
from audiojudge_cli.text.terminal import shown


def claimed_length(source: Path | Inner, *, max_bytes: int = MAX_BYTES) -> float | None:
    """Return the seconds of audio that the header of an audio file claims; None when it does not say.

    Raises:
        ClipError: If the file cannot be opened or is no audio; decoding may refuse it for more reasons.
    """
    name = shown(source) if isinstance(source, Path) else str(source)
    with open_audio(source, max_bytes=max_bytes) as (file, _size):
        try:
            with open_sndfile(file, name) as stream:
                return _seconds(stream.frames, stream.rate)
        except UnrecognisedError:
            file.seek(0)
            with open_container(file, name) as stream:
                return _seconds(stream.frames, stream.rate)


def _seconds(frames: int | None, rate: int) -> float | None:
    return None if frames is None or rate <= 0 else frames / rate
