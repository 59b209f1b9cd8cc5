"""What `compare`, `rank` and `select` found, as Markdown for a pull request."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from audiojudge_cli.errors import InputError
from audiojudge_cli.reports.comparison_lines import ending_lines
from audiojudge_cli.reports.kept_contest import KeptPair, doubtful_pairs, kept_contest
from audiojudge_cli.reports.markdown import code, table, text
from audiojudge_cli.reports.tables import interval, number
from audiojudge_cli.results.terminal import Screen

_LISTED = 10
"""Pairs to be heard: more are read in `pairs.csv`, or on the page."""
_WIDE = 200
"""Columns for lines that Markdown breaks by itself."""


def contest_markdown(folder: Path) -> list[str]:
    """Return wins, ranking, agreement with people, and the pairs to be heard first; nothing for any other run."""
    kept = kept_contest(folder)
    if "selection" in kept:
        return [f"{text(line.strip())}  " for line in ending_lines(kept, Screen(_WIDE))]
    if "comparison" not in kept:
        return []
    found = kept["comparison"]
    told = ending_lines({"comparison": found | {"systems": {}, "subsets": {}, "ranking": None}}, Screen(_WIDE))
    facts = [line.strip() for line in told if line.strip() and not line.startswith("system")]
    return [
        *("### Which is better", ""),
        *(f"{text(line)}  " for line in facts),
        "",
        *_systems(found["systems"]),
        *_ranking(found["ranking"]),
        *_pairs(folder),
    ]


def _systems(systems: Mapping[str, Any]) -> list[str]:
    rows = [
        (
            text(name),
            *(str(one[key]) for key in ("wins", "ties", "losses")),
            f"**{number(one['win_rate']['value'])}**",
            interval(one["win_rate"]["low"], one["win_rate"]["high"]),
        )
        for name, one in systems.items()
    ]
    return table(("system", "wins", "ties", "losses", "win rate", "95 % interval"), rows, right=(1, 2, 3, 4))


def _ranking(found: Mapping[str, Any] | None) -> list[str]:
    if found is None:
        return []
    if "apart" in found:
        apart = "; ".join(text(", ".join(group)) for group in found["apart"])
        return ["", f"No ranking: these have not met, directly or through others: {apart}."]
    gaps = [*("sure" if gap["shown"] else "not sure" for gap in found["gaps"]), ""]
    rows = [
        (
            str(place),
            text(one["system"]),
            number(one["strength"], signed=True),
            interval(one["low"], one["high"], signed=True),
            gap,
        )
        for place, (one, gap) in enumerate(zip(found["strengths"], gaps, strict=True), start=1)
    ]
    head = ("", "system", "strength", "95 % interval", "to the next")
    return ["", "### Ranking", "", *table(head, rows, right=(0, 2))]


def _pairs(folder: Path) -> list[str]:
    try:
        pairs, total = doubtful_pairs(folder, _LISTED)
    except InputError:
        # Taken away or cut off: the figures stand without them.
        return []
    if not pairs:
        return []
    head = ("pair", "a", "b", "better", "people", "why")
    title = f"### Pairs to hear first, {len(pairs)} of {total}"
    return ["", title, "", *table(head, [_row(pair) for pair in pairs], right=(1, 2))]


def _row(pair: KeptPair) -> tuple[str, ...]:
    cells = pair.cells
    scores = (number(pair.number(f"score_{side}")) for side in ("a", "b"))
    return code(cells["id"]), *scores, text(cells["preferred"]), text(cells["human"]), text(cells["reason"])
