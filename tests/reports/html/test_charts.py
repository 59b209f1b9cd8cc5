from __future__ import annotations

from xml.etree import ElementTree as ET

import numpy as np

from audiojudge_cli.reports.html.charts import DARK, LIGHT, described, distribution

SVG = "{http://www.w3.org/2000/svg}"


def texts(svg: str) -> list[str | None]:
    return [node.text for node in ET.fromstring(svg).iter(f"{SVG}text")]


def test_the_chart_names_its_parts_and_is_the_same_every_time():
    score, match = np.array([0.1, 0.9, np.nan, 1.0]), np.array([0.0, 1.0, np.nan, 1.0])
    svg = distribution(score, match, None, LIGHT)
    assert {"alignment score", "clips", "match", "no match"} <= set(texts(svg))
    assert "baseline" not in texts(svg)
    assert svg == distribution(score, match, None, LIGHT)
    assert svg != distribution(score, match, None, DARK)
    assert "baseline" in texts(distribution(score, match, np.array([0.5, np.nan]), LIGHT))


def test_nothing_scored_still_gives_a_chart():
    nothing = np.full(3, np.nan)
    assert "alignment score" in texts(distribution(nothing, nothing, None, LIGHT))
    assert described(nothing) == "Distribution of scores: no clip has a score."


def test_the_distribution_in_words():
    found = described(np.array([0.0, 0.25, 0.5, 0.75, 1.0, np.nan]))
    assert found == ("Distribution of 5 scores: from 0.00 to 1.00, median 0.50, half of them between 0.25 and 0.75.")
