"""Labels of several people about clips and items: the majority counts, the latest of each, and nothing else."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.calibration.join import join
from audiojudge_cli.calibration.labels import ItemLabel, Label
from audiojudge_cli.results.index import read_records


@pytest.fixture(scope="module")
def records(runs_in, tmp_path_factory):
    rows = [{"id": name, "answers": [0.2, 0.7, None], "dimensions": ["event", "tempo", "event"]} for name in ("a", "b")]
    return list(read_records(runs_in(tmp_path_factory.mktemp("join"))(rows)))


def label(clip: str, match: bool | None, by: str | None = None, **more: Any) -> Label:
    return Label(1, clip, None, None, match, by, **more)


SAID = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["ann", "bob", "eve"]), st.sampled_from([True, False, None, "x"])),
    max_size=12,
)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(SAID)
def test_the_latest_of_each_person_votes(records, said):
    labels = [label(clip, None if match == "x" else match, by, undone=match == "x") for clip, by, match in said]
    found = join(labels, records, Path("l.jsonl"))
    latest: dict[tuple[str, str], Any] = {}
    for clip, by, match in said:
        latest[clip, by] = match
    split = 0
    wanted = {}
    for clip in "ab":
        votes = [match for (each, _), match in latest.items() if each == clip and isinstance(match, bool)]
        yes = sum(votes)
        split += bool(votes) and 2 * yes == len(votes)
        if 2 * yes != len(votes):
            wanted[clip] = 2 * yes > len(votes)
    assert {record.id: match for record, match in found.clips} == wanted
    assert found.split == split
    assert found.unsure == sum(match is None for match in latest.values())


def test_items_are_found_by_question_and_dimension(records):
    def said(*items: ItemLabel) -> Label:
        return label("a", None, "ann", items=items)

    first, second, third = (item.question for item in records[0].items)
    found = join(
        [
            said(
                ItemLabel(first, "event", match=False),
                ItemLabel(second, None, match=True),
                ItemLabel(third, "event", match=True),  # which was not verified
                ItemLabel(first, "tempo", match=True),  # no such item
                ItemLabel("Another?", None, match=True),
            ),
            label("b", True, "ann", items=(ItemLabel(first, "event", match=None),)),
        ],
        records,
        Path("l.jsonl"),
    )
    assert [(record.id, item.question, truth) for record, item, truth in found.items] == [
        ("a", first, False),
        ("a", second, True),
    ]
    assert found.strange_items == 2
    assert found.unsure == 0


def test_people_outvote_each_other_on_items(records):
    question = records[0].items[0].question
    said = [
        label("a", None, name, items=(ItemLabel(question, "event", match=match),))
        for name, match in (("ann", True), ("bob", False), ("eve", True))
    ]
    assert [truth for *_, truth in join(said, records, Path("l.jsonl")).items] == [True]
    assert join(said[:2], records, Path("l.jsonl")).items == ()
