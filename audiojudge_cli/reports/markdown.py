"""Markdown that no caption, file name or evidence can break out of."""

from __future__ import annotations

from collections.abc import Sequence

from audiojudge_cli.text.terminal import safe_line, shorten

# A GitHub step summary holds 1 MiB; a comment 65,536 characters.
MAX_CHARS = 60_000
_SPECIAL = frozenset("\\`*_{}[]()<>#+-!|~&:@.=$^")


def text(value: str, *, columns: int = 200) -> str:
    """Return any text as one inert run of Markdown: no markup, link, mention, image or HTML comes of it.

    Every ASCII sign that Markdown or GitHub gives a meaning becomes a character reference.

    >>> text("a|b <i>")
    'a&#124;b &#60;i&#62;'
    """
    line = shorten(safe_line(value), columns)
    return "".join(
        f"&#{ord(char)};" if char in _SPECIAL and not _plain(line, at) else char for at, char in enumerate(line)
    )


def _plain(line: str, at: int) -> bool:
    """Return whether a sign stands where Markdown reads nothing into it: `3.5 s.`, `well-known`."""
    before = line[:at]
    if line[at] == ".":
        return not before.lower().endswith("www") and not (before.isdigit() and line[at + 1 : at + 2] in {"", " "})
    return line[at] == "-" and before[-1:].isalnum()


def code(value: str, *, columns: int = 400) -> str:
    """Return any text as inline code, safe in a table too."""
    line = shorten(safe_line(value), columns)
    # A backtick would end the code, and no escape is safe from the one before it; HTML with references always is.
    return f"<code>{text(line, columns=columns)}</code>" if set(line) & set("`|\\") or not line.strip() else f"`{line}`"


def table(head: Sequence[str], rows: Sequence[Sequence[str]], *, right: Sequence[int] = ()) -> list[str]:
    """Return a table; cells are Markdown already."""
    rule = ["---:" if at in right else "---" for at in range(len(head))]
    return [_line(head), _line(rule), *(_line(row) for row in rows)]


def page(lines: Sequence[str]) -> str:
    """Return lines as a page that fits: at most `MAX_CHARS` characters, cut at a line end and saying so."""
    kept: list[str] = []
    used = 0
    for line in lines:
        used += len(line) + 1
        if used > MAX_CHARS:
            kept += ["", f"… {len(lines) - len(kept)} more lines left out"]
            break
        kept.append(line)
    return "\n".join(kept) + "\n"


def _line(cells: Sequence[str]) -> str:
    return f"| {' | '.join(cells)} |"
