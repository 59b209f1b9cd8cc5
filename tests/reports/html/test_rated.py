"""The report of a run that rates: ratings on their scales, nothing that matches."""

from __future__ import annotations

import json

from audiojudge_cli.results.record import RATED, Record


def test_ratings_stand_where_scores_and_decisions_would(open_page, sounding_run, write_page):
    rows = [{"id": name, "answers": [place, None], "dimensions": ["noise", "poetry"]} for name, place in PLACES]
    run = sounding_run(rows)
    lines = []
    for line in (run / "records.jsonl").read_text(encoding="utf-8").splitlines():
        record = json.loads(line)
        record["expander"]["name"] = RATED
        record["metadata"] = {"mos": 3}
        record["items"][0]["facts"] = {"rating": 1 + 4 * record["items"][0]["p_yes"], "spread": 0.25}
        Record.from_dict(record)
        lines.append(json.dumps(record) + "\n")
    (run / "records.jsonl").write_text("".join(lines), encoding="utf-8")
    page = open_page(write_page(run), "#clip=low")
    assert page.locator("#list .open-button").all_text_contents() == ["low", "high"]
    assert page.locator("td.c-rating").first.inner_text() == "noise 2.00 ± 0.25, people 3\npoetry not rated, people 3"
    item = page.locator(".items > li").first.inner_text()
    assert "2.00" in item
    assert "± 0.25" in item
    cells = page.locator("table.plain tbody tr").first.locator("th, td").all_text_contents()
    assert cells[:4] == ["noise", "2", "2", "3.00"]
    text = page.locator("body").inner_text()
    for word in ("match", "Decision", "decision", "✗ no", "✓ yes", "What is missed", "How the scores lie"):
        assert word not in text
    page.locator("#sort").select_option("best")
    assert page.locator("#list .open-button").all_text_contents() == ["high", "low"]


PLACES = [("high", 0.75), ("low", 0.25)]
