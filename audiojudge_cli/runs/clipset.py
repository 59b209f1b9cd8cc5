"""The clips of a run: those of the pairing, chosen, with the preset's subset where the manifest names none."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import compress, islice
from typing import Protocol

import numpy as np
import numpy.typing as npt

from audiojudge_cli.clips.clip import Clip

Mask = npt.NDArray[np.bool_]


class Listed(Protocol):
    """Clips as a pairing gives them: as often as wanted, in order, with a length."""

    def __len__(self) -> int:
        """Return the number of clips."""
        ...

    def __iter__(self) -> Iterator[Clip]:
        """Yield every clip."""
        ...


@dataclass(frozen=True, slots=True, eq=False)
class ClipSet(Collection[Clip]):
    """Clips that can be iterated again and again, in the order of the manifest.

    Attributes:
        clips: Of the pairing.
        limit: Take only the first so many; None takes all.
        subset: Given to clips whose row names none; None leaves them.
        chosen: One value per clip of the pairing: whether it is taken; None takes those within the limit.
    """

    clips: Listed
    limit: int | None = None
    subset: str | None = None
    chosen: Mask | None = None

    def __len__(self) -> int:
        """Return the number of clips."""
        if self.chosen is not None:
            return int(np.count_nonzero(self.chosen))
        return len(self.clips) if self.limit is None else min(self.limit, len(self.clips))

    def __iter__(self) -> Iterator[Clip]:
        """Yield every clip."""
        taken = islice(self.clips, self.limit) if self.chosen is None else compress(self.clips, self.chosen)
        for clip in taken:
            yield replace(clip, subset=self.subset) if self.subset and clip.subset is None else clip

    def __contains__(self, clip: object) -> bool:
        """Return whether a clip is among them, by looking at each."""
        return any(clip == mine for mine in self)
