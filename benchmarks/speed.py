"""How fast the embedded judge is, per probe and whole, and the quality profile, on one core.

Usage: python benchmarks/speed.py [FOLDER] [--seconds S]

FOLDER holds audio files (default: examples/audio). Every figure is the time of one pass over all clips divided into
their length: 50 means fifty times faster than real time. Models are loaded and warmed up before the clock starts;
decoding and resampling count as a row of their own. Uses one thread whatever the machine has.
"""

from __future__ import annotations

import argparse
import os
import platform
import resource
import time
from collections.abc import Callable
from pathlib import Path

os.environ.setdefault("OMP_NUM_THREADS", "1")

import numpy as np

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
from audiojudge_cli.judges.embedded.judge import load
from audiojudge_cli.quality.profile import profile
from audiojudge_cli.rubrics.rules import load as load_rules

PROFILED = ((10, 24_000, 1), (10, 32_000, 1), (10, 48_000, 1), (10, 48_000, 2), (60, 48_000, 2))
"""Seconds, rate and channels of the clips that the quality profile is timed on."""
EXAMPLES = Path(__file__).parent.parent / "examples" / "audio"

PROBES: dict[str, Callable[[ClipFeatures], object]] = {
    "resampling to 16 kHz": lambda hearing: hearing.samples,
    "sound events (YAMNet)": lambda hearing: hearing.events,
    "music tags (musicnn)": lambda hearing: hearing.tags,
    "voice activity (Silero)": lambda hearing: hearing.speech,
    "pitch": lambda hearing: hearing.pitch,
    "onsets and tempo": lambda hearing: hearing.tempo,
    "metre": lambda hearing: hearing.metre,
    "key": lambda hearing: hearing.key,
    "drums": lambda hearing: hearing.drums,
    "level": lambda hearing: hearing.level,
    "spectrum": lambda hearing: hearing.spectrum,
    "noise": lambda hearing: hearing.noise,
    "reverberation": lambda hearing: hearing.reverb,
    "bursts": lambda hearing: hearing.bursts,
    "speech quality (DNSMOS)": lambda hearing: hearing.quality,
    "language (Whisper base)": lambda hearing: hearing.languages,
    "words (Whisper base)": lambda hearing: hearing.transcript("en"),
}

CAPTIONS = {
    "sound caption": "A dog barks in the distance, then rain falls, with no music.",
    "music caption": "A slow, sad piano piece in a minor key with drums, no vocals.",
    "voice caption": "A man with a deep voice whispers in a large hall, no background noise.",
    "words caption": 'A woman speaks quickly in English: "the museum is closed on public holidays".',
}


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("folder", type=Path, nargs="?", default=EXAMPLES)
    parser.add_argument("--seconds", type=float, default=60.0, help="stop collecting clips after this much audio")
    arguments = parser.parse_args()
    started = time.perf_counter()
    judge = load(device="cpu", threads=1)
    waveforms, decoding = _decoded(arguments.folder, arguments.seconds)
    total = sum(waveform.duration_s for waveform in waveforms)
    items = load_rules().expand(CAPTIONS["words caption"]).items
    judge.judge([Case(decode(min(arguments.folder.iterdir())), items)])
    first = time.perf_counter() - started
    for probe in PROBES.values():
        probe(ClipFeatures(waveforms[0], judge.models, judge.heads))
    print(f"{platform.processor() or platform.machine()}, one core, {len(waveforms)} clips, {total:.0f} s of audio")
    print(f"start to first answer, weights in the cache: {first:.1f} s\n")
    print(f"{'probe':26}{'ms per 10 s':>12}{'x real time':>13}")
    _row("decoding", decoding, total)
    hearings = [ClipFeatures(waveform, judge.models, judge.heads) for waveform in waveforms]
    for name, probe in PROBES.items():
        begun = time.perf_counter()
        for hearing in hearings:
            probe(hearing)
        _row(name, time.perf_counter() - begun, total)
    print(f"\n{'whole judge, from samples':26}{'ms per 10 s':>12}{'x real time':>13}")
    expander = load_rules()
    for name, caption in CAPTIONS.items():
        items = expander.expand(caption).items
        fresh = [Waveform(waveform.channels, waveform.rate) for waveform in waveforms]
        begun = time.perf_counter()
        for waveform in fresh:
            judge.judge([Case(waveform, items, caption)])
        _row(name, time.perf_counter() - begun, total)
    _profiles(waveforms)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"\npeak memory {peak:.0f} MB with all of these models loaded and {len(waveforms)} clips held")


def _decoded(folder: Path, seconds: float) -> tuple[list[Waveform], float]:
    waveforms, begun = [], time.perf_counter()
    for path in sorted(folder.iterdir()):
        waveforms.append(decode(path))
        if sum(waveform.duration_s for waveform in waveforms) >= seconds:
            break
    return waveforms, time.perf_counter() - begun


def _profiles(waveforms: list[Waveform]) -> None:
    """Print the speed of the basic quality profile on the clips, one after the other: mono, and stereo at 48 kHz.

    In processor time, the best of five, so that what else runs counts less.
    """
    print(f"\n{'quality profile, basic':26}{'ms per 10 s':>12}{'x real time':>13}")
    for seconds, rate, channels in PROFILED:
        one = np.concatenate([waveform.at(rate) for waveform in waveforms])
        other = np.concatenate([waveform.at(rate) for waveform in reversed(waveforms)])
        stretch = np.stack([np.resize(channel, seconds * rate) for channel in (one, other)[:channels]])
        took = []
        for _ in range(5):
            waveform = Waveform(stretch, rate)
            begun = time.process_time()
            profile(waveform)
            took.append(time.process_time() - begun)
        _row(f"{seconds} s, {rate / 1000:g} kHz, {'stereo' if channels == 2 else 'mono'}", min(took), seconds)


def _row(name: str, took: float, total: float) -> None:
    print(f"{name:26}{took / total * 10_000:12.1f}{total / max(took, 1e-9):13.0f}")


if __name__ == "__main__":
    main()
