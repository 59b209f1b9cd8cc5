"""How much each channel counts in a loudness (ITU-R BS.1770-4, tables 3 and 4)."""

from __future__ import annotations

from collections.abc import Sequence

# Without a layout: by the channel orders of WAV and FLAC.
_BY_COUNT: tuple[tuple[float, ...], ...] = (
    (1,),
    (1, 1),
    (1, 1, 1),
    (1, 1, 1.41, 1.41),
    (1, 1, 1, 1.41, 1.41),
    (1, 1, 1, 0, 1.41, 1.41),
    (1, 1, 1, 0, 1, 1.41, 1.41),
    (1, 1, 1, 0, 1, 1, 1.41, 1.41),
)
_LOW = frozenset({"LFE", "LFE2"})
# Between 60 and 120 degrees at the height of the ears; all others count 1, straight behind (180) as well.
_SIDES = frozenset({"SL", "SR", "WL", "WR"})
_BACK = frozenset({"BL", "BR"})
_SURROUND = 1.41


def channel_weights(count: int, speakers: Sequence[str] = ()) -> tuple[float, ...]:
    """Return the weight of every channel.

    Args:
        count: Number of channels.
        speakers: Their speakers (`clips.speakers`); empty: those usual for the count, above eight all alike.
    """
    if not speakers:
        return _BY_COUNT[count - 1] if count <= len(_BY_COUNT) else (1 / count,) * count
    # WAV calls the surrounds of 5.1, at 110 degrees, back left and right; beside side channels they are at 135.
    surround = _SIDES if _SIDES & set(speakers) else _BACK
    return tuple(0.0 if name in _LOW else _SURROUND if name in surround else 1.0 for name in speakers)
