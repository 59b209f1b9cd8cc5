from __future__ import annotations

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.comparing.pairs_file import COLUMNS
from audiojudge_cli.reports.kept_contest import KeptPair, kept_contest

PAIR = st.fixed_dictionaries(
    {
        "preferred": st.sampled_from(["a", "b", "tie", "unverifiable", "error"]),
        "human": st.sampled_from(["", "a", "b", "tie"]),
        "margin": st.one_of(st.floats(-9, 9).map(str), st.just("")),
    }
)


@given(st.lists(PAIR, max_size=12))
def test_disagreements_errors_and_the_closest_come_first(rows):
    pairs = sorted((KeptPair(at, dict.fromkeys(COLUMNS, "") | row) for at, row in enumerate(rows)), key=KeptPair.doubt)
    kinds = [pair.doubt()[0] for pair in pairs]
    assert kinds == sorted(kinds)
    for pair in pairs:
        ours, theirs = pair.cells["preferred"], pair.cells["human"]
        against = {ours, theirs} == {"a", "b"}
        assert (pair.doubt()[0] == 0) == against == (pair.people == "disagree")
        assert (pair.people == "") == (not theirs or ours in {"error", "unverifiable"})
    rest = [abs(pair.number("margin") or 0) for pair in pairs if pair.doubt()[0] == 4 and pair.cells["margin"]]
    assert rest == sorted(rest)


@pytest.mark.parametrize(
    "text", ["", "[]", "{", '{"comparison": null}', '{"comparison": {"by": 1}}', '{"selection": []}']
)
def test_a_damaged_summary_tells_nothing(tmp_path, text):
    (tmp_path / "summary.json").write_text(text)
    assert kept_contest(tmp_path) == {}


def test_a_selection_is_told_and_anything_else_left_out(tmp_path):
    assert kept_contest(tmp_path) == {}
    told = {"by": "quality", "prompts": 2, "clips": 4, "selected": 2, "without": 0}
    (tmp_path / "summary.json").write_text(json.dumps({"selection": told, "score": {}}))
    assert kept_contest(tmp_path) == {"selection": told}
