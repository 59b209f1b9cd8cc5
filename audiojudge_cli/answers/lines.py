"""The figures as a table of 80 columns."""

from __future__ import annotations

from collections.abc import Sequence

from audiojudge_cli.answers.figures import Figure, Group
from audiojudge_cli.answers.metrics import MARKED
from audiojudge_cli.reports.tables import aligned, cell
from audiojudge_cli.text.terminal import width

_ROOM = 80
# The least that a name is cut to: enough to tell one from another.
_LEAST = 6


def table_lines(groups: Sequence[Group]) -> list[str]:
    """Return the figures as lines, one row for each model, set and metric."""
    models = any(one.model for one in groups)
    rows = [["set", "model", "metric", "figure", "95 % interval", "rows", "failed"]]
    rows += [[one.dataset or one.task or "-", one.model or "-", one.metric, *_told(one.figure, one)] for one in groups]
    return _fitted(rows if models else [[one[0], *one[2:]] for one in rows], names=2 if models else 1)


def template_lines(groups: Sequence[Group]) -> list[str]:
    """Return the figures by template with their spread; nothing where rows name no template."""
    rows = [["set", "model", "metric", "template", "figure", "95 % interval", "rows"]]
    for one in groups:
        head = [one.dataset or one.task or "-", one.model or "-", one.metric]
        rows += [[*head, each.name or "(none)", *_told(each.figure, one)[:3]] for each in one.templates]
        if one.spread:
            spread = one.spread
            apart = f"{_number(spread.low, one)} to {_number(spread.high, one)}"
            rows.append([*head, "spread", f"±{_number(spread.sd, one)}", apart, ""])
    if len(rows) == 1:
        return []
    models = any(one.model for one in groups)
    return _fitted(rows if models else [[one[0], *one[2:]] for one in rows], names=2 if models else 1, also=(-4,))


def _told(figure: Figure, group: Group) -> list[str]:
    ends = (
        "-"
        if figure.low is None or figure.high is None
        else f"{_number(figure.low, group)} to {_number(figure.high, group)}"
    )
    value = "-" if figure.value is None else _number(figure.value, group)
    return [value, ends, str(figure.rows), str(figure.failed)]


def _number(value: float, group: Group) -> str:
    """Return a figure: of 100 with one decimal, of 1 with four, as tables of papers have them."""
    return f"{value:.1f}" if group.metric in MARKED else f"{value:.4f}"


def _fitted(rows: list[list[str]], *, names: int, also: tuple[int, ...] = ()) -> list[str]:
    """Return rows of at most 80 columns: what others wrote is cut, the longest first, never a figure."""
    columns = len(rows[0])
    free = [*range(names), *(columns + at for at in also)]
    widths = [max(width(cell(row[at], 1000)) for row in rows) for at in range(columns)]
    while sum(widths) + 2 * (columns - 1) > _ROOM and max(widths[at] for at in free) > _LEAST:
        longest = max(free, key=lambda at: widths[at])
        widths[longest] -= 1
    cut = [[cell(text, widths[at], middle=at in free) for at, text in enumerate(row)] for row in rows]
    right = [at for at in range(columns) if at not in free and rows[0][at] not in {"metric", "95 % interval"}]
    return aligned(cut, right=right)
