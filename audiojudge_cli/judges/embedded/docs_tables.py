"""The tables of docs/embedded.md, made from what the traits say of themselves.

`python -m audiojudge_cli.judges.embedded.docs_tables docs/embedded.md` writes them anew.
"""

from __future__ import annotations

import re
import sys
from pathlib import Path

from audiojudge_cli.judges.embedded.traits import ROWS
from audiojudge_cli.rubrics.dimensions import NAMES

_HEADER = (
    "| dimension | rests on | how sure | what it can't hear |",
    "|---|---|---|---|",
)
# A chapter's table stands between these two comments.
_TABLE = re.compile(r"(<!-- traits: (?P<chapter>[^>]+?) -->\n).*?(<!-- end -->)", re.DOTALL)


def table(chapter: str) -> str:
    """Return the table of a chapter, in the order of the dimensions."""
    rows = [ROWS[name] for name in NAMES if name in ROWS and ROWS[name].chapter == chapter]
    lines = [f"| {row.dimension} | {row.rests_on} | {row.sure} | {row.limits} |" for row in rows]
    return "\n".join((*_HEADER, *lines)) + "\n"


def filled(page: str) -> str:
    """Return the page with its tables made anew."""
    return _TABLE.sub(lambda match: match[1] + table(match["chapter"]) + match[3], page)


if __name__ == "__main__":
    path = Path(sys.argv[1])
    path.write_text(filled(path.read_text(encoding="utf-8")), encoding="utf-8")
