"""A template filled in as one file: its style, its scripts and a policy that lets a browser load nothing else."""

from __future__ import annotations

import base64
import hashlib
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from types import MappingProxyType
from typing import Any

from audiojudge_cli import __version__
from audiojudge_cli.gates.compare import Change
from audiojudge_cli.reports.diff_lines import P_VALUES, label
from audiojudge_cli.reports.html.heat import SHADES, shade_css
from audiojudge_cli.reports.tables import interval, number, p_value
from audiojudge_cli.text.counted import counted
from audiojudge_cli.text.jsonl import dumps
from audiojudge_cli.text.terminal import safe_line

_FOLDER = Path(__file__).parent
_STYLE = "report.css"
_BESIDE = MappingProxyType({"media-src": "blob: file:"})
# What JSON may hold and HTML, or an older JavaScript, would read something into.
_ESCAPES = {ord(char): f"\\u{ord(char):04x}" for char in "<>&\u2028\u2029"}
# Figures are shown with three decimals: what is less is shown as 0.000.
_SHOWN = 5e-4


def render(template: str, scripts: Sequence[str], data: Any, **values: Any) -> str:  # noqa: ANN401 - any JSON value
    """Return a page.

    Args:
        template: Name of the template, in this folder.
        scripts: Names of its scripts, in the order in which they run.
        data: What the scripts read, as JSON; None for nothing.
        **values: What the template shows.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    style = f"{asset(_STYLE)}\n{shade_css()}\n"
    script = "\n".join(map(asset, scripts))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    environment.filters |= {
        "number": number,
        "signed": partial(number, signed=True),
        "percent": percent,
        "p_value": p_value,
        "safe_line": safe_line,
    }
    environment.globals |= {
        "change_label": label,
        "counted": counted,
        "interval": interval,
        "movers": movers,
        "p_values": P_VALUES,
        "percents": percents,
        "shades": SHADES,
    }
    return environment.get_template(template).render(
        version=__version__,
        policy=policy_of(style, script),
        style=inert(style),
        script=inert(script),
        data=None if data is None else inert(dumps(data).translate(_ESCAPES)),
        **values,
    )


def movers(changes: Sequence[Change]) -> tuple[list[Change], list[Change], list[Change]]:
    """Return the figures to see first, those that moved besides, the surest first, and those that did not move.

    First are those that surely moved, and the figures of the whole run that moved at all.
    """
    ordered = sorted(changes, key=lambda change: change.p_value)
    moved = [change for change in ordered if change.surely or abs(change.change) >= _SHOWN]
    first = [change for change in moved if change.surely or change.kind == "overall"]
    return first, [change for change in moved if change not in first], [one for one in changes if one not in moved]


def percent(value: float | None) -> str:
    """Return a share in percent; a dash for None."""
    return "–" if value is None else f"{100 * value:.1f} %"


def percents(low: float | None, high: float | None) -> str:
    """Return the two ends of an interval of a share; nothing without one."""
    return "" if low is None or high is None else f"{100 * low:.1f} to {100 * high:.1f} %"


def inert(text: str) -> Any:  # noqa: ANN401 - markupsafe comes with jinja2
    """Return text that may stand in a style or script element as it is: it holds no end of one.

    Raises:
        ValueError: If it does.
    """
    from markupsafe import Markup

    if "</" in text or "<!--" in text:
        raise ValueError("text that would end its element")
    return Markup(text)  # noqa: S704 - checked in the line above


def policy_of(style: str, script: str, more: Mapping[str, str] = _BESIDE) -> str:
    """Return a content security policy: this style, this script, data within the page, and what more names.

    Args:
        style: The text of the style element.
        script: The text of the script element.
        more: Further directives; without any, sound within the page and in files beside it. No network either way.
    """
    parts = {
        "default-src": "'none'",
        "style-src": _hash(style),
        "script-src": _hash(script),
        "img-src": "data:",
        **more,
        "base-uri": "'none'",
        "form-action": "'none'",
        "require-trusted-types-for": "'script'",
    }
    return "; ".join(f"{name} {value}" for name, value in parts.items())


def _hash(text: str) -> str:
    return f"'sha256-{base64.b64encode(hashlib.sha256(text.encode()).digest()).decode()}'"


def asset(name: str) -> str:
    """Return the text of a style or script that pages are made of."""
    return (_FOLDER / name).read_text(encoding="utf-8")
