"""Every kind of page, with long and strange words on it: nothing beyond the edge, no ring cut off, axe content."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.reports.history import read_history
from audiojudge_cli.reports.html.trend import trend_report
from audiojudge_cli.results.record import RATED
from tests.reports.html.test_pairs import contest_in

LONG = "a_very_long_name_without_any_blank_in_it_as_machines_like_to_write_them_0123456789"
CHINESE = "一位女性用普通话说话，然后一只狗叫了两声，背景里有钢琴声。"


def rows(rise: float = 0.0) -> list[dict[str, Any]]:
    made: list[dict[str, Any]] = [
        {
            "id": f"{model}/{LONG}-{n}",
            "audio": f"{model}-{n}.wav",
            "caption": f"{CHINESE} basis event {n}" if n % 2 else f"{LONG} basis event {n}",
            "answers": [0.1 + 0.1 * n + rise, None, 0.9],
            "dimensions": ["event", LONG, "tempo"],
            "questions": [f"Is it {LONG}?", CHINESE, "Is it so?"],
            "subset": LONG if n % 3 else "音乐",
            "metadata": {"model": model, LONG: LONG, "语言": CHINESE, "nested": {"a": [1, 2, 3] * 20}},
            "quality": {"lufs": -20.0, "wer": 0.5},
            "faults": ["clipped", "loop"] if n == 1 else [],
        }
        for n in range(4)
        for model in ("v1", LONG)
    ]
    return [*made, {"id": f"failed-{LONG}", "caption": CHINESE, "error": "not-found", "subset": "sound"}]


def rated(run: Path) -> Path:
    lines = []
    for line in (run / "records.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        record["expander"]["name"] = RATED
        for item in record["items"]:
            item["facts"] = {} if item["p_yes"] is None else {"rating": 1 + 4 * item["p_yes"], "spread": 0.25}
        lines.append(json.dumps(record) + "\n")
    (run / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    return run


@pytest.fixture(scope="module")
def kinds(makers):
    """One page of each kind."""
    sounding, write = makers
    score = sounding(rows(), "score")
    old = sounding(rows(0.2), "old-" + LONG)
    measured = [{"caption": "", "id": LONG, "quality": {"lufs": -20.0}, "faults": ["loop", "clipped"]}]
    folder = score.parent

    def page(name: str, *arguments: Any, **options: Any) -> Path:
        return Path(write(*arguments, **options)).rename(folder / f"{name}.html")

    trend = folder / "trend.html"
    trend.write_text(trend_report(read_history([score, old, sounding(rows(), "x")]), trend), encoding="utf-8")
    return {
        "score": page("score", score),
        "baseline": page("baseline", score, old),
        "by": page("by", score, by="model"),
        "rate": page("rate", rated(sounding(rows(), "rated"))),
        "quality": page("quality", sounding(measured, "measured", judged=False)),
        "compare": page("compare", contest_in(lambda made: sounding(made, "contest"))),
        "trend": trend,
    }


KINDS = ["score", "baseline", "by", "rate", "quality", "compare", "trend"]

# What sticks out of the page to the right, and what scrolls sideways although nobody could tell that it does.
OUTSIDE = """() => [...document.querySelectorAll('body *')].filter(one => {
  const box = one.getBoundingClientRect();
  return box.width && box.right > innerWidth + 1 && !one.closest('.scroll');
}).map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""

# Focus rings that something cuts off: the ring of everything that takes the focus, against all that clips above it.
CUT = """() => [...document.querySelectorAll('a, button, select, input, summary, [tabindex="0"]')].filter(one => {
  if (!one.offsetParent) return false;
  one.focus({ focusVisible: true, preventScroll: true });
  const style = getComputedStyle(one), ring = parseFloat(style.outlineOffset) + parseFloat(style.outlineWidth);
  if (!(ring > 0)) return false;
  return [...one.getClientRects()].some(box => {
    for (let up = one.parentElement; up && up !== document.body; up = up.parentElement) {
      const how = getComputedStyle(up);
      if (how.overflowX === 'visible' && how.overflowY === 'visible') continue;
      const edge = up.getBoundingClientRect();
      if (box.left - ring < edge.left || box.top - ring < edge.top || box.bottom + ring > edge.bottom) return true;
    }
    return false;
  });
}).map(one => one.outerHTML.slice(0, 120)).slice(0, 5)"""


def opened(page: Any) -> Any:
    """The page with all that can be opened open."""
    page.evaluate(
        """() => {
          document.querySelectorAll('details').forEach(one => { one.open = true; });
          [...document.querySelectorAll('.open-button')].slice(0, 4).forEach(one => one.click());
          document.querySelectorAll('[id$=more]').forEach(one => one.click());
        }"""
    )
    return page


def serious(page: Any) -> list[Any]:
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    # Trusted types would refuse the checker its own script, not the page.
    found = axe.Axe().run(page).response
    assert len(found["passes"]) > 10
    bad = [one for one in found["violations"] if one["impact"] in {"serious", "critical"}]
    return [(one["id"], [node["html"][:200] for node in one["nodes"][:3]]) for one in bad]


@pytest.mark.parametrize("kind", KINDS)
def test_nothing_sticks_out_of_a_narrow_window_and_no_ring_is_cut(open_page, kinds, kind):
    page = opened(open_page(kinds[kind], width=390, scheme="dark"))
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 390
    assert page.evaluate(CUT) == []
    assert serious(page) == []
    if page.locator("table.heat").count():
        # The names of the dimensions stay in sight where the columns are scrolled.
        page.locator("table.heat").first.evaluate("one => { one.parentNode.scrollLeft = 300; }")
        box = page.locator("table.heat tbody th").first.bounding_box()
        assert box["x"] >= 0


@pytest.mark.parametrize("kind", ["baseline", "by", "compare", "trend"])
def test_a_wide_window_is_not_overrun_either(open_page, kinds, kind):
    page = opened(open_page(kinds[kind]))
    assert page.evaluate(OUTSIDE) == []
    assert page.evaluate("document.documentElement.scrollWidth") == 1280
    assert page.evaluate(CUT) == []
    assert serious(page) == []


@pytest.mark.parametrize("kind", KINDS)
def test_every_page_is_one_file_under_a_policy(kinds, kind):
    text = kinds[kind].read_text(encoding="utf-8")
    assert "default-src &#39;none&#39;" in text
    assert " style=" not in text.split("<script")[0]
    assert "<link" not in text
    assert ' src="http' not in text
