"""What a Chinese clause says of the things it names."""

from __future__ import annotations

_STRONG = frozenset(["rate", "volume", "pitch", "clarity", "fluency", "intonation", "tempo", "timbre"])
"""Nouns that say what is meant even where the word behind them knows no such sense (语速舒缓)."""


_ALIKE = {
    "low": "quiet",
    "high": "loud",
    "calm": "slow",
    "soft": "quiet",
    "slow": "slow",
    "fast": "fast",
    "clear": "clear",
}


_ALWAYS = frozenset(["order", "event", "instrument", "genre", "vocals", "component", "speaker_sex", "scene"])
