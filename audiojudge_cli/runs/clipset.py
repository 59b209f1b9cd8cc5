"""The clips of a run: those of the pairing, limited, with the preset's subset where the manifest names none."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass, replace
from itertools import islice

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.paired import Clips


@dataclass(frozen=True, slots=True)
class ClipSet(Collection[Clip]):
    """Clips that can be iterated again and again, in the order of the manifest.

    Attributes:
        clips: Of the pairing.
        limit: Take only the first so many; None takes all.
        subset: Given to clips whose row names none; None leaves them.
    """

    clips: Clips
    limit: int | None = None
    subset: str | None = None

    def __len__(self) -> int:
        """Return the number of clips."""
        return len(self.clips) if self.limit is None else min(self.limit, len(self.clips))

    def __iter__(self) -> Iterator[Clip]:
        """Yield every clip."""
        for clip in islice(self.clips, self.limit):
            yield replace(clip, subset=self.subset) if self.subset and clip.subset is None else clip

    def __contains__(self, clip: object) -> bool:
        """Return whether a clip is among them, by looking at each."""
        return any(clip == mine for mine in self)
