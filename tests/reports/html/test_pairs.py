"""The pairs of a comparison in a real browser: both players side by side, the doubtful ones first."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any
from urllib.parse import unquote

import pytest

from audiojudge_cli.comparing.pair import Entrant, Pair
from audiojudge_cli.comparing.pairs_file import COLUMNS, PAIRS, Bout, row_of
from audiojudge_cli.comparing.prefer import Preference
from audiojudge_cli.comparing.standing import Standing
from audiojudge_cli.reports.html.payload import Limits

EVIL = '</script><img src=x onerror="alert(1)"> <b>loud</b>'
# id, systems, preferred, margin, what a person preferred; in the order of the file.
PAIRS_MADE: list[tuple[str, tuple[str, str], Any, float | None, Any]] = [
    ("clear", ("new", "old"), "a", 3.0, "a"),
    ("close", ("new", "old"), "b", -0.4, None),
    ("failed", ("new", "old"), "error", None, "a"),
    ("wrong", ("new", "old"), "b", -1.0, "a"),
    ("half", ("new", "<i>mid"), "tie", 0.05, "b"),
    ("silent", ("new", "<i>mid"), "unverifiable", None, None),
]
DOUBTFUL = ["wrong", "failed", "half", "silent", "close", "clear"]


def contest_in(sounding: Any) -> Path:
    rows: list[dict[str, Any]] = [{"id": f"{pair[0]}-{side}"} for pair in PAIRS_MADE for side in "ab"]
    rows[5] |= {"error": "not-audio"}
    run: Path = sounding(rows)
    paths = [json.loads(line)["audio"]["path"] for line in (run / "records.jsonl").read_text().splitlines()]
    standing = Standing(("new", "old", "<i>mid"))
    with (run / PAIRS).open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(COLUMNS)
        for at, (name, systems, preferred, margin, human) in enumerate(PAIRS_MADE):
            a, b = (
                Entrant((path, "", None), system)
                for path, system in zip(paths[2 * at : 2 * at + 2], systems, strict=True)
            )
            pair = Pair(name, a, b, f"{name} {EVIL}", "sound", human)
            table.writerow(row_of(pair, Preference(preferred, margin, 0.0, margin, f"why {EVIL}")))
            standing.add(Bout(*systems, preferred, pair.prompt, "sound", human or ""))
    summary = json.loads((run / "summary.json").read_text())
    summary["comparison"] = {"by": "quality", **standing.to_dict(ranked=True), "undecided": {EVIL: 1}}
    (run / "summary.json").write_text(json.dumps(summary))
    return run


@pytest.fixture(scope="module")
def made(makers):
    sounding, pages = makers
    run = contest_in(sounding)
    return run, pages(run)


@pytest.fixture(scope="module")
def duels(made):
    return made[1]


def ids(page: Any) -> list[str]:
    return list(page.locator("#pair-list h3").all_text_contents())


def test_the_doubtful_come_first_and_filters_stand_in_the_address(open_page, duels):
    page = open_page(duels)
    assert ids(page) == DOUBTFUL
    page.locator("#pair-sort").select_option("clear")
    assert ids(page)[:2] == ["clear", "wrong"]
    page.locator("#preferred").select_option("b")
    page.locator("#people").select_option("disagree")
    assert ids(page) == ["wrong"]
    assert page.locator("#pair-count").text_content() == "1 of 6 pairs"
    # The list of clips below keeps its own part of the address, and neither takes away the other's.
    page.locator("#sort").select_option("id")
    fragment = unquote(str(page.evaluate("location.hash")))
    assert set(fragment.strip("#").split("&")) == {"preferred=b", "people=disagree", "pair-sort=clear", "sort=id"}
    again = open_page(duels, fragment)
    assert (ids(again), again.locator("#sort").input_value()) == (["wrong"], "id")
    page.go_back()
    page.go_back()
    assert ids(page) == ["wrong", "close"]
    page.locator("#pair-filters button[type=reset]").click()
    page.locator("#pair-system").select_option("<i>mid")
    assert ids(page) == ["half", "silent"]
    page.locator("#pair-q").fill("silent LOUD")
    assert ids(page) == ["silent"]


def test_a_link_shows_its_pair_with_both_players_named(open_page, duels):
    page = open_page(duels, "#preferred=a&pair=wrong")
    assert page.evaluate("document.activeElement.querySelector('h3').textContent") == "wrong"
    pair = page.locator("#pair-list > li").first
    labels = pair.locator("audio").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))")
    assert labels == ["A: new", "B: old"]
    boxes = [one.bounding_box() for one in pair.locator("audio").all()]
    assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=30)
    assert boxes[0]["x"] + boxes[0]["width"] <= boxes[1]["x"]
    told = pair.inner_text()
    for part in ("B is better", "people: A is better", "A − B −1.000", "score -1.000", "✓ better"):
        assert part in told
    assert pair.locator(".side.won b").text_content() == "B: old"
    # A sound at a time: starting one stops the other.
    loops = "audio => { audio.loop = true; return audio.play(); }"
    for audio in pair.locator("audio").all():
        audio.evaluate(loops)
    page.wait_for_function("document.querySelector('#pair-list audio').paused")
    assert not pair.locator("audio").last.evaluate("audio => audio.paused")
    pair.locator(".facts a", has_text="wrong-a").click()
    assert page.locator("tr.open .open-button").text_content() == "wrong-a"


def test_nothing_that_people_wrote_is_markup_and_a_failed_side_says_why(open_page, duels):
    page = open_page(duels)
    assert page.locator("#pair-list img:not([src^='data:']), #pair-list b b, main i, .prompt b").count() == 0
    assert EVIL in page.locator(".prompt").first.inner_text()
    failed = page.locator("#pair-list > li").nth(DOUBTFUL.index("failed"))
    assert failed.locator("audio").count() == 1
    assert "not-audio" in failed.locator(".remark.failure").inner_text()


def test_the_audio_of_the_doubtful_goes_into_the_page_first(made, tmp_path):
    from audiojudge_cli.reports.gather import gather
    from audiojudge_cli.reports.html.contest import read_contest
    from audiojudge_cli.reports.html.payload import clip_data
    from audiojudge_cli.reports.html.sources import AudioFinder

    run = gather(made[0], None, clips=100)
    contest = read_contest(run, 100)
    assert contest is not None
    # One file has 44 bytes of head and 0.1 s at 8 kHz and 16 bits: room for two of them, and not for three.
    limits = Limits(pictures=0, embed_bytes=2 * 1644 + 100)
    finder = AudioFinder(run.folder, run.info, None)
    clips, blobs = clip_data(run, finder, tmp_path / "p.html", limits, first=contest.heard_first())
    assert {clip["id"] for clip in clips if clip.get("embedded")} == {"wrong-a", "wrong-b"}
    assert blobs.audio_bytes <= limits.embed_bytes


def test_a_run_whose_pairs_are_gone_or_cut_off_still_has_its_figures(made, write_page, tmp_path):
    (made[0] / PAIRS).rename(tmp_path / "kept")
    try:
        text = write_page(made[0]).read_text(encoding="utf-8")
    finally:
        (tmp_path / "kept").rename(made[0] / PAIRS)
    assert "no pairs.csv that can be read" in text
    assert "Which is better" in text
