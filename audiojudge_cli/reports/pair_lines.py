"""Pairs of a comparison as lines for the terminal: a list of those to be doubted first, or one with its reason."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from pathlib import Path

from audiojudge_cli.comparing.couples import read_rationales
from audiojudge_cli.comparing.pairs_file import PAIRS, pair_cells
from audiojudge_cli.reports.kept_contest import KeptPair
from audiojudge_cli.reports.tables import aligned, cell, number, wrapped
from audiojudge_cli.results.terminal import Screen
from audiojudge_cli.text.terminal import safe_line

_WIDEST = 24
_STYLES = {"a": "green", "b": "green", "error": "red", "unverifiable": "yellow"}
_PREFERRED = {"a": "a is better", "b": "b is better"}


def find_pairs(folder: Path, names: Sequence[str]) -> dict[str, KeptPair]:
    """Return the pairs of a run that have one of these ids, by it; none where the run has no pairs.

    Raises:
        InputError: If `pairs.csv` is damaged.
    """
    if not (folder / PAIRS).is_file():
        return {}
    wanted = set(names)
    rows = (KeptPair(place, cells) for place, cells in enumerate(pair_cells(folder)))
    return {row.cells["id"]: row for row in rows if row.cells["id"] in wanted}


def list_lines(pairs: Iterable[KeptPair], screen: Screen) -> list[str]:
    """Return one line for each pair."""
    rows = [("pair", "preferred", "a - b", "reason")]
    for pair in pairs:
        found = pair.cells
        told = (cell(found["id"], _WIDEST, middle=True), found["preferred"], number(pair.number("margin"), signed=True))
        rows.append((*told, safe_line(found["reason"])))
    lines = [cell(line, screen.columns) for line in aligned(rows, right=(2,))]
    return [screen.paint(lines[0], "bold"), *lines[1:]]


def pair_lines(pair: KeptPair, folder: Path, screen: Screen) -> list[str]:
    """Return one pair with all that is known of it.

    Args:
        pair: Of the run.
        folder: The run folder.
        screen: Where the lines go.
    """
    found = pair.cells
    preferred = _PREFERRED.get(found["preferred"], found["preferred"])
    style = _STYLES.get(found["preferred"])
    head = (
        screen.paint(safe_line(found["id"]), "bold") + ": " + (screen.paint(preferred, style) if style else preferred)
    )
    lines = [head]
    rows = [
        (
            side,
            safe_line(found[f"system_{side}"]),
            safe_line(found[f"audio_{side}"]),
            number(pair.number(f"score_{side}")),
        )
        for side in ("a", "b")
    ]
    lines += [f"  {line}" for line in aligned(rows, right=(3,))]
    if found["human"]:
        lines.append(f"  people: {_PREFERRED.get(found['human'], safe_line(found['human']))}")
    if found["prompt"] and found["prompt"] != found["id"]:
        lines += wrapped(found["prompt"].replace("\n", " / "), screen.columns, "  prompt: ")
    lines += wrapped(found["reason"], screen.columns, "  reason: ")
    whole = read_rationales(folder).get((found["audio_a"], found["audio_b"]), "")
    if whole:
        lines += ["", "  What the judge wrote (output A is the first, output B the second):", ""]
        for paragraph in whole.splitlines():
            lines += wrapped(paragraph, screen.columns, "  ") if paragraph.strip() else [""]
    return lines
