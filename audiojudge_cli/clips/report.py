"""What pairing found, and what has no partner, on both sides."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass

from audiojudge_cli.clips.row import Problem
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.terminal import shown

MAX_EXAMPLES = 20
_HARMLESS = ("duplicate", "not-found")


@dataclass(frozen=True, slots=True)
class PairingReport:
    """Counts and examples; the full lists are `Pairing.problems` and `Pairing.unused_audio`.

    Attributes:
        rows: Rows and problems read.
        clips: Clips they make.
        paired: Clips whose audio is there.
        problem_kinds: Number of problems by kind.
        audio_files: Audio files in the folder, or None without one.
        unused: Audio files that no row names.
        missing_examples: The first clips whose audio is not there, as problems with line numbers.
        problem_examples: The first problems.
        unused_examples: The first audio files without a caption.
        notes: What else was decided, one sentence each.
        strangers: Rows whose reference clip is not there; they are clips all the same.
        stranger_examples: The first of them, as problems with line numbers.
    """

    rows: int
    clips: int
    paired: int
    problem_kinds: Mapping[str, int]
    audio_files: int | None
    unused: int
    missing_examples: tuple[Problem, ...] = ()
    problem_examples: tuple[Problem, ...] = ()
    unused_examples: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    strangers: int = 0
    stranger_examples: tuple[Problem, ...] = ()

    @property
    def missing(self) -> int:
        """Clips whose audio is not there."""
        return self.clips - self.paired

    @property
    def problems(self) -> int:
        """Rows that could not become clips."""
        return sum(self.problem_kinds.values())

    @property
    def broken(self) -> int:
        """Rows that name a clip which nobody can judge; doubled rows and texts without audio are none."""
        return self.problems - sum(self.problem_kinds.get(kind, 0) for kind in _HARMLESS)

    def lines(self, limit: int = 5) -> list[str]:
        """Return the report as lines for the terminal, at most `limit` examples of each kind; [] when all is well."""
        found: list[str] = []
        if self.problems:
            kinds = ", ".join(f"{count} {kind}" for kind, count in Counter(self.problem_kinds).most_common())
            found.append(f"{self.problems} of {counted(self.rows, 'row')} left out ({kinds}):")
            found += _examples([str(problem) for problem in self.problem_examples], self.problems, limit)
        if self.missing:
            found.append(f"{self.missing} of {counted(self.rows, 'row')} without its audio file:")
            found += _examples([str(problem) for problem in self.missing_examples], self.missing, limit)
        if self.unused:
            found.append(f"{self.unused} of {counted(self.audio_files or 0, 'audio file')} without a caption:")
            found += _examples([shown(name) for name in self.unused_examples], self.unused, limit)
        if self.strangers:
            found.append(
                f"{self.strangers} of {counted(self.rows, 'row')} without its reference clip, with which it is not "
                "compared; correct the path, or leave it empty:"
            )
            found += _examples([str(problem) for problem in self.stranger_examples], self.strangers, limit)
        return [*found, *self.notes]


def _examples(texts: list[str], total: int, limit: int) -> list[str]:
    lines = [f"  {text}" for text in texts[:limit]]
    return [*lines, f"  … and {total - len(lines)} more"] if total > len(lines) else lines
