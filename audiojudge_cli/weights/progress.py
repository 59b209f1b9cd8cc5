"""Progress of a first fetch on stderr: a bar on a terminal, plain lines elsewhere."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self

LINE_EVERY_S = 30.0
"""Seconds between two lines about a long download: seen soon enough, and 120 of them an hour at most."""


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


class HubProgress:
    """Says how large a download from the hub is and how far it is, whatever the hub's client is set to show.

    Args:
        name: What is fetched.
        files: How many files are missing.
        total: Their bytes.
    """

    def __init__(self, name: str, files: int, total: int) -> None:
        from tqdm import tqdm

        self._name, self._total = name, total
        self._seen = 0
        self._lock = threading.Lock()
        self._began = self._told = time.monotonic()
        _line(f"fetching {name}: {files} {'file' if files == 1 else 'files'}, {_size(total)}")
        self._bar = tqdm(
            total=total, desc=name, unit="B", unit_scale=True, disable=not sys.stderr.isatty(), file=sys.stderr
        )

    def advance(self, count: float) -> None:
        """Add bytes, and tell how far it is: on the bar, or in a line when the last one is old enough."""
        with self._lock:
            step = min(self._total - self._seen, int(count))
            self._seen += step
            if not self._bar.disable:
                self._bar.update(step)
                return
            now = time.monotonic()
            if now - self._told < LINE_EVERY_S or not self._total:
                return
            self._told = now
            share, speed = self._seen / self._total, self._seen / max(now - self._began, 1e-3)
        _line(f"fetching {self._name}: {_size(self._seen)} of {_size(self._total)} ({share:.0%}), {_size(speed)}/s")

    @property
    def bars(self) -> type[Any]:
        """What the hub's client makes its bars of: ones that only count."""
        return unseen_bars(self.advance)

    def close(self) -> None:
        """Leave the bar as it stands."""
        self._bar.close()


def unseen_bars(count: Callable[[float], None]) -> type[Any]:
    """Return a class of bars that draw nothing and report to `count` how many bytes came in."""
    from tqdm import tqdm

    class Counting(tqdm):  # type: ignore[type-arg]
        def __init__(self, *args: Any, initial: float = 0, **keywords: Any) -> None:  # noqa: ANN401 - as tqdm
            keywords.pop("name", None)
            super().__init__(*args, **{**keywords, "initial": initial, "disable": True})
            count(initial)

        def update(self, n: float | None = 1) -> bool | None:
            count(n or 0)
            return None

    return Counting


def _line(text: str) -> None:
    sys.stderr.write(f"{text}\n")
    sys.stderr.flush()


def _size(count: float) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.1f} MB"
