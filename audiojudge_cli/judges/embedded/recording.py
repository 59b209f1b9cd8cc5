"""Readings of the recording: noise, room, length."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from audiojudge_cli.judges.checks.kinds import Duration, Noise, NotHeard, Reverberation
from audiojudge_cli.judges.embedded.reading import Reading

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.hearing import Hearing


def read_duration(hearing: Hearing, check: Duration) -> Reading:
    """The clip lasts about so many seconds."""
    length = hearing.waveform.duration_s
    off = abs(math.log(max(0.05, length) / max(0.05, check.seconds)))
    evidence = f"The clip lasts {length:.1f} s."
    return Reading(
        "duration", {"match": -min(3.0, off * 10.0)}, evidence, "decoder", facts={"duration_s": round(length, 2)}
    )


def read_noise(hearing: Hearing, _check: Noise) -> Reading | NotHeard:
    """Noticeable background noise: signal-to-noise ratio without a reference."""
    found = hearing.noise
    if found is None:
        return NotHeard("Silence has no noise to measure.")
    features = {"snr": -found.weighted_snr_db, "total": -found.snr_db}
    evidence = f"About {found.snr_db:.0f} dB between sound and noise floor ({found.floor_db:.0f} dBFS)."
    facts = {"snr_db": round(found.snr_db, 1)}
    return Reading("noise", features, evidence, "noise", facts=facts)


def read_reverberation(hearing: Hearing, _check: Reverberation) -> Reading | NotHeard:
    """Strong reverberation: how slowly sounds die away."""
    found = hearing.reverb
    if found is None:
        return NotHeard("Too few sounds die away to hear the room.")
    features = {"rt60": math.log2(found.rt60_s)}
    evidence = f"Sounds take about {found.rt60_s:.1f} s to die away by 60 dB."
    return Reading("room", features, evidence, "room", facts={"rt60_s": round(found.rt60_s, 2)})
