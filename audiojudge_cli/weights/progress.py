"""Progress of a first fetch on stderr: a bar on a terminal, one plain line elsewhere."""

from __future__ import annotations

import sys
import threading
from types import TracebackType
from typing import Self


class Progress:
    """Shows that weights are being fetched.

    Args:
        name: What is fetched.
        total: Bytes that will come in.
        silent: Whether nothing is shown, because nothing comes over a network.
    """

    def __init__(self, name: str, total: int, *, silent: bool = False) -> None:
        from tqdm import tqdm

        terminal = sys.stderr.isatty()
        if not terminal and not silent:
            sys.stderr.write(f"fetching weights: {name} ({total / 1e6:.1f} MB)\n")
        self._bar = tqdm(
            total=total,
            desc=f"weights {name}",
            unit="B",
            unit_scale=True,
            disable=silent or not terminal,
            file=sys.stderr,
        )
        self._seen = 0
        self._total = total
        self._done = threading.Event()

    def advance(self, count: int) -> None:
        """Add bytes; a source that fails half-way and is followed by another never overshoots the total."""
        step = min(count, self._total - self._seen)
        self._seen += step
        self._bar.update(step)

    def __enter__(self) -> Self:
        """Start keeping the bar alive while pip works silently."""
        if not self._bar.disable:
            threading.Thread(target=self._tick, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """Stop."""
        self._done.set()
        self._bar.close()

    def _tick(self) -> None:
        while not self._done.wait(0.5):
            self._bar.refresh()
