"""What a clip sounds like as one vector, by which sets of clips are compared."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.probes.events import hear
from audiojudge_cli.probes.mel import RATE, Array
from audiojudge_cli.probes.music_tags import tag_music

if TYPE_CHECKING:
    from audiojudge_cli.probes.sessions import Models

Vector = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Embedding:
    """A network whose numbers beneath its answers place a clip among others.

    Attributes:
        name: As on the command line, and of its weights on the card.
        title: For people.
        dimensions: Numbers per clip: the mean over its patches.
        hear: Gives the patches, shape (patches, dimensions), of mono samples at 16 kHz.
    """

    name: str
    title: str
    dimensions: int
    hear: Callable[[Array, Models], Array]

    def of(self, waveform: Waveform, models: Models) -> Vector:
        """Return the embedding of a clip, shape (dimensions,).

        Patches of a clip are not independent of each other; their mean is one observation, whatever the length.

        Raises:
            ClipError: If the clip has no samples.
            WeightsError: If weights are missing.
        """
        samples = waveform.at(RATE)
        if not len(samples):
            raise ClipError("no-samples", "there is nothing to hear")
        return np.asarray(self.hear(samples, models).mean(axis=0, dtype=np.float64), dtype=np.float64)


def _yamnet(samples: Array, models: Models) -> Array:
    return hear(samples, models.yamnet, models.event_names).embedding


def _musicnn(samples: Array, models: Models) -> Array:
    return tag_music(samples, models.musicnn).embedding


EMBEDDINGS: Mapping[str, Embedding] = MappingProxyType(
    {
        one.name: one
        for one in (
            Embedding("yamnet", "YAMNet (AudioSet sound events)", 1024, _yamnet),
            Embedding("musicnn", "musicnn (music tags)", 200, _musicnn),
        )
    }
)
