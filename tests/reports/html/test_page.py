"""The report opened in a real browser."""

from __future__ import annotations

from typing import Any

import pytest

ROWS: list[dict[str, Any]] = [
    {
        "id": "dog",
        "caption": "A dog barks, basis event.",
        "answers": [0.1, 0.9],
        "dimensions": ["event", "tempo"],
        "subset": "sound",
        "metadata": {"model": "v1", "seed": 3},
    },
    {"id": "voice", "caption": "A woman speaks.", "answers": [0.95], "subset": "speech", "metadata": {"model": "v2"}},
    {"id": "half", "caption": "Rain falls.", "answers": [0.8, None], "subset": "sound", "metadata": {"model": "v2"}},
    {"id": "gone", "caption": "A missing file.", "error": "not-found", "subset": "sound"},
]


def ids(page: Any) -> list[str]:
    return list(page.locator("#list .open-button").all_text_contents())


def counts(page: Any, text: str) -> None:
    from playwright.sync_api import expect

    expect(page.locator("#count")).to_have_text(text)


def test_the_figures_the_failed_clips_and_the_worst_come_first(open_page, report):
    page = open_page(report)
    assert ids(page) == ["gone", "dog", "half", "voice"]
    assert page.locator("#count").text_content() == "4 clips"
    # The mean of 0.5, 0.95 and 0.8; the clip that failed has no part in it.
    assert page.locator(".tiles strong").all_text_contents() == ["0.750", "66.7 %", "80.0 %", "25.0 %"]
    assert page.evaluate("performance.getEntriesByName('audiojudge-interactive').length") == 1


def test_sorts_by_its_columns_and_by_the_list(open_page, report):
    page = open_page(report)
    head = page.locator("th.c-match")
    assert head.get_attribute("aria-sort") == "ascending"
    assert page.locator("td.c-match .value").all_text_contents() == sorted(
        page.locator("td.c-match .value").all_text_contents()
    )
    head.locator("button").click()
    assert ids(page) == ["voice", "half", "dog", "gone"]
    assert head.get_attribute("aria-sort") == "descending"
    page.locator("th.c-score button").click()
    assert head.get_attribute("aria-sort") is None
    assert page.locator("th.c-score").get_attribute("aria-sort") == "ascending"
    assert page.locator("td.c-score").all_text_contents() == ["–", "0.500", "0.800", "0.950"]
    page.locator("th.c-clip button").click()
    assert ids(page) == ["dog", "gone", "half", "voice"]
    assert head.get_attribute("aria-sort") is None
    page.locator("#sort").select_option("coverage")
    assert ids(page)[:2] == ["gone", "half"]


@pytest.mark.parametrize(
    ("name", "value", "left"),
    [
        ("subset", "speech", ["voice"]),
        ("status", "partial", ["half"]),
        ("match", "no match", ["dog"]),
        ("match", "no decision", ["gone"]),
        ("dimension", "tempo", ["dog"]),
        ("answer", "unverifiable", ["half"]),
    ],
)
def test_filters_by_what_clips_are(open_page, report, name, value, left):
    page = open_page(report)
    page.locator(f"#{name}").select_option(value)
    assert ids(page) == left
    assert page.locator("#count").text_content() == f"{len(left)} of 4 clips"
    page.locator("button[type=reset]").click()
    counts(page, "4 clips")
    assert len(ids(page)) == 4


def test_dimension_and_answer_must_hold_for_one_item(open_page, report):
    page = open_page(report)
    page.locator("#dimension").select_option("tempo")
    page.locator("#answer").select_option("no")
    assert ids(page) == []


def test_filters_by_metadata(open_page, report):
    page = open_page(report)
    assert not page.locator("#value").is_visible()
    page.locator("#key").select_option("model")
    assert ids(page) == ["gone", "dog", "half", "voice"]
    page.locator("#value").select_option("v2")
    assert ids(page) == ["half", "voice"]
    page.locator("#key").select_option("seed")
    page.locator("#value").select_option("3")
    assert ids(page) == ["dog"]


@pytest.mark.parametrize(
    ("words", "left"), [("BARKS dog", ["dog"]), ("missing", ["gone"]), ("heard v2", ["half", "voice"]), ("nowhere", [])]
)
def test_searches_captions_evidence_and_metadata(open_page, report, words, left):
    page = open_page(report)
    page.locator("#search").fill(words)
    assert ids(page) == left


def test_a_cell_of_the_heat_map_lists_its_clips(open_page, report):
    page = open_page(report)
    speech = page.locator("table.heat:visible tr[data-dimension=event] td").nth(2)
    speech.locator("button").click()
    counts(page, "1 of 4 clips")
    assert ids(page) == ["voice"]


def test_a_cell_of_the_heat_map_lists_those_that_miss_it_the_worst_first(open_page, make_run, write_page):
    answers = {"a": 0.3, "b": 0.9, "c": 0.1, "d": 0.2}
    rows = [
        {
            "id": name,
            "answers": [p_yes, 0.01 if name == "b" else 0.99],
            "dimensions": ["event", "tempo"],
            "metadata": {"model": "v2" if name == "d" else "v1", "seed": name},
        }
        for name, p_yes in answers.items()
    ]
    page = open_page(write_page(make_run(rows)))
    page.locator("table.heat:visible tr[data-dimension=event] td button").first.click()
    assert ids(page) == ["c", "d", "a"]
    assert page.locator("td.c-miss").all_text_contents() == [f"{answers[name]:.3f} Is thing 0 heard?" for name in "cda"]
    page.locator("#heat-by").select_option("model")
    assert page.locator("table.heat:visible thead th").all_text_contents() == ["dimension", "all", "v1", "v2"]
    page.locator("table.heat:visible tr[data-dimension=event] td").nth(1).locator("button").click()
    assert ids(page) == ["c", "a"]
    # The address holds the columns too.
    again = open_page(write_page(make_run(rows)), page.evaluate("location.hash"))
    assert again.locator("table.heat:visible").get_attribute("data-key") == "model"
    assert ids(again) == ["c", "a"]


def test_no_clip_that_fits_is_said_so_with_a_way_back(open_page, report):
    page = open_page(report)
    page.locator("#search").fill("nowhere")
    assert "No clip fits" in page.locator("#list tbody").inner_text()
    page.locator("#list tbody button").click()
    counts(page, "4 clips")
    assert len(ids(page)) == 4


def test_a_clip_opens_with_its_sound_and_items(open_page, report):
    page = open_page(report)
    page.locator(".open-button", has_text="dog").click()
    assert page.locator(".items > li").evaluate_all("all => all.map(one => one.className)") == ["no", "yes"]
    assert page.locator("p.caption").text_content() == ROWS[0]["caption"]
    assert page.locator("mark").evaluate_all("all => all.map(one => [one.className, one.textContent])") == [
        ["no", "basis event"]
    ]
    assert page.locator(".strip img").evaluate("one => one.decode().then(() => one.naturalWidth)") == 960
    # The evidence lies in the first half of the clip: 0 to 0.05 of 0.1 s.
    box, strip = page.locator(".span").first.bounding_box(), page.locator(".strip").bounding_box()
    assert box["x"] == pytest.approx(strip["x"], abs=1)
    assert box["width"] == pytest.approx(strip["width"] / 2, rel=0.02)
    page.locator(".open-button", has_text="dog").click()
    assert page.locator("tr.detail").count() == 0


PLAYED = """audio => new Promise(done => {
  audio.onended = () => done([audio.duration, audio.currentTime]);
  audio.onerror = () => done('error');
  audio.play();
})"""


@pytest.mark.parametrize("embedded", [True, False])
def test_the_audio_plays_from_within_and_from_beside_the_page(open_page, sounding_run, write_page, embedded):
    from audiojudge_cli.reports.html.payload import Limits

    report = write_page(sounding_run(ROWS), limits=Limits(embed_bytes=10_000_000 if embedded else 0))
    page = open_page(report, "#clip=voice")
    source = page.locator("audio").get_attribute("src")
    assert source.startswith("blob:") if embedded else source == "outputs/voice.wav"
    duration, end = page.locator("audio").evaluate(PLAYED)
    assert duration == pytest.approx(0.1, abs=0.01)
    assert end > 0.05


def test_audio_that_is_gone_is_said_so(open_page, make_run, write_page):
    page = open_page(write_page(make_run(ROWS)), "#clip=dog")
    assert page.locator("audio").count() == 0
    assert "not found" in page.locator(".sound").text_content()
    assert page.locator(".items > li").count() == 2


def test_an_address_names_a_clip_even_one_that_is_filtered_out(open_page, report):
    page = open_page(report, "#clip=half")
    assert page.locator("tr.open .open-button").text_content() == "half"
    page.locator("#subset").select_option("speech")
    page.evaluate("location.hash = '#clip=dog'")
    page.wait_for_selector("tr.open")
    assert page.locator("tr.open .open-button").text_content() == "dog"
    page.evaluate("location.hash = '#clip=nobody'")
    counts(page, "No clip has the id nobody.")


def test_everything_can_be_reached_by_keys(open_page, report):
    page = open_page(report)
    page.keyboard.press("/")
    assert page.evaluate("document.activeElement.id") == "search"
    page.keyboard.type("jkt/")
    assert page.locator("#search").input_value() == "jkt/"
    page.locator("#search").fill("")
    page.locator("#count").evaluate("one => document.activeElement.blur()")
    for key in ("j", "j", "j", "k", "Enter"):
        page.keyboard.press(key)
    assert page.locator("tr.open .open-button").text_content() == "dog"
    assert page.evaluate("location.hash") == "#clip=dog"
    page.keyboard.press("Escape")
    assert page.locator("tr.open").count() == 0
    before = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.keyboard.press("t")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != before


HOSTILE = '</script><img src=x onerror="hacked=1"><!-- \'"&amp; <b>${hacked=1}\u202e \u2028 {{ 7*7 }} |'


def test_hostile_text_stays_text_wherever_it_stands(open_page, sounding_run, write_page):
    row = {
        "id": f"a b#%?&{HOSTILE}",
        "audio": "fine.wav",
        "caption": HOSTILE,
        "answers": [0.2, 0.9],
        "dimensions": [HOSTILE, "event"],
        "questions": [HOSTILE, HOSTILE + "?"],
        "evidence": HOSTILE,
        "subset": HOSTILE,
        "metadata": {HOSTILE: HOSTILE, "__proto__": "x", "constructor": [1]},
        "language": 'en" onload="hacked=1',
    }
    failed = {"id": "bad", "audio": HOSTILE.replace("/", "|"), "error": HOSTILE, "caption": "x"}
    old = sounding_run([row, failed], HOSTILE.replace("/", "|") + "-old")
    run = sounding_run([row, failed], HOSTILE.replace("/", "|"))
    page = open_page(write_page(run, old))
    page.locator(".open-button").nth(1).click()
    assert page.locator("p.caption").text_content() == HOSTILE
    assert page.locator(".question").first.text_content() == HOSTILE
    assert page.locator("table.heat tbody th").count() == 2
    page.locator("#key").select_option(HOSTILE)
    page.locator("#value").select_option(HOSTILE)
    assert page.locator("tr.row").count() == 1
    assert page.evaluate("typeof hacked") == "undefined"
    assert page.locator("img").evaluate_all("all => all.every(one => one.src.startsWith('data:'))")
    assert page.locator("[onerror], [onload], b b").count() == 0


def test_the_policy_forbids_the_network_and_markup_from_text(open_page, report):
    page = open_page(report)
    refused = page.evaluate(
        """async () => {
          const seen = [];
          document.addEventListener('securitypolicyviolation', event => seen.push(event.effectiveDirective));
          await fetch('https://example.org/').catch(() => {});
          new Image().src = 'https://example.org/x.png';
          try { document.body.innerHTML += '<p>'; } catch { seen.push('markup'); }
          await new Promise(done => setTimeout(done, 100));
          return seen;
        }"""
    )
    assert {"connect-src", "img-src", "markup"} <= set(refused)
    assert open_page.troubles
    open_page.troubles.clear()


def test_a_baseline_shows_what_moved(open_page, sounding_run, write_page):
    old = sounding_run([row | {"answers": [0.9] * len(row["answers"])} for row in ROWS[:3]], "old")
    page = open_page(write_page(sounding_run(ROWS), old))
    page.locator("#sort").select_option("fell")
    assert ids(page)[0] == "dog"
    assert page.locator("tr.row .c-was").first.text_content() == "−0.400"
    page.locator("#moved").select_option("lost")
    assert ids(page) == ["dog"]
    page.locator(".open-button").first.click()
    assert "was 0.900 (−0.800)" in page.locator(".items > li").first.text_content()
    assert "items from yes to no 1" in page.locator("section", has_text="Since the baseline").text_content()


def test_thousands_of_clips_come_as_they_are_scrolled_to(open_page, make_run, write_page):
    report = write_page(make_run([{"answers": [0.001 * number]} for number in range(1000)]))
    page = open_page(report)
    assert 60 <= page.locator("tr.row").count() < 400
    page.locator("#search").fill("clip999")
    assert ids(page) == ["clip999"]
    page = open_page(report, "#clip=clip700")
    assert page.locator("tr.open .open-button").text_content() == "clip700"
