"""A run whose clips are compared once all of them have their records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from audiojudge_cli.clips.paired import Pairing
from audiojudge_cli.comparing.pair import Key, Pair, key_of
from audiojudge_cli.comparing.pairs_file import COLUMNS, PAIRS, Bout, row_of
from audiojudge_cli.comparing.prefer import ALIGNMENT_MARGIN, QUALITY_MARGIN, By, Heard, Preference, heard, prefer
from audiojudge_cli.comparing.sources import Source
from audiojudge_cli.comparing.standing import Standing
from audiojudge_cli.results.csv_cells import csv_writer
from audiojudge_cli.results.index import read_records
from audiojudge_cli.text.atomic import writing
from audiojudge_cli.text.counted import counted

_UNKNOWN = Heard(None, "the clip has no record", None, (), 0, ("", 0.0))


class Contest(Protocol):
    """What a run is for besides its records."""

    @property
    def systems(self) -> tuple[str, ...]:
        """Names that win rates can be asked of."""
        ...

    def pair(self) -> Pairing:
        """Return the clips that occur, each once."""
        ...

    def conclude(self, folder: Path) -> dict[str, Any]:
        """Write its files into a finished run folder, and return what `summary.json` holds besides.

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

    def pair(self) -> Pairing:
        """Return the clips that occur, each once."""
        return self.source.pairing()

    def conclude(self, folder: Path) -> dict[str, Any]:
        """Write `pairs.csv` into a finished run folder, and return what `summary.json` holds besides.

        Raises:
            OSError: If it cannot be written.
        """
        standing, reasons = Standing(self.systems), Counter[str]()
        with writing(folder / PAIRS) as file:
            table = csv_writer(file)
            table.writerow(COLUMNS)
            for pair, found in self._decided(folder):
                table.writerow(row_of(pair, found))
                subset = pair.subset or "unknown"
                human = pair.preferred or ""
                standing.add(Bout(pair.a.system, pair.b.system, found.preferred, pair.prompt, subset, human))
                if found.preferred in {"unverifiable", "error"}:
                    reasons[found.reason] += 1
        told = {"by": self.by, "margins": {"quality": QUALITY_MARGIN, "alignment": ALIGNMENT_MARGIN}}
        # The commonest first, and of equals the first by name: what a person can mend.
        first = sorted(reasons.items(), key=lambda one: (-one[1], one[0]))[:3]
        return {"comparison": {**told, **standing.to_dict(ranked=self.ranked), "undecided": dict(first)}}

    def _decided(self, folder: Path) -> Iterator[tuple[Pair, Preference]]:
        known = everything_heard(folder)
        for pair in self.source.pairs():
            if isinstance(pair, Pair):
                yield pair, prefer(known.get(pair.a.key, _UNKNOWN), known.get(pair.b.key, _UNKNOWN), self.by)


def everything_heard(folder: Path) -> dict[Key, Heard]:
    """Return what comparing needs of every record of a run folder."""
    return {key_of(record): heard(record) for record in read_records(folder)}


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
    hint = "" if summary["comparison"]["by"] != "quality" else "; --by alignment asks about any sound"
    return f"none of the {counted(pairs['total'], 'pair')} could be compared: {told or 'there are none'}{hint}"
