"""Texts as small integers: one label kept per distinct text, one number per clip."""

from __future__ import annotations

from array import array

import numpy as np
import numpy.typing as npt

Ints = npt.NDArray[np.int64]


class Codes:
    """A column of texts; a clip without a value has the code -1. 4 bytes per clip."""

    def __init__(self) -> None:
        self._code: dict[str, int] = {}
        self._codes = array("i")

    def put(self, clip: int, value: str | None) -> None:
        """Set the value of a clip; clips come in order, those left out have none."""
        if value is None:
            return
        self._codes.extend([-1] * (clip - len(self._codes)))
        self._codes.append(self._code.setdefault(value, len(self._code)))

    @property
    def labels(self) -> list[str]:
        """The distinct values, in order of their first appearance; the code is the place."""
        return list(self._code)

    def codes(self, clips: int) -> Ints:
        """Return the code of each of `clips` clips."""
        found = np.full(clips, -1, dtype=np.int64)
        found[: len(self._codes)] = self._codes
        return found

    def mask(self, value: str, clips: int) -> npt.NDArray[np.bool_]:
        """Return which clips have this value."""
        code = self._code.get(value)
        return np.zeros(clips, dtype=np.bool_) if code is None else self.codes(clips) == code
