"""The quality of files on the page: figures, a badge for each fault, a filter, a column of any figure."""

from __future__ import annotations

import json
from typing import Any

import pytest

FAULTS = [["clipped"], ["clipped", "loop"], [], [], ["dead-channel"], None]
ROWS = [
    {"answers": [0.9 - n / 10], "quality": {"lufs": -20.0 - n, "wer": n / 10}, "faults": faults}
    if faults is not None
    else {"answers": [0.9]}
    for n, faults in enumerate(FAULTS)
]


def listed(page: Any) -> list[Any]:
    return list(page.locator("#list tr.row .open-button").all_inner_texts())


@pytest.mark.parametrize(
    ("fault", "left"),
    [
        ("any", {"clip0", "clip1", "clip4"}),
        ("none", {"clip2", "clip3"}),
        ("clipped", {"clip0", "clip1"}),
        ("dead-channel", {"clip4"}),
    ],
)
def test_filters_by_fault(open_page, report, fault, left):
    page = open_page(report)
    page.select_option("#fault", fault)
    assert set(listed(page)) == left
    assert f"fault={fault}" in page.url


def test_a_badge_for_each_fault_and_a_way_to_them_from_the_table(open_page, report):
    page = open_page(report)
    row = page.locator("tr.row", has_text="clip1")
    assert row.locator(".c-faults .tag").all_inner_texts() == ["clipped", "loop"]
    page.click("button[data-fault=loop]")
    assert listed(page) == ["clip1"]
    assert page.locator("button[data-fault=silent]").count() == 0


def test_any_figure_is_a_column_to_sort_by(open_page, report):
    page = open_page(report)
    assert page.locator("#list thead .c-figure").count() == 0
    page.select_option("#figure", "lufs")
    page.select_option("#sort", "up")
    # The clip that was not measured comes last in either order.
    assert listed(page) == ["clip4", "clip3", "clip2", "clip1", "clip0", "clip5"]
    assert page.locator("tr.row .c-figure").all_inner_texts() == [*(f"-{24 - n}.0 LUFS" for n in range(5)), "–"]
    page.locator("#list thead .c-figure button").click()
    assert listed(page) == ["clip0", "clip1", "clip2", "clip3", "clip4", "clip5"]
    page.select_option("#figure", "wer")
    assert listed(page)[0] == "clip4"


def test_an_open_clip_tells_its_faults_and_stays_whole_when_columns_come_and_go(open_page, report):
    page = open_page(report)
    page.locator("tr.row .open-button", has_text="clip1").click()
    detail = page.locator("tr.detail")
    assert "It is loop." in detail.inner_text()
    assert "loudness\n-21.0 LUFS" in detail.inner_text()
    before = page.locator("#list thead th").count()
    page.select_option("#figure", "lufs")
    assert page.locator("#list thead th").count() == before + 1
    assert detail.locator("td").get_attribute("colspan") == str(before + 1)
    assert page.locator("tr.row.open td").count() == before + 1


@pytest.fixture
def measured(sounding_run, write_page):
    rows = [{"caption": "", "quality": {"lufs": -20.0 - n}, "faults": faults or []} for n, faults in enumerate(FAULTS)]
    return write_page(sounding_run([*rows, {"caption": "", "error": "not-audio"}], judged=False))


def test_where_nothing_was_judged_nothing_is_said_about_it(open_page, measured):
    page = open_page(measured)
    text = page.locator("body").inner_text().lower()
    for word in ("score", "coverage", "decision", "rubric", "p_yes", "heat"):
        assert word not in text, word
    # What failed, then most faults first, the gravest of equals before the others.
    assert listed(page)[:4] == ["clip6", "clip1", "clip0", "clip4"]
    assert "1 of 7 clips could not be measured" in page.locator("body").inner_text()


def test_hostile_words_stay_words(open_page, sounding_run, write_page):
    evil = "<img src=x onerror=alert(1)>"
    row = {"caption": "", "quality": {"wer": 1.0}, "faults": ["loop"], "metadata": {evil: evil}}
    journal = sounding_run([row]) / "records.jsonl"
    record = json.loads(journal.read_text())
    record["quality"]["words"]["diff"] = [{"kind": "substitute", "wanted": evil, "heard": evil}]
    record["quality"]["faults"][0]["message"] = evil
    journal.write_text(json.dumps(record) + "\n")
    page = open_page(write_page(journal.parent))
    page.locator("tr.row .open-button").first.click()
    assert page.locator("img[src=x]").count() == 0
    assert page.locator(".diff del").inner_text() == evil
    assert page.locator(".diff ins").inner_text() == evil
    assert page.get_by_label("Faults of the file").locator(".evidence").inner_text() == evil
