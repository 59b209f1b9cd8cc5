"""A run whose clips are compared once all of them have their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.comparing.couples import HeardBy
from audiojudge_cli.comparing.deciding import Decisions
from audiojudge_cli.comparing.pair import Key, Pair
from audiojudge_cli.comparing.pairs_file import COLUMNS, PAIRS, Bout, row_of
from audiojudge_cli.comparing.prefer import ALIGNMENT_MARGIN, QUALITY_MARGIN, By
from audiojudge_cli.comparing.sources import Source
from audiojudge_cli.comparing.standing import Standing
from audiojudge_cli.results.csv_cells import csv_writer
from audiojudge_cli.text.atomic import writing
from audiojudge_cli.text.counted import counted


class Contest(Protocol):
    """What a run is for besides its records."""

    @property
    def systems(self) -> tuple[str, ...]:
        """Names that win rates can be asked of."""
        ...

    @property
    def keys(self) -> frozenset[Key] | None:
        """Those of the clips that take part; None: all."""
        ...

    def pair(self) -> Pairing:
        """Return the clips that occur, each once."""
        ...

    @property
    def by(self) -> By:
        """What is asked."""
        ...

    def meetings(self) -> Iterator[tuple[Key, Key]]:
        """Yield the clips that meet, two and two, in a fixed order."""
        ...

    def conclude(self, folder: Path, heard_by: HeardBy | None = None) -> dict[str, Any]:
        """Write its files into a finished run folder, and return what `summary.json` holds besides.

        Args:
            folder: The run folder.
            heard_by: Who heard all couples of it; None: records alone decide.

        Raises:
            OSError: If a file cannot be written.
        """
        ...


@dataclass(frozen=True, slots=True)
class Comparison:
    """Pairs of clips, and what is asked about them.

    Attributes:
        source: The pairs.
        by: What is asked.
        ranked: Whether the systems are ranked.
    """

    source: Source
    by: By
    ranked: bool = False

    @property
    def systems(self) -> tuple[str, ...]:
        """Names that win rates can be asked of."""
        return self.source.systems

    @property
    def keys(self) -> frozenset[Key] | None:
        """Those of the clips that take part; None: all."""
        return self.source.keys

    def pair(self) -> Pairing:
        """Return the clips that occur, each once."""
        return self.source.pairing()

    def meetings(self) -> Iterator[tuple[Key, Key]]:
        """Yield the clips of all pairs, in order."""
        for pair in self.source.pairs():
            if isinstance(pair, Pair):
                yield pair.a.key, pair.b.key

    def conclude(self, folder: Path, heard_by: HeardBy | None = None) -> dict[str, Any]:
        """Write `pairs.csv` into a finished run folder, and return what `summary.json` holds besides.

        Args:
            folder: The run folder.
            heard_by: Who heard all couples of it; None: records alone decide.

        Raises:
            OSError: If it cannot be written.
        """
        standing, reasons = Standing(self.systems), Counter[str]()
        decisions = Decisions.of(folder, self.by, heard_by)
        with writing(folder / PAIRS) as file:
            table = csv_writer(file)
            table.writerow(COLUMNS)
            for pair in self.source.pairs():
                if not isinstance(pair, Pair):
                    continue
                found = decisions.prefer(pair.a.key, pair.b.key, pair.prompt)
                table.writerow(row_of(pair, found))
                subset = pair.subset or "unknown"
                human = pair.preferred or ""
                standing.add(Bout(pair.a.system, pair.b.system, found.preferred, pair.prompt, subset, human))
                if found.preferred in {"unverifiable", "error"}:
                    reasons[found.reason] += 1
        told: dict[str, Any] = {"by": self.by, "margins": {"quality": QUALITY_MARGIN, "alignment": ALIGNMENT_MARGIN}}
        told["heard"] = decisions.told(self.meetings())
        # The commonest first, and of equals the first by name: what a person can mend.
        first = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:3]
        return {"comparison": {**told, **standing.to_dict(ranked=self.ranked), "undecided": dict(first)}}


def undecided(summary: Mapping[str, Any]) -> str | None:
    """Return why not one pair was decided, not even as a tie, or no clip selected; None where one was.

    Args:
        summary: Content of `summary.json`, of any run.
    """
    if "selection" in summary and not summary["selection"]["selected"]:
        return f"nothing could be selected for {counted(summary['selection']['prompts'], 'prompt')}"
    if "comparison" not in summary:
        return None
    pairs, reasons = summary["comparison"]["pairs"], summary["comparison"]["undecided"]
    if pairs["decided"] or pairs["tie"]:
        return None
    told = "; ".join(f"{reason} ({count})" for reason, count in reasons.items())
    measured = summary["comparison"]["by"] == "quality" and not summary["comparison"].get("heard")
    hint = "; --by alignment asks about any sound" if measured else ""
    return f"none of the {counted(pairs['total'], 'pair')} could be compared: {told or 'there are none'}{hint}"
