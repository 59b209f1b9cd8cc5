"""Filters, order, search and the open clip live in the address; what is open stays open where it still fits."""

from __future__ import annotations

import json
from typing import Any
from urllib.parse import unquote

import pytest

from audiojudge_cli.gates import RuleSet, evaluate

ROWS: list[dict[str, Any]] = [
    {"id": f"c{n}", "answers": [n / 10], "subset": "speech" if n % 2 else "sound", "metadata": {"model": f"v{n % 3}"}}
    for n in range(9)
]


def ids(page: Any) -> list[str]:
    return list(page.locator("#list .open-button").all_text_contents())


def opened(page: Any) -> list[str]:
    return list(page.locator("tr.open .open-button").all_text_contents())


def fragment(page: Any) -> str:
    return unquote(str(page.evaluate("location.hash")))


def test_what_is_chosen_stands_in_the_address(open_page, report):
    page = open_page(report)
    page.locator("#subset").select_option("speech")
    page.locator("#key").select_option("model")
    page.locator("#value").select_option("v1")
    page.locator("#search").fill("thing 0")
    page.locator("th.c-clip button").click()
    assert fragment(page) == "#q=thing 0&subset=speech&key=model&value=v1&sort=id"
    wanted = ids(page)
    page.locator(".open-button").last.click()
    assert fragment(page).endswith(f"&clip={wanted[-1]}")
    again = open_page(report, str(page.evaluate("location.hash")))
    assert (ids(again), opened(again)) == (wanted, [wanted[-1]])
    assert again.locator("#search").input_value() == "thing 0"
    assert again.locator("#sort").input_value() == "id"
    page.locator("button[type=reset]").click()
    assert fragment(page) == f"#clip={wanted[-1]}"
    page.keyboard.press("Escape")
    assert fragment(page) == ""


def test_back_takes_back_one_choice_at_a_time(open_page, report):
    page = open_page(report)
    page.locator("#subset").select_option("speech")
    page.locator("#search").press_sequentially("c3")
    page.locator("#sort").select_option("best")
    assert (ids(page), fragment(page)) == (["c3"], "#q=c3&subset=speech&sort=best")
    page.go_back()
    assert page.locator("#sort").input_value() == "worst"
    page.go_back()
    assert (ids(page), page.locator("#search").input_value()) == (["c1", "c3", "c5", "c7"], "")
    page.go_back()
    assert len(ids(page)) == 9
    page.go_forward()
    assert page.locator("#subset").input_value() == "speech"


def test_opening_clips_leaves_the_way_back_alone(open_page, report):
    page = open_page(report)
    page.locator("#subset").select_option("speech")
    for at in range(3):
        page.locator(".open-button").nth(at).click()
    assert fragment(page) == "#subset=speech&clip=c5"
    page.go_back()
    assert fragment(page) == ""
    assert len(ids(page)) == 9


def test_what_is_open_stays_open_and_goes_on_playing_where_it_still_fits(open_page, report):
    page = open_page(report)
    for name in ("c1", "c2"):
        page.locator(".open-button", has_text=name).click()
    page.locator("tr.open + tr.detail audio").first.evaluate("audio => { audio.loop = true; return audio.play(); }")
    page.locator("#subset").select_option("speech")
    assert opened(page) == ["c1"]
    assert page.locator("tr.open + tr.detail").count() == page.locator("tr.detail").count() == 1
    page.locator("#sort").select_option("best")
    assert opened(page) == ["c1"]
    assert not page.locator("audio").evaluate("audio => audio.paused")
    page.locator("#subset").select_option("sound")
    assert opened(page) == []
    page.locator("#subset").select_option("")
    assert opened(page) == []


def test_a_cell_of_the_heat_map_is_a_choice(open_page, report):
    page = open_page(report)
    page.locator("table.heat:visible tr[data-dimension=event] td").last.locator("button").click()
    assert set(fragment(page).strip("#").split("&")) == {"subset=speech", "dimension=event", "answer=no", "sort=item"}
    page.go_back()
    assert len(ids(page)) == 9


def test_addresses_that_say_nothing_show_everything(open_page, report):
    page = open_page(report, "#subset=nobody")
    assert len(ids(page)) == 9
    for hash_ in ("#clips", "#q", "#=&&", "#%E0%A4%A=1&sort=%", "#__proto__=1"):
        page.goto(report.as_uri() + hash_)
        assert len(ids(page)) == 9


def test_a_link_to_a_clip_that_a_filter_hides_shows_it_all_the_same(open_page, report):
    page = open_page(report, "#subset=sound&clip=c3")
    assert opened(page) == ["c3"]
    assert len(ids(page)) == 9


def test_the_gate_of_the_run_stands_first_and_is_accessible(open_page, sounding_run, write_page):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    run = sounding_run(ROWS)
    rules = RuleSet.of(["score.mean >= 0.3", "score.p10 >= 0.9", "count >= 2"])
    (run / "gate.json").write_text(json.dumps(evaluate(run, rules).to_dict()))
    page = open_page(write_page(run), scheme="dark")
    assert page.locator("h2").first.text_content() == "Gate"
    assert page.locator("tr.worse").count() == 1
    bad = [one for one in axe.Axe().run(page).response["violations"] if one["impact"] in {"serious", "critical"}]
    assert bad == []
