"""What an expander is: caption in, rubric out."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol, runtime_checkable

from audiojudge_cli.rubrics.item import Rubric

TOGETHER = 64
"""Captions that are expanded together: what the English parser takes at once."""


class Expander(Protocol):
    """Turns a caption into a rubric. The same caption always gives the same rubric."""

    @property
    def name(self) -> str:
        """Short name, as in `--expander`."""
        ...

    @property
    def fingerprint(self) -> str:
        """Changes whenever the rubrics could (code, vocabulary, model, prompt)."""
        ...

    def expand(self, caption: str, *, subset: str | None = None, language: str | None = None) -> Rubric:
        """Return the rubric of `caption`.

        Args:
            caption: Any text; an empty one gives a rubric without items.
            subset: `speech`, `sound`, `music` or `mix` when known, else detected.
            language: Language the questions are asked in (`en`, `zh`), else the caption's own.
        """
        ...


@runtime_checkable
class ManyExpander(Expander, Protocol):
    """An expander for which many captions at once cost less than one after the other."""

    def expand_many(self, captions: Sequence[tuple[str, str | None]], *, language: str | None = None) -> list[Rubric]:
        """Return the rubric of each caption with its subset, as `expand` gives it, in order."""
        ...
