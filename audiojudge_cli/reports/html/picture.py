"""A picture of a clip without margins: waveform above, mel spectrogram below, time from edge to edge."""

from __future__ import annotations

import io
from pathlib import Path

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.embedded import EmbeddedAudio
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.signals.frames import band_matrix, decibels, hann, mel_edges_hz

Floats = npt.NDArray[np.float32]

COLUMNS, HEIGHT = 960, 240
WAVE_SHARE = 0.36
_BANDS, _LOWEST_HZ, _HIGHEST_HZ = 96, 40.0, 16_000.0
# A tick per octave is what people read; nearer than this share of the height, two would touch each other.
_TICKS_HZ, _APART = tuple(250 * 2**octave for octave in range(7)), 0.09
_WINDOW_S = 0.046
_FRAMES_PER_COLUMN = 6
_RANGE_DB = 75.0
_MAX_DURATION_S = 900.0
_WAVE_COLOUR = "#6f8fb5"


def draw(source: Path | EmbeddedAudio) -> bytes | None:
    """Return the picture of an audio file as WebP; None when it cannot be read or lasts more than 15 minutes."""
    try:
        wave = decode(source, max_duration_s=_MAX_DURATION_S)
    except ClipError:
        return None
    return _painted(*envelope(wave.mono), mel_decibels(wave))


def envelope(samples: Floats) -> tuple[Floats, Floats]:
    """Return the lowest and highest sample of each column of the picture, at most `COLUMNS` of them."""
    edges = np.linspace(0, len(samples), min(COLUMNS, len(samples)) + 1).astype(np.int64)[:-1]
    return np.minimum.reduceat(samples, edges), np.maximum.reduceat(samples, edges)


def mel_decibels(wave: Waveform) -> Floats:
    """Return the mel spectrogram in dB, shape (bands, columns), columns spread evenly over the whole clip.

    However long the clip, at most six frames make a column, so that time and memory stay bounded.
    """
    size = 1 << max(6, round(np.log2(_WINDOW_S * wave.rate)))
    samples = np.pad(wave.mono, (size // 2, size))
    total = len(wave.mono)
    columns = max(2, min(COLUMNS // 2, total * 4 // size))
    starts = np.linspace(0, max(0, total - 1), columns * _FRAMES_PER_COLUMN).astype(np.int64)
    bands = band_matrix(size // 2 + 1, wave.rate, _edges_hz(wave.rate))
    window = hann(size)
    found = []
    for block in np.array_split(starts, max(1, len(starts) // 512)):
        frames = samples[block[:, None] + np.arange(size)] * window
        power = np.square(np.abs(np.fft.rfft(frames, axis=1))).astype(np.float32)
        found.append(power @ bands)
    power = np.concatenate(found).reshape(columns, _FRAMES_PER_COLUMN, -1).mean(axis=1)
    return np.asarray(decibels(power.T), dtype=np.float32)


def frequency_ticks(rate: int) -> list[tuple[str, float]]:
    """Return what is written beside the spectrogram of a clip, and where: from 0 (top of the picture) to 1 (its end).

    Args:
        rate: Sample rate of the clip in hertz.
    """
    edges = _edges_hz(rate)
    found: list[tuple[str, float]] = []
    for hz in reversed(_TICKS_HZ):
        # The highest edge is a power of ten of a logarithm: 3999.99 Hz, say.
        if not edges[1] <= hz <= 1.001 * edges[-1]:
            continue
        # The middle of a band is the middle of its row of pixels.
        height = (float(np.interp(hz, edges[1:-1], np.arange(_BANDS))) + 0.5) / _BANDS
        top = WAVE_SHARE + (1 - WAVE_SHARE) * (1 - height)
        if not found or top - found[-1][1] >= _APART * (1 - WAVE_SHARE):
            found.append((f"{hz // 1000} kHz" if hz >= 1000 else f"{hz} Hz", round(top, 4)))
    return found


def _edges_hz(rate: int) -> tuple[float, ...]:
    return mel_edges_hz(_BANDS, _LOWEST_HZ, min(rate / 2, _HIGHEST_HZ))


def _painted(low: Floats, high: Floats, mel: Floats) -> bytes:
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(COLUMNS / 100, HEIGHT / 100), dpi=100, facecolor="none")
    FigureCanvasAgg(figure)
    wave = figure.add_axes((0, 1 - WAVE_SHARE, 1, WAVE_SHARE))
    wave.fill_between(np.arange(len(low)) + 0.5, low, high, color=_WAVE_COLOUR, linewidth=0.6)
    # A quiet clip looks quiet, yet never like a line.
    reach = max(0.05, float(np.abs([low.min(), high.max()]).max()) * 1.05)
    wave.set(xlim=(0, len(low)), ylim=(-reach, reach))
    below = figure.add_axes((0, 0, 1, 1 - WAVE_SHARE))
    peak = float(mel.max())
    below.imshow(mel, aspect="auto", origin="lower", cmap="magma", vmin=peak - _RANGE_DB, vmax=peak)
    for axes in (wave, below):
        axes.set_axis_off()
    out = io.BytesIO()
    figure.savefig(out, format="webp", pil_kwargs={"quality": 70, "method": 4})
    return out.getvalue()
