"""The distribution of scores as SVG, drawn once for a light and once for a dark page."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

BINS = 20


@dataclass(frozen=True, slots=True)
class Shades:
    """Colours of a chart on one kind of page."""

    text: str
    match: str
    miss: str
    line: str


LIGHT = Shades(text="#3d4653", match="#2f8f5b", miss="#c8453b", line="#1d2430")
DARK = Shades(text="#b6c0cd", match="#4fb97f", miss="#e5726a", line="#f0f3f7")


def distribution(score: Floats, match: Floats, earlier: Floats | None, shades: Shades) -> str:
    """Return a stacked histogram of scores: clips that match their caption, and those that do not.

    Args:
        score: In [0, 1]; NaN values are left out.
        match: 1.0, 0.0 or NaN for each.
        earlier: Scores of the baseline, drawn as a line; None without one.
        shades: Colours.
    """
    import matplotlib as mpl
    from matplotlib.backends.backend_svg import FigureCanvasSVG
    from matplotlib.figure import Figure
    from matplotlib.ticker import MaxNLocator

    style: Any = {"svg.fonttype": "none", "svg.hashsalt": "audiojudge", "font.family": "sans-serif", "font.size": 9.5}
    with mpl.rc_context(style):
        figure = Figure(figsize=(6.4, 2.5), facecolor="none", layout="constrained")
        FigureCanvasSVG(figure)
        axes = figure.add_subplot(facecolor="none")
        edges = np.linspace(0, 1, BINS + 1)
        parts = [score[match == 0], score[match == 1]]
        names, colours = ["no match", "match"], [shades.miss, shades.match]
        axes.hist(parts, bins=list(edges), stacked=True, color=colours, label=names, rwidth=0.86)
        if earlier is not None:
            known = earlier[~np.isnan(earlier)]
            axes.hist(known, bins=list(edges), histtype="step", color=shades.line, linewidth=1.3, label="baseline")
        axes.set(xlim=(0, 1), xlabel="alignment score", ylabel="clips")
        axes.yaxis.set_major_locator(MaxNLocator(nbins=5, integer=True))
        axes.tick_params(colors=shades.text, length=3)
        for label in (axes.xaxis.label, axes.yaxis.label):
            label.set_color(shades.text)
        for side, spine in axes.spines.items():
            spine.set_visible(side == "bottom")
            spine.set_color(shades.text)
        axes.legend(frameon=False, labelcolor=shades.text, loc="upper left", handlelength=1.2)
        out = io.StringIO()
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})
    return out.getvalue()


def described(score: Floats) -> str:
    """Return the distribution in words, for those who do not see the chart."""
    known = score[~np.isnan(score)]
    if not len(known):
        return "Distribution of scores: no clip has a score."
    low, mid, high = np.quantile(known, [0.25, 0.5, 0.75])
    return (
        f"Distribution of {len(known)} scores: from {known.min():.2f} to {known.max():.2f}, "
        f"median {mid:.2f}, half of them between {low:.2f} and {high:.2f}."
    )
