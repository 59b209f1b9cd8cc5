"""The page on which clips are labelled: one text, in the colours of the report, that asks the server for the rest."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from audiojudge_cli import __version__
from audiojudge_cli.reports.html.render import asset, inert, policy_of

_FOLDER = Path(__file__).parent


@dataclass(frozen=True, slots=True)
class Page:
    """The page.

    Attributes:
        html: Its text.
        policy: Its content security policy: nothing but its own style and script, and what its own server gives.
    """

    html: str
    policy: str


def label_page(run: str, by: str, labels: str) -> Page:
    """Return the page.

    Args:
        run: Name of the run, as it is to be shown.
        by: Who labels.
        labels: The file of labels, as it is to be shown.
    """
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    style = f"{asset('report.css')}\n{_read('label.css')}"
    script = "\n".join((asset("theme.js"), asset("clip.js"), _read("label.js")))
    environment = Environment(
        loader=FileSystemLoader(_FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True
    )
    html = environment.get_template("label.html.j2").render(
        run=run, by=by, labels=labels, version=__version__, style=inert(style), script=inert(script)
    )
    more = {"media-src": "'self'", "connect-src": "'self'", "frame-ancestors": "'none'"}
    return Page(html, policy_of(style, script, more))


def _read(name: str) -> str:
    return (_FOLDER / name).read_text(encoding="utf-8")
