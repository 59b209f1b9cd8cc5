"""Make hostile audio files: python tests/clips/hostile.py FOLDER.

CASES maps a file name to its bytes and to what decoding must say: a set of error kinds, or "ok" when the file is
merely odd. Everything is made from one short tone, so the corpus is the same everywhere.
"""

from __future__ import annotations

import io
import struct
import sys
from pathlib import Path

import numpy as np
import soundfile

RATE = 16_000
TONE = (0.5 * np.sin(2 * np.pi * 440 * np.arange(RATE // 4) / RATE)).astype(np.float32)

Case = tuple[bytes, frozenset[str]]
OK = frozenset({"ok"})
BROKEN = frozenset({"not-audio", "truncated", "no-samples", "bad-header", "damaged", "empty"})


def encoded(form: str, subtype: str | None = None, samples: np.ndarray = TONE, rate: int = RATE) -> bytes:
    out = io.BytesIO()
    soundfile.write(out, samples, rate, format=form, subtype=subtype)
    return out.getvalue()


def patched(data: bytes, at: int, layout: str, *values: int) -> bytes:
    changed = bytearray(data)
    struct.pack_into(layout, changed, at, *values)
    return bytes(changed)


def make_cases() -> dict[str, Case]:
    cases: dict[str, Case] = {}
    cases |= _cut()
    cases |= _lying()
    cases |= _values()
    cases |= _not_audio()
    cases |= _merely_odd()
    return cases


def _cut() -> dict[str, Case]:
    """Return every form cut at its structural boundaries and at shares of its length."""
    forms = {
        "wav": encoded("WAV"),
        "float.wav": encoded("WAV", "FLOAT"),
        "flac": encoded("FLAC"),
        "ogg": encoded("OGG", "VORBIS"),
        "opus": encoded("OGG", "OPUS"),
        "mp3": encoded("MP3"),
        "aiff": encoded("AIFF"),
        "au": encoded("AU"),
        "w64": encoded("W64"),
        "rf64": encoded("RF64"),
        "caf": encoded("CAF"),
    }
    cuts: dict[str, Case] = {}
    for suffix, data in forms.items():
        boundaries = {1, 4, 8, 12, 16, 20, 28, 36, 40, 42, 44, 46, 60, 100}
        shares = {len(data) // 4, len(data) // 2, len(data) * 9 // 10, len(data) - 1}
        for end in sorted(boundaries | shares):
            if 0 < end < len(data):
                cuts[f"cut-at-{end}.{suffix}"] = (data[:end], BROKEN)
    return cuts


def _lying() -> dict[str, Case]:
    wav, flac = encoded("WAV"), encoded("FLAC")
    size = len(wav) - 44
    frames = int.from_bytes(flac[18:26], "big")
    return {
        "only-header.wav": (patched(wav, 40, "<I", 0)[:44], frozenset({"no-samples"})),
        "claims-more.wav": (patched(wav, 40, "<I", size * 3), frozenset({"truncated"})),
        "claims-nothing.wav": (patched(wav, 40, "<I", 0), frozenset({"bad-header"})),
        "claims-less.wav": (
            patched(encoded("WAV", samples=np.tile(TONE, 4)), 40, "<I", 100),
            frozenset({"bad-header"}),
        ),
        "streamed.wav": (patched(wav, 40, "<I", 0xFFFFFFFF), OK),
        "streamed-both.wav": (patched(patched(wav, 40, "<I", 0xFFFFFFFF), 4, "<I", 0xFFFFFFFF), OK),
        "rate-zero.wav": (patched(wav, 24, "<I", 0), frozenset({"not-audio", "sample-rate"})),
        "rate-one.wav": (patched(wav, 24, "<I", 1), frozenset({"sample-rate"})),
        "rate-billions.wav": (patched(wav, 24, "<I", 0x7FFFFFFF), frozenset({"sample-rate", "not-audio"})),
        "no-channels.wav": (patched(wav, 22, "<H", 0), frozenset({"not-audio", "channels"})),
        "many-channels.wav": (patched(wav, 22, "<H", 65_535), frozenset({"not-audio", "channels"})),
        "hundred-channels.wav": (
            encoded("WAV", samples=np.zeros((64, 100), np.float32)),
            frozenset({"channels"}),
        ),
        "no-bits.wav": (patched(wav, 34, "<H", 0), frozenset({"not-audio"})),
        "unknown-codec.wav": (patched(wav, 20, "<H", 0x1234), frozenset({"not-audio"})),
        "no-format-chunk.wav": (wav[:12] + wav[36:], frozenset({"not-audio"})),
        "claims-years.flac": (
            patched(flac, 18, ">Q", (frames >> 36 << 36) | ((1 << 36) - 1)),
            frozenset({"too-long"}),
        ),
        "claims-an-hour.flac": (
            patched(flac, 18, ">Q", (frames >> 36 << 36) | RATE * 3600),
            frozenset({"truncated", "damaged"}),
        ),
        "claims-nothing.flac": (patched(flac, 18, ">Q", frames >> 36 << 36), OK),
        "twice.wav": (wav + wav, frozenset({"chained"})),
        "twice.aiff": (encoded("AIFF") * 2, frozenset({"chained"})),
        "twice.flac": (flac + flac, frozenset({"chained"})),
        "twice.ogg": (encoded("OGG", "VORBIS") * 2, frozenset({"chained"})),
        "twice.opus": (encoded("OGG", "OPUS") * 2, frozenset({"chained"})),
        "twice.mp3": (encoded("MP3", samples=np.tile(TONE, 30)) * 2, frozenset({"bad-header"})),
        "au-unknown-length.au": (patched(encoded("AU"), 8, ">I", 0xFFFFFFFF), OK),
    }


def _values() -> dict[str, Case]:
    def floats(*changes: tuple[slice, float]) -> bytes:
        samples = np.tile(TONE, 5).copy()
        for where, value in changes:
            samples[where] = value
        return encoded("WAV", "FLOAT", samples)

    return {
        "one-nan.wav": (floats((slice(7, 8), np.nan)), OK),
        "many-nan.wav": (floats((slice(0, 100), np.nan)), frozenset({"not-finite"})),
        "all-nan.wav": (floats((slice(None), np.nan)), frozenset({"not-finite"})),
        "infinite.wav": (floats((slice(0, 50), np.inf), (slice(50, 90), -np.inf)), frozenset({"not-finite"})),
        "huge.wav": (floats((slice(3, 5), 1e30)), frozenset({"out-of-range"})),
        "int-scale.wav": (floats((slice(3, 5), 30_000.0)), OK),
        "denormal.wav": (floats((slice(None), 1e-41)), OK),
        "silent.wav": (floats((slice(None), 0.0)), OK),
        "one-sample.wav": (encoded("WAV", samples=TONE[:1]), OK),
    }


def _not_audio() -> dict[str, Case]:
    not_audio, needs_av = frozenset({"not-audio"}), frozenset({"needs-av", "not-audio"})
    noise = np.random.default_rng(1).integers(0, 256, 4096, dtype=np.uint8)
    noise[0] = 0x55
    return {
        "empty.wav": (b"", frozenset({"empty"})),
        "zeros.wav": (bytes(4096), not_audio),
        "noise.wav": (noise.tobytes(), not_audio),
        "page.wav": (b"<!DOCTYPE html><html><body>404</body></html>", not_audio),
        "pointer.wav": (b"version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 9\n", not_audio),
        "text.mp3": ("这不是音频\n".encode(), not_audio),
        "picture.flac": (b"\x89PNG\r\n\x1a\n" + bytes(100), not_audio),
        "archive.ogg": (b"PK\x03\x04" + bytes(100), not_audio),
        "document.wav": (b"%PDF-1.7\n" + bytes(100), not_audio),
        "riff-picture.wav": (b"RIFF\x24\0\0\0WEBPVP8 \x18\0\0\0" + bytes(24), not_audio),
        "empty-mp4.m4a": (b"\0\0\0\x18ftypM4A \0\0\0\0M4A mp42" + bytes(64), needs_av),
        "empty-webm.webm": (b"\x1aE\xdf\xa3" + bytes(64), needs_av),
        "empty-aac.aac": (b"\xff\xf1" + bytes(64), needs_av),
        "empty-id3.mp3": (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10), not_audio),
        "pages.ogg": (b"OggS" + bytes(60), BROKEN),
    }


def _merely_odd() -> dict[str, Case]:
    wav = encoded("WAV")
    listed = wav + b"LIST" + struct.pack("<I", 4) + b"INFO"
    return {
        "wave-inside.flac": (wav, OK),
        "flac-inside.wav": (encoded("FLAC"), OK),
        "no-suffix": (encoded("OGG", "VORBIS"), OK),
        "tail-chunk.wav": (listed, OK),
        "tail-bytes.wav": (wav + b"\xff" * 10, OK),
        "tagged.mp3": (b"ID3\x04\0\0\0\0\0\x0a" + bytes(10) + encoded("MP3"), OK),
        "eight-bit.wav": (encoded("WAV", "PCM_U8"), OK),
        "double.wav": (encoded("WAV", "DOUBLE"), OK),
        "adpcm.wav": (encoded("WAV", "IMA_ADPCM"), OK),
        "slow.wav": (encoded("WAV", rate=8_000), OK),
        "fast.wav": (encoded("WAV", rate=192_000), OK),
        "surround.wav": (encoded("WAV", samples=np.stack([TONE] * 8, axis=1)), OK),
        "alac.caf": (encoded("CAF", "ALAC_16"), OK),
    }


CASES = make_cases()

if __name__ == "__main__":
    folder = Path(sys.argv[1])
    folder.mkdir(parents=True, exist_ok=True)
    for case, (content, _) in CASES.items():
        (folder / case).write_bytes(content)
    print(f"{len(CASES)} files in {folder}")
