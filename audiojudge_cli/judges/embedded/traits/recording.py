"""The recording: noise, room, band, distortion, quality."""

from __future__ import annotations

import math
import re
from typing import TYPE_CHECKING

from audiojudge_cli.judges.embedded.reading import NotHeard, Reading
from audiojudge_cli.judges.embedded.traits.registry import asks, describe, trait

if TYPE_CHECKING:
    from audiojudge_cli.judges.embedded.clip_features import ClipFeatures
    from audiojudge_cli.rubrics.claim import Claim

_SILENT = NotHeard("Silence has no spectrum to measure.")
_SPEECH_SHARE = 0.15
"""Share of a clip from which on its speech decides what the quality is judged by."""

# Distortion stands among the effects of production and the qualities of recordings.
_DISTORTED = re.compile(r"\b(?:distort\w*|clipp(?:ed|ing)|blown-out|overdriv\w+)\b|失真|削波|爆音", re.IGNORECASE)
# Effects that leave a tail as a room does; a delay repeats, which is another thing.
_ECHO = re.compile(r"\b(?:reverb\w*|echo(?:e[sy]|ing)?)\b|回声|混响", re.IGNORECASE)
# Kinds of recording that the word list has beside the degraded ones, and that say nothing of quality.
_NEITHER = re.compile(
    r"\b(?:live|demo|field|one-take|surround|stereo|mono|binaural|full bandwidth|crisp|home|handheld)\b"
    r"|现场|实地|环绕|立体声|单声道",
    re.IGNORECASE,
)
# What of a caption as a whole can be measured: that it sounds natural or of high quality.
_FINE = re.compile(
    r"\b(?:natural(?:ly|[- ]sounding)?|human-like|realistic|high[- ](?:quality|fidelity)|clear|clean)\b"
    r"|自然|真实|高质量|高音质",
    re.IGNORECASE,
)


def _poor(claim: Claim) -> bool:
    return not _NEITHER.search(claim.words) and not _DISTORTED.search(claim.words)


@trait(
    asks("noise", "noisy"),
    asks("noise", "clean", opposite=True),
    curves={"noise": ("snr", "total")},
)
def noise(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Noticeable background noise: signal-to-noise ratio without a reference."""
    found = clip.noise
    if found is None:
        return NotHeard("Silence has no noise to measure.")
    features = {"snr": -found.weighted_snr_db, "total": -found.snr_db}
    evidence = f"About {found.snr_db:.0f} dB between sound and noise floor ({found.floor_db:.0f} dBFS)."
    facts = {"snr_db": round(found.snr_db, 1)}
    return Reading("noise", features, evidence, "noise", facts=facts)


@trait(
    asks("room", "reverberant"),
    asks("room", "dry", opposite=True),
    asks("production", only=lambda claim: bool(_ECHO.search(claim.words))),
    curves={"room": ("rt60",)},
)
def reverberation(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Strong reverberation: how slowly sounds die away."""
    found = clip.reverb
    if found is None:
        return NotHeard("Too few sounds die away to hear the room.")
    features = {"rt60": math.log2(found.rt60_s)}
    evidence = f"Sounds take about {found.rt60_s:.1f} s to die away by 60 dB."
    return Reading("room", features, evidence, "room", facts={"rt60_s": round(found.rt60_s, 2)})


@trait(
    *(asks(one, only=lambda claim: bool(_DISTORTED.search(claim.words))) for one in ("recording", "production")),
    curves={"distorted": ("clipped",)},
)
def distorted(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Distortion: flat tops of the waveform. Distortion that was filtered afterwards leaves none."""
    found = clip.measured.artifacts
    if found is None:
        return _SILENT
    features = {"clipped": math.log10(max(1e-5, found.clipped_share))}
    evidence = (
        f"{found.clipped_share:.2%} of the samples are clipped ({found.clip_runs_per_s:.0f} flat tops per second)."
    )
    return Reading("distorted", features, evidence, "artifacts", facts={"clipped_share": round(found.clipped_share, 5)})


@trait(asks("recording", "phone"), curves={"narrow": ("highs_gone", "lows_gone", "narrow")})
def narrow_band(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """Telephone band: how high and how low the spectrum reaches."""
    found = clip.measured.full_spectrum
    if found is None:
        return _SILENT
    levels = dict(found.band_levels_db)
    lows = max(levels.get("bass", -120.0), levels.get("sub_bass", -120.0)) - levels.get("mid", -120.0)
    features = {
        "narrow": -math.log2(max(500.0, found.bandwidth_hz) / 4000.0),
        "highs_gone": -math.log2(max(200.0, found.rolloff_hz) / 2000.0),
        "lows_gone": -max(-40.0, min(20.0, lows)),
    }
    evidence = (
        f"Energy reaches up to {found.bandwidth_hz / 1000:.1f} kHz, 85 % of it under {found.rolloff_hz:.0f} Hz; lows"
        f" are {lows:+.0f} dB against mids."
    )
    return Reading("narrow", features, evidence, "spectrum", facts={"bandwidth_hz": round(found.bandwidth_hz)})


@trait(
    asks("recording", "studio"),
    asks("recording", "degraded", only=_poor, opposite=True),
    asks("production", "lofi", only=_poor, opposite=True),
    asks("overall", only=lambda claim: bool(_FINE.search(claim.words))),
    curves={"quality.speech": ("score",), "quality.sound": ("band", "clean", "unclipped")},
    needs=("silero-vad", "dnsmos"),
)
def quality(clip: ClipFeatures, _claim: Claim) -> Reading | NotHeard:
    """High quality: the speech-quality scale where somebody speaks, else noise, bandwidth and clipping."""
    balance, flaws, floor = clip.measured.full_spectrum, clip.measured.artifacts, clip.noise
    if balance is None or flaws is None or floor is None:
        return _SILENT
    if clip.speech.share >= _SPEECH_SHARE:
        found = clip.speech_quality
        evidence = f"Predicted opinion {found.opinion:.1f} of 5, {found.score:.1f} with band and flaws counted."
        facts = {"quality": round(found.score, 2)}
        return Reading("quality.speech", {"score": found.score}, evidence, "quality", facts=facts)
    features = {
        "band": math.log2(max(500.0, min(16_000.0, balance.bandwidth_hz)) / 8000.0),
        "clean": min(30.0, floor.weighted_snr_db),
        "unclipped": -math.log10(max(1e-5, flaws.clipped_share)),
    }
    evidence = (
        f"Energy up to {balance.bandwidth_hz / 1000:.1f} kHz, {floor.weighted_snr_db:.0f} dB over noise,"
        f" {flaws.clipped_share:.2%} of the samples clipped."
    )
    facts = {"bandwidth_hz": round(balance.bandwidth_hz)}
    return Reading("quality.sound", features, evidence, "spectrum", facts=facts)


for _row in (
    (
        "component",
        "speech, music and singing by voice activity and classes; a man or a woman speaking: times the curve of sex",
        "R music .972 / .985, vocals as above",
        "effects as such",
        "Only speech, music and singing are told; no class stands for sound effects as such.",
    ),
    (
        "production",
        "sides and width of the stereo image, level of the bass, flat tops of the waveform, lo-fi by the quality curve",
        "G left, right 1.00 / 1.00, wide 1.00 / 1.00, bass .771 / .776 (floor .2), distorted 1.00 / 1.00",
        (
            "effects: sidechain, autotune, gated reverb, filters; distortion filtered afterwards; the side of one sound"
            " among several"
        ),
        "No probe hears effects and the craft of a mix; only bass, width, distortion and quality.",
    ),
    (
        "noise",
        "signal-to-noise ratio without a reference",
        "R 1.00 / 1.00",
        "noise from steady sounds that are wanted",
        "Only a noisy and a clean recording can be told apart.",
    ),
    (
        "room",
        "decay rate of sounds; outdoors: the classes of outside places, as a guess",
        "set by hand (R 1.00 / 1.00 of 5 items); outdoors not measured, floor .2",
        "small, large, tiled rooms",
        "Only a reverberant and a dry room, and the open air, can be told apart.",
    ),
    (
        "recording",
        (
            "telephone band: how far the spectrum reaches; distortion; quality: the scale below where somebody speaks,"
            " else band, noise, clipping"
        ),
        "G narrow band .950 / .979, quality of speech .901 / .932, of other sounds .935 / .934",
        "the device (vinyl, cassette, radio) as such",
        "Only telephone band, distortion, stereo and overall quality of a recording can be heard.",
    ),
    (
        "overall",
        "quality as under recording, where the claim is that it sounds natural or of high quality",
        "as under recording",
        "everything else: the other claims judge it",
        "The caption as a whole is judged by its other items.",
    ),
):
    describe(_row[0], "Mixes and recordings", rests_on=_row[1], sure=_row[2], limits=_row[3], refusal=_row[4])
