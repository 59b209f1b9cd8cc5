"""An item and the words of the caption that it was read from: pointing at one lights the other."""

from __future__ import annotations

from typing import Any

ROWS: list[dict[str, Any]] = [
    {
        "id": "two",
        # As items of these dimensions rest on "basis event" and "basis tempo".
        "caption": "A woman hears basis event, then basis tempo.",
        "answers": [0.1, 0.9],
        "dimensions": ["event", "tempo"],
    },
    {"id": "none", "caption": "Nothing of it.", "answers": [0.5], "dimensions": ["event"]},
    {"id": "zh", "caption": "一位女性说话，basis event。", "answers": [0.5], "dimensions": ["event"]},
]


def lit(page: Any) -> list[str]:
    found = page.locator("mark.lit, .items > li.lit, .lane.lit").evaluate_all(
        "all => all.map(one => one.tagName === 'LI' ? one.querySelector('.question').textContent"
        " : one.textContent || one.className)"
    )
    return [str(each) for each in found]


def test_an_item_lights_its_words_and_the_words_their_items(open_page, report):
    page = open_page(report, "#clip=two")
    assert lit(page) == []
    page.locator(".items > li").nth(1).hover()
    assert lit(page) == ["basis tempo", "lane yes lit", "Is thing 1 heard?"]
    page.locator("mark").first.hover()
    assert lit(page) == ["basis event", "lane no lit", "Is thing 0 heard?"]
    page.locator("h1").hover()
    assert lit(page) == []


def test_the_same_by_keys(open_page, report):
    page = open_page(report, "#clip=two")
    page.locator("mark").nth(1).focus()
    assert lit(page) == ["basis tempo", "lane yes lit", "Is thing 1 heard?"]
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.matches('.items > li')")
    assert lit(page) == ["basis tempo", "lane yes lit", "Is thing 1 heard?"]
    page.keyboard.press("Shift+Tab")
    assert "Is thing 1 heard?" not in lit(page)


def test_items_without_words_in_the_caption_stand_all_the_same(open_page, report):
    page = open_page(report, "#clip=none")
    assert page.locator("mark").count() == 0
    page.locator(".items > li").hover()
    assert lit(page) == ["lane yes lit", "Is thing 0 heard?"]


def test_words_are_found_whole_before_parts_of_others(open_page, report):
    page = open_page(report)
    found = page.evaluate(
        """() => [["man", "A woman and a man"], ["Man", "a woman, a man"], ["man", "a woman"], ["女", "一位女性"],
                  ["basis", "none"], ["dog", "Hotdog. Dog!"], ["\u0130", "i\u0130"]]
                 .map(([words, text]) => whereIs(words, text))"""
    )
    assert found == [14, 11, 4, 2, -1, 8, 1]


def test_bars_are_labelled_and_the_spectrogram_has_hertz_beside_it(open_page, report):
    page = open_page(report, "#clip=two")
    assert page.locator(".lane-name").all_text_contents() == ["1. event", "2. tempo"]
    ticks = page.locator(".scale span")
    assert ticks.all_text_contents()[:2] == ["4 kHz", "2 kHz"]
    strip = page.locator(".strip").bounding_box()
    for box in (tick.bounding_box() for tick in ticks.all()):
        assert box["x"] + box["width"] <= strip["x"]
        assert strip["y"] <= box["y"] + box["height"] / 2 <= strip["y"] + strip["height"] + 1
    names = page.locator(".lane-name").all()
    for name, lane in zip(names, page.locator(".lane").all(), strict=True):
        middle = [box["y"] + box["height"] / 2 for box in (name.bounding_box(), lane.bounding_box())]
        assert abs(middle[0] - middle[1]) < 2


def test_an_open_clip_says_its_caption_once(open_page, report):
    page = open_page(report, "#clip=two")
    caption = ROWS[0]["caption"]
    shown = page.get_by_text(caption, exact=True).all()
    assert sum(one.is_visible() for one in shown) == 1
    page.locator(".open-button", has_text="two").click()
    assert page.locator("tr.row", has_text="two").locator(".c-clip .clamp").is_visible()
