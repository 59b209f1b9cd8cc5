"""The page in a real browser: heard, labelled by keys and by clicks, and safe against what captions hold."""

from __future__ import annotations

from typing import Any

import pytest

from audiojudge_cli.labelling.book import Book

HOSTILE = '</script><img src=x onerror="hacked=1"> \'"&amp; <b>${hacked=1}\u202e'


@pytest.fixture
def open_label(chromium):
    """Open pages of clients; at the end no console may hold an error, and nothing may have gone elsewhere."""
    contexts, troubles = [], []

    def open_(client, *, scheme="light", width=1280, strict=True):
        context = chromium.new_context(color_scheme=scheme, viewport={"width": width, "height": 900})
        contexts.append(context)
        page = context.new_page()
        if strict:
            page.on("console", lambda message: troubles.append(message.text) if message.type == "error" else None)
        page.on("pageerror", lambda error: troubles.append(str(error)))
        page.on("request", lambda one: None if one.url.startswith(client.url) else troubles.append(one.url))
        page.goto(client.url)
        page.wait_for_selector("#work:not([hidden]), #done:not([hidden])")
        return page

    yield open_
    for context in contexts:
        context.close()
    assert troubles == []


def told(page: Any, text: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#told")).to_contain_text(text)


def caption(page: Any) -> str:
    return str(page.locator("#caption").text_content())


def test_labelled_by_keys_alone(open_label, sounding, serve, written):
    client = serve(sounding())
    page = open_label(client)
    first = caption(page)
    page.keyboard.press("1")
    page.keyboard.press("2")
    page.keyboard.press("2")
    assert page.locator("#items li").nth(1).locator("[aria-pressed=true]").get_attribute("data-answer") == "no"
    page.keyboard.press("m")
    page.keyboard.type("yn? u")
    page.keyboard.press("Escape")
    page.keyboard.press("n")
    told(page, "1 labelled by you")
    page.keyboard.press("y")
    told(page, "2 labelled by you")
    page.keyboard.press("?")
    told(page, "3 labelled by you (0 of the random clips); 9 left")
    assert [line["label"] for line in written()] == ["no", "yes", "can't tell"]
    assert written()[0]["caption"] == first
    assert written()[0]["note"] == "yn? u"
    assert [item["label"] for item in written()[0]["items"]] == ["yes", "no"]
    assert "items" not in written()[1]


def test_moves_without_labels_and_takes_back(open_label, sounding, serve, written):
    page = open_label(serve(sounding()))
    first = caption(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_function("first => document.getElementById('caption').textContent !== first", arg=first)
    page.keyboard.press("ArrowLeft")
    page.wait_for_function("first => document.getElementById('caption').textContent === first", arg=first)
    assert written() == []
    page.locator("#answers button", has_text="Yes").click()
    told(page, "1 labelled by you")
    assert caption(page) != first
    page.keyboard.press("u")
    told(page, "0 labelled by you")
    assert caption(page) == first
    assert [line.get("undone", False) for line in written()] == [False, True]
    page.locator("#answers button", has_text="No").click()
    told(page, "1 labelled by you")
    page.locator("#back").click()
    page.wait_for_selector("#answers [aria-pressed=true]")
    assert page.locator("#answers [aria-pressed=true]").get_attribute("data-answer") == "no"


HEARD = "() => document.querySelector('audio').currentTime > 0.02 || document.querySelector('audio').ended"


@pytest.mark.parametrize("how", [{}, {"format": "AIFF"}, {"format": "FLAC", "rate": 192_000}])
def test_space_plays_and_the_next_clip_plays_by_itself(open_label, sounding, serve, how):
    run = sounding([{"id": name} for name in "ab"], files=dict.fromkeys("ab", how))
    page = open_label(serve(run))
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    assert page.evaluate("document.querySelector('audio').duration") == pytest.approx(0.25, abs=0.02)
    page.keyboard.press(" ")
    page.wait_for_function(HEARD)
    page.keyboard.press("y")
    told(page, "1 labelled by you")
    page.wait_for_function(HEARD)


def test_what_the_browser_refuses_is_decoded(open_label, sounding, serve):
    page = open_label(serve(sounding([{"id": "a"}])), strict=False)
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")
    page.evaluate("document.querySelector('audio').src = 'audio/99'")
    page.wait_for_function("() => document.querySelector('audio').src.endsWith('wav/0')")
    page.wait_for_function("() => document.querySelector('audio').readyState > 0")


def test_the_end_and_what_is_missing(open_label, sounding, serve, tmp_path):
    client = serve(sounding([{"id": name, "audio": f"{name}.wav"} for name in "abc"]))
    page = open_label(client)
    shown = client.next()["path"]
    gone = next(name for name in ("a.wav", "b.wav", "c.wav") if name != shown)
    (tmp_path / "outputs" / gone).unlink()
    page.keyboard.press("y")
    told(page, "1 labelled by you")
    page.keyboard.press("y")
    told(page, "2 labelled by you")
    page.wait_for_selector("#done:not([hidden])")
    assert "1 left out, for their audio is missing" in page.locator("#missing").text_content()
    assert gone in page.locator("#missing").text_content()
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#work:not([hidden])")
    page.keyboard.press("u")
    told(page, "1 labelled by you")


def test_what_is_not_saved_is_said_and_the_clip_stays(open_label, sounding, serve, monkeypatch, written):
    def full(*_):
        raise OSError(28, "No space left on device")

    page = open_label(serve(sounding()), strict=False)
    first = caption(page)
    monkeypatch.setattr(Book, "append", full)
    page.keyboard.press("y")
    page.wait_for_selector("#trouble:not([hidden])")
    monkeypatch.undo()
    assert page.locator("#trouble").text_content() == "Not saved: No space left on device"
    assert caption(page) == first
    page.keyboard.press("y")
    told(page, "1 labelled by you")
    assert not page.locator("#trouble").is_visible()
    assert len(written()) == 1


def test_a_server_that_ended_is_said(open_label, sounding, serve):
    client = serve(sounding())
    page = open_label(client, strict=False)
    client.end()
    page.keyboard.press("y")
    page.wait_for_selector("#trouble:not([hidden])")
    assert "Has `audiojudge label` ended?" in page.locator("#trouble").text_content()


def test_hostile_text_stays_text(open_label, sounding, serve, written):
    row = {
        "id": "a",
        "audio": "a b#%?&'.wav",
        "caption": HOSTILE,
        "transcript": HOSTILE,
        "questions": [HOSTILE],
        "dimensions": [HOSTILE],
        "language": 'en" onload="hacked=1',
        "subset": HOSTILE,
    }
    page = open_label(serve(sounding([row, {"id": "b"}]), by=HOSTILE.replace("\u202e", "")))
    while caption(page) != HOSTILE:
        page.keyboard.press("ArrowRight")
        page.wait_for_timeout(20)
    assert HOSTILE in page.locator("#items").text_content()
    assert page.locator("img, [onerror], [onload], b b").count() == 0
    page.keyboard.press("1")
    page.keyboard.press("y")
    told(page, "1 labelled by you")
    assert written()[0]["caption"] == HOSTILE
    assert page.evaluate("typeof hacked") == "undefined"


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 390])
def test_no_finding_of_an_accessibility_check(open_label, sounding, serve, scheme, width):
    axe = pytest.importorskip("axe_playwright_python.sync_playwright", reason="axe-playwright-python is missing")
    client = serve(sounding())
    page = open_label(client, scheme=scheme, width=width)
    for left, key in zip((11, 10, 9), "yn?", strict=True):
        page.keyboard.press(key)
        told(page, f"{left} left")
    page.keyboard.press("ArrowLeft")
    page.wait_for_selector("#answers [aria-pressed=true]")
    for key in "122":
        page.keyboard.press(key)
    for left in range(9, -1, -1):
        if left in {9, 0}:
            told(page, f"{left} left")
            found = axe.Axe().run(page).response
            assert len(found["passes"]) > 15
            assert [(one["id"], [node["html"] for node in one["nodes"][:3]]) for one in found["violations"]] == []
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        if left == 9:
            page.keyboard.press("ArrowRight")
            page.wait_for_function("() => !document.querySelector('#answers [aria-pressed=true]')")
        if left:
            page.keyboard.press("y")
            told(page, f"{left - 1} left")
