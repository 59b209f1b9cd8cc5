"""The ratings of a run as Markdown, for a pull request."""

from __future__ import annotations

from audiojudge_cli.reports.gather import Gathered
from audiojudge_cli.reports.markdown import code, table, text
from audiojudge_cli.results.rating_lines import agreement_rows, rating_rows, unrated_lines
from audiojudge_cli.results.ratings import clip_ratings
from audiojudge_cli.results.record import Record


def ratings_markdown(run: Gathered, clips: list[Record]) -> list[str]:
    """Return the dimensions, the agreement with people, and clips with their ratings.

    Args:
        run: A run that rates.
        clips: Those that are listed, the lowest first.
    """
    head, *rows = rating_rows(run.summary["ratings"])
    named = [(text(row[0]), *row[1:-1], code(row[-1]) if row[-1] else "") for row in rows]
    lines = ["", "### Ratings", "", *table(head, named, right=(1, 2, 3, 5, 6, 7))]
    if people := agreement_rows(run.summary["ratings"]):
        head, *rows = people
        lines += ["", *table(head, [(text(name), *row) for name, *row in rows])]
    if unrated := unrated_lines(run.summary["ratings"]):
        lines += ["", "### Not rated", "", *(f"- {text(line)}" for line in unrated)]
    listed = [(code(record.id), told) for record in clips if (told := _told(record, run))]
    return [*lines, "", "### Rated lowest", "", *table(("clip", "ratings"), listed)] if listed else lines


def _told(record: Record, run: Gathered) -> str:
    was = run.ratings_before(record.id)
    parts = []
    for one in clip_ratings(record):
        if one.rating is None:
            continue
        before = was.get(one.dimension)
        moved = "" if before is None or before == one.rating else f" (was {before:.2f})"
        parts.append(f"{text(one.dimension)} **{one.rating:.2f}**{moved}")
    return ", ".join(parts)
