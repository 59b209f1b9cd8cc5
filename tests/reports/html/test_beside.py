"""Two runs, or two systems of one, beside each other: both players, both answers."""

from __future__ import annotations

from typing import Any

import pytest

from audiojudge_cli.errors import InputError

EVIL = "<img src=x onerror=hacked=1>"
WORDS = ["rain", "a dog", "bells", "一只狗", "a car", "a flute", "wind", f"a drum {EVIL}"]


def systems(rise: float = 0.0) -> list[dict[str, Any]]:
    return [
        {
            "id": f"{model}-{n}",
            "caption": f"The sound of {words}, basis event.",
            "answers": [0.3 + 0.05 * n if model == "v1" else min(1.0, 0.4 + rise + 0.05 * n), 0.5],
            "dimensions": ["event", "tempo"],
            "subset": "sound",
            "metadata": {"model": model, "alone": model + str(n), "same": "x"},
        }
        for n, words in enumerate(WORDS)
        for model in ("v1", f"v2 {EVIL}")
    ]


@pytest.fixture(scope="module")
def by_model(makers):
    sounding, pages = makers
    run = sounding(systems(0.2), "systems")
    return pages(run, by="model").rename(run.parent / "by.html")


def test_systems_are_compared_by_prompt_with_both_players(open_page, by_model):
    page = open_page(by_model)
    section = page.locator("section", has=page.locator("#systems-title"))
    assert "8 prompts that both answered" in section.inner_text()
    assert section.locator("tr", has_text="score.mean").count() == 1
    first = page.locator("#pair-list > li").first
    assert first.locator("audio").evaluate_all("all => all.map(one => one.getAttribute('aria-label'))") == [
        "A: v1",
        f"B: v2 {EVIL}",
    ]
    assert "B scores higher" in first.inner_text()
    # The prompt stands once, as what the pair is called.
    assert first.locator("h3").text_content() in {f"The sound of {words}, basis event." for words in WORDS}
    answers = first.locator("table tbody tr").evaluate_all("all => all.map(one => one.cells.length)")
    assert answers == [3, 3]
    margins = [
        float(text.split()[-1].replace("−", "-"))
        for text in page.locator("#pair-list .facts span", has_text="A − B").all_text_contents()
    ]
    assert margins == sorted(margins, key=abs, reverse=True)
    assert page.locator("table.heat:visible").get_attribute("data-key") == "model"
    assert page.evaluate("typeof hacked") == "undefined"
    first.locator("a", has_text="v1-").click()
    assert page.locator("tr.open .open-button").count() == 1


def test_embedded_audio_and_pictures_are_there_from_the_first_pair_on(open_page, by_model):
    page = open_page(by_model)
    first = page.locator("#pair-list > li").first
    sources = first.locator("audio").evaluate_all("all => all.map(one => one.src.slice(0, 5))")
    assert sources == ["blob:", "blob:"]
    assert first.locator(".strip img").count() == 2


def test_a_column_without_common_prompts_is_still_a_heat_map(makers, open_page):
    sounding, pages = makers
    run = sounding([row | {"caption": f"{row['id']}, basis event"} for row in systems()], "strangers")
    page = open_page(pages(run, by="model"))
    assert "no caption in common" in page.locator("section", has=page.locator("#systems-title")).inner_text()
    assert page.locator("#pair-list").count() == 0
    assert page.locator("table.heat:visible").get_attribute("data-key") == "model"
    with pytest.raises(InputError, match="modle"):
        pages(run, by="modle")


def test_a_clip_stands_beside_the_clip_of_the_baseline(makers, open_page):
    sounding, pages = makers
    rows = systems()[:4]
    rows[2]["error"] = "not-audio"
    old = sounding([row | {"answers": [0.9, 0.9]} for row in systems()[:4]], "old")
    (old.parent / "outputs").rename(old.parent / "outputs-old")
    info = (old / "run.json").read_text()
    (old / "run.json").write_text(info.replace("/outputs", "/outputs-old"))
    # In another order the same clip has other samples.
    new = sounding(rows[::-1], "new")
    page = open_page(pages(new, old), "#clip=v1-0")
    sides = page.locator("tr.detail .side")
    assert [str(one.get_attribute("aria-label")) for one in sides.all()] == ["new", "old"]
    assert sides.locator("audio").count() == 2
    assert sides.nth(1).locator(".strip img").count() == 1
    boxes = [one.bounding_box() for one in sides.locator("audio").all()]
    assert boxes[0]["y"] == pytest.approx(boxes[1]["y"], abs=2)
    assert "score 0.900" in sides.nth(1).inner_text()
    item = page.locator(".items > li").first.inner_text()
    assert "was 0.900" in item
    assert "then: " in item
    # One sound at a time.
    play = "audio => { audio.loop = true; return audio.play(); }"
    for audio in sides.locator("audio").all():
        audio.evaluate(play)
    page.wait_for_function("document.querySelector('tr.detail audio').paused")
    narrow = open_page(pages(new, old), "#clip=v1-0", width=390)
    boxes = [one.bounding_box() for one in narrow.locator("tr.detail .side").all()]
    assert boxes[0]["y"] + boxes[0]["height"] <= boxes[1]["y"]


def test_the_very_same_audio_has_one_player(makers, open_page):
    sounding, pages = makers
    rows = systems()[:2]
    old, new = sounding([row | {"answers": [0.9, 0.9]} for row in rows], "before"), sounding(rows, "after")
    page = open_page(pages(new, old), "#clip=v1-0")
    assert page.locator("tr.detail audio").count() == 1
    assert "very same audio" in page.locator("tr.detail").inner_text()


def test_a_short_list_says_how_many_there_are_and_what_is_not_on_the_page(makers):
    from audiojudge_cli.reports.gather import gather
    from audiojudge_cli.reports.html.versus import read_versus

    run = makers[0](systems(0.2), "short")
    found = read_versus(gather(run, None, clips=1), "model", None, 3)
    assert (len(found.pairs), found.total) == (3, 8)
    told = found.data()["pairs"]
    assert sum("clip" in side for pair in told for side in pair["sides"]) == len(found.heard_first()) <= 1
    everything = read_versus(gather(run, None, clips=99), "model", None, 99)
    assert (len(everything.pairs), everything.total) == (8, 8)
    assert {pair["subset"] for pair in everything.data()["pairs"]} == {"sound"}
    assert len(everything.heard_first()) == 16
