"""Key and mode: which of the 24 major and minor keys a clip is in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from audiojudge_cli.signals.chroma import Chroma
from audiojudge_cli.signals.parameters import parameters

Numbers = npt.NDArray[np.float64]

NAMES = ("C", "C#", "D", "Eb", "E", "F", "F#", "G", "Ab", "A", "Bb", "B")

# Weight of each pitch class over a tonic, major then minor: Temperley, "The Cognition of Basic Musical
# Structures" (2001), from the Kostka-Payne corpus, and Albrecht and Shanahan, Music Perception 31 (2013).
_TEMPERLEY = (
    (0.748, 0.060, 0.488, 0.082, 0.670, 0.460, 0.096, 0.715, 0.104, 0.366, 0.057, 0.400),
    (0.712, 0.084, 0.474, 0.618, 0.049, 0.460, 0.105, 0.747, 0.404, 0.067, 0.133, 0.330),
)
_ALBRECHT = (
    (0.238, 0.006, 0.111, 0.006, 0.137, 0.094, 0.016, 0.214, 0.009, 0.080, 0.008, 0.081),
    (0.220, 0.006, 0.104, 0.123, 0.019, 0.103, 0.012, 0.214, 0.062, 0.022, 0.061, 0.052),
)

KEY_FACTS = (
    "temperley",
    "albrecht",
    "tonic_chord",
    "minor_dominant_chord",
    "subdominant_chord",
    "cadence",
    "minor",
)
"""What speaks for a key; weighed by the model `key` (docs/signals.md)."""


@dataclass(frozen=True)
class Key:
    """Key of a clip.

    Attributes:
        tonic: Pitch class of the tonic, 0 = C to 11 = B.
        mode: `major` or `minor`.
        posterior: Probability of each key, 24 values: 12 major keys from C, then 12 minor.
        confidence: Probability of the best key.
        p_minor: Summed probability of the minor keys.
        tuning_cents: Offset of the tuning from A = 440 Hz.
    """

    tonic: int
    mode: str
    posterior: tuple[float, ...]
    confidence: float
    p_minor: float
    tuning_cents: float

    @property
    def name(self) -> str:
        """Name such as `Eb minor`."""
        return f"{NAMES[self.tonic]} {self.mode}"

    def p(self, tonic: int, mode: str) -> float:
        """Return the probability of one key."""
        return self.posterior[tonic + (12 if mode == "minor" else 0)]

    def p_minor_on(self, tonic: int) -> float:
        """Return the probability that a piece on this tonic is minor: parallel keys against each other."""
        minor, major = self.p(tonic, "minor"), self.p(tonic, "major")
        return minor / max(minor + major, 1e-12)


def key(found: Chroma) -> Key | None:
    """Estimate the key.

    Key profiles (see the source for theirs) compare the pitch classes of the whole clip; what sets relative keys
    apart is read from triads: how often the tonic and subdominant chords sound, whether the dominant is major,
    and how often it resolves to the tonic. A single key throughout is assumed.

    Returns:
        The key, or None where nothing tonal lasts (fewer than four frames, about 0.5 s, with pitch).

    Raises:
        WeightsError: If the fitted model is missing.
    """
    facts = key_facts(found)
    if facts is None:
        return None
    weights = parameters().weights("key", KEY_FACTS)
    logits = sum((weights[name] * facts[name] for name in KEY_FACTS), np.zeros(24))
    posterior = np.exp(logits - logits.max())
    posterior /= posterior.sum()
    best = int(posterior.argmax())
    return Key(
        tonic=best % 12,
        mode="minor" if best >= 12 else "major",
        posterior=tuple(float(p) for p in posterior),
        confidence=float(posterior[best]),
        p_minor=float(posterior[12:].sum()),
        tuning_cents=found.tuning_cents,
    )


def key_facts(found: Chroma) -> Mapping[str, Numbers] | None:
    """Return each of `KEY_FACTS` for the 12 major keys from C, then the 12 minor; None where nothing tonal lasts."""
    sounding = found.energies.sum(axis=1)
    frames = found.energies[sounding > 1e-3 * max(float(sounding.max(initial=0.0)), 1e-9)]
    if len(frames) < 4:
        return None
    frames = frames / frames.max(axis=1, keepdims=True)
    chords = _chords(frames, found.hop_s)
    follows = _resolutions(chords, found.hop_s)
    return _facts(frames.mean(axis=0), chords.mean(axis=0), follows)


def _facts(mean: Numbers, chords: Numbers, follows: Numbers) -> dict[str, Numbers]:
    """Return, by name, one value for each of the 24 keys."""
    tonic = np.arange(24) % 12
    minor = np.arange(24) >= 12
    dominant = (tonic + 7) % 12
    subdominant = (tonic + 5) % 12 + 12 * minor
    own = np.arange(24)
    return {
        "temperley": _correlations(mean, _TEMPERLEY),
        "albrecht": _correlations(mean, _ALBRECHT),
        "tonic_chord": chords,
        "minor_dominant_chord": chords[dominant + 12],
        "subdominant_chord": chords[subdominant],
        "cadence": follows[dominant, own] + np.where(minor, follows[dominant + 12, own], 0.0),
        "minor": minor.astype(np.float64),
    }


def _correlations(mean: Numbers, profiles: tuple[tuple[float, ...], ...]) -> Numbers:
    """Return the correlation of the mean chroma with each key's profile, 24 values."""
    rotated = np.array([np.roll(profile, shift) for profile in profiles for shift in range(12)])
    rotated = rotated - rotated.mean(axis=1, keepdims=True)
    centred = mean - mean.mean()
    norm = np.linalg.norm(rotated, axis=1) * np.linalg.norm(centred)
    return np.asarray(rotated @ centred / np.maximum(norm, 1e-12))


def _chords(frames: Numbers, hop_s: float) -> Numbers:
    """Return the probability of each of the 24 triads per frame, over half a second."""
    from scipy.ndimage import uniform_filter1d

    triads = np.zeros((24, 12))
    for index in range(24):
        root, third = index % 12, 3 if index >= 12 else 4
        triads[index, [root, (root + third) % 12, (root + 7) % 12]] = 1.0
    triads = (triads - 0.25) / np.linalg.norm(triads - 0.25, axis=1, keepdims=True)
    smooth = uniform_filter1d(frames, max(1, round(0.5 / hop_s)), axis=0)
    smooth = smooth - smooth.mean(axis=1, keepdims=True)
    smooth /= np.maximum(np.linalg.norm(smooth, axis=1, keepdims=True), 1e-9)
    likely = np.exp(12.0 * (smooth @ triads.T))
    return np.asarray(likely / likely.sum(axis=1, keepdims=True))


def _resolutions(chords: Numbers, hop_s: float) -> Numbers:
    """Return how often chord i is followed by chord j 0.8 s later, shape (24, 24)."""
    lag = max(1, round(0.8 / hop_s))
    if len(chords) <= lag:
        return np.zeros((24, 24))
    return np.asarray(chords[:-lag].T @ chords[lag:] / (len(chords) - lag))
