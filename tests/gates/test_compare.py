from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.gates.compare import compare


@pytest.fixture
def two(make_run):
    """40 clips: music falls by 0.1, speech stays; clip 3 loses an item; 38 is new, 39 gone, 37 broke."""
    base = np.random.default_rng(1).uniform(0.7, 0.95, 37).round(4)
    kinds = ["music", "speech"]
    old: list[dict[str, Any]] = [
        {"id": f"c{n}", "answers": [p, 0.8], "subset": kinds[n % 2], "dimensions": ["mood", "count"]}
        for n, p in enumerate(base)
    ]
    new = [{**row, "answers": [round(row["answers"][0] - 0.1 * (n % 2 == 0), 4), 0.8]} for n, row in enumerate(old)]
    new[3] = {**new[3], "answers": [new[3]["answers"][0], 0.1], "evidence": "Two knocks at 0.4 s."}
    old += [{"id": "c37", "caption": "x"}, {"id": "gone", "caption": "y"}]
    new += [{"id": "c37", "caption": "x", "error": "empty"}, {"id": "extra", "caption": "z"}]
    return make_run(old, "old"), make_run(new, "new")


def test_what_moved(two):
    found = compare(*two)
    rows = {(change.kind, change.name): change for change in found.changes}
    music, speech = rows["subset", "music"], rows["subset", "speech"]
    assert music.change == pytest.approx(-0.05)
    assert music.surely
    assert not speech.surely
    assert rows["dimension", "mood"].change == pytest.approx(-0.1 * 19 / 37)
    assert rows["overall", "error_rate"].change == pytest.approx(1 / 38)
    overall = rows["overall", "score.mean"]
    assert overall.new - overall.old == pytest.approx(overall.change)
    assert overall.low is not None
    assert overall.high is not None
    assert overall.low < overall.change < overall.high < 0


def test_clips_and_items(two):
    found = compare(*two)
    assert found.fell[0].id == "c3"
    assert found.fell[0].old - found.fell[0].new == pytest.approx(0.35, abs=1e-4)
    assert found.rose == ()
    (flip,) = found.flips
    assert (flip.id, flip.old.p_yes, flip.new.p_yes) == ("c3", 0.8, 0.1)
    assert flip.new.evidence == "Two knocks at 0.4 s."
    assert (found.flipped, found.regained) == (1, 0)
    assert (found.only_old, found.only_new, found.lost, found.gained) == (("gone",), ("extra",), ("c37",), ())


def test_the_other_way_round(two):
    there, back = compare(*two), compare(*reversed(two))
    assert [change.change for change in back.changes] == pytest.approx([-change.change for change in there.changes])
    assert [change.p_value for change in back.changes] == pytest.approx([change.p_value for change in there.changes])
    assert back.rose[0].id == "c3"
    assert (back.regained, back.gained, back.only_old) == (1, ("c37",), ("extra",))


def test_top_limits_what_is_listed_and_not_what_is_counted(make_run):
    old = make_run([{"answers": [0.9]} for _ in range(30)], "old")
    new = make_run([{"answers": [0.1 + n / 100]} for n in range(30)], "new")
    found = compare(old, new, top=4)
    assert [clip.id for clip in found.fell] == ["clip0", "clip1", "clip2", "clip3"]
    assert [flip.id for flip in found.flips] == ["clip0", "clip1", "clip2", "clip3"]
    assert found.flipped == 30


def test_a_changed_rubric_is_no_pair(make_run):
    old, new = make_run([{}, {}], "old"), make_run([{}, {"questions": ["Another?"]}], "new")
    found = compare(old, new)
    assert (found.pairs, found.changed) == (1, ("clip1",))


def test_runs_without_a_common_clip(make_run):
    with pytest.raises(InputError, match=r"have no clip in common.* one begins with a, the other with b"):
        compare(make_run([{"id": "a"}], "old"), make_run([{"id": "b"}], "new"))
    with pytest.raises(InputError, match=r"every clip .* another caption or rubric \(first: clip0\)"):
        compare(make_run([{"caption": "One."}], "old"), make_run([{"caption": "Two."}], "new"))


def test_runs_that_do_not_compare(make_run):
    good = make_run([{}], "good")
    with pytest.raises(InputError, match="another judge"):
        compare(make_run([{}], "judge", judge="j2"), good)
    with pytest.raises(InputError, match="another rubric"):
        compare(make_run([{"questions": ["Another?"]}], "expander", expander="e2"), good)
    assert compare(make_run([{}], "same-items", expander="e2"), good).pairs == 1
    with pytest.raises(NotJudgedError):
        compare(good, make_run([], "empty"))
    with pytest.raises(InputError, match="not a run folder"):
        compare(good, good.parent / "nowhere")


def rows_of(shift: float, faults: list[list[str]]) -> list[dict[str, Any]]:
    """Return clips whose noise grows and whose bandwidth stays, two of them of one caption."""
    return [
        {"caption": f"{n // 2}", "quality": {"snr_db": 30 + n / 7 - shift, "lufs": -20 - shift, "bandwidth_hz": 8000.0}}
        | {"faults": faults[n] if n < len(faults) else []}
        for n in range(30)
    ]


@pytest.mark.parametrize("judged", [True, False])
def test_what_was_measured_of_the_files(make_run, judged):
    old = make_run(rows_of(0, [["loop"], ["clipped"], []]), "old", judged=judged)
    new = make_run(rows_of(5, [["loop"], ["loop"], ["clipped"]]), "new", judged=judged)
    found = compare(old, new)
    rows = {change.name: change for change in found.changes if change.kind == "quality"}
    # Bandwidth moved nowhere; one clip got the fault that another lost, so the share of clipped ones stays.
    assert set(rows) == {"snr_db", "lufs", "fault_rate", "fault_rate.loop", "fault_rate.clipped"}
    assert rows["fault_rate.clipped"].change == 0
    assert rows["snr_db"].change == pytest.approx(-5)
    assert (rows["snr_db"].is_worse, rows["snr_db"].is_better) == (True, False)
    # Neither louder nor quieter is worse.
    assert rows["lufs"].surely
    assert {rows["lufs"].is_worse, rows["lufs"].is_better} == {False}
    assert not rows["fault_rate"].surely
    assert found.faulty == ("clip1", "clip2")
    same = make_run(rows_of(0, [["loop"], ["clipped"]]), "same", judged=judged)
    assert not any(change.kind == "quality" for change in compare(old, same).changes)
    back = {change.name: change for change in compare(new, old).changes}["snr_db"]
    assert (back.is_worse, back.is_better) == (False, True)


def test_what_was_measured_takes_no_certainty_from_what_was_judged(make_run):
    def judged_rows(fall: float, quality: bool) -> list[dict[str, Any]]:
        measured = rows_of(fall, []) if quality else [{}] * 30
        return [measured[n] | {"caption": f"{n}", "answers": [0.9 - fall * n / 600]} for n in range(30)]

    found = []
    for quality in (True, False):
        old, new = (make_run(judged_rows(fall, quality), f"{fall}{quality}") for fall in (0, 5))
        found.append({change.kind + change.name: change.p_value for change in compare(old, new).changes})
    both, alone = found
    assert "qualitysnr_db" in both.keys() - alone.keys()
    assert {name: both[name] for name in alone} == alone


def test_a_baseline_of_an_earlier_version_has_nothing_to_compare_quality_with(make_run):
    old = make_run([{"answers": [0.5]}] * 4, "old")
    new = make_run([{"answers": [0.6], "quality": {"lufs": -9.0}}] * 4, "new")
    found = compare(old, new)
    assert {change.kind for change in found.changes} <= {"overall", "subset", "dimension"}
    assert found.faulty == ()


@pytest.mark.parametrize("captions", [1, 2, 5, 6, 30])
def test_an_interval_is_told_only_where_there_are_captions_enough(make_run, captions):
    draw = np.random.default_rng(captions)
    old: list[dict[str, Any]] = [
        {"caption": f"c{n % captions}", "answers": [float(p)]} for n, p in enumerate(draw.uniform(0.5, 1, 40).round(4))
    ]
    new: list[dict[str, Any]] = [
        {**row, "answers": [round(row["answers"][0] - float(draw.uniform(0, 0.5)), 4)]} for row in old
    ]
    whole = compare(make_run(old, "old"), make_run(new, "new")).changes
    few = compare(make_run(old[:captions], "old-few"), make_run(new[:captions], "new-few")).changes
    for changes, word in ((whole, "too few captions"), (few, "too few pairs")):
        score = next(change for change in changes if change.name == "score.mean")
        assert score.no_interval == (word if captions < 6 else None)
        for change in changes:
            assert (change.low is None) == (change.high is None) == (change.no_interval is not None)
            if change.low is not None and change.high is not None:
                assert change.low < change.high
                assert change.high - change.low < 1


@pytest.mark.parametrize("moved", [1, 2, 5, 6, 12])
@pytest.mark.parametrize("repeats", [1, 3])
def test_an_interval_needs_captions_that_moved(make_run, moved, repeats):
    draw = np.random.default_rng(moved)
    start = draw.uniform(0.3, 0.7, 30).round(4)
    drop = np.where(np.arange(30) < moved, draw.uniform(0.01, 0.3, 30), 0).round(4)
    old, new = (
        [{"caption": f"c{n}", "answers": [float(p)]} for n, p in enumerate(each.round(4)) for _ in range(repeats)]
        for each in (start, start - drop)
    )
    found = next(one for one in compare(make_run(old, "old"), make_run(new, "new")).changes if one.name == "score.mean")
    assert found.no_interval == ("too few moved" if moved < 6 else None)
    if found.low is not None and found.high is not None:
        assert -drop.max() <= found.low < found.change < found.high <= 0.05
    assert found.surely is False or moved >= 6


def test_what_has_no_spread_has_no_interval(make_run):
    rows: list[dict[str, Any]] = [{"answers": [0.9 - n / 100], "quality": {"lufs": -20.0 - n}} for n in range(8)]
    louder = [{**row, "quality": {"lufs": row["quality"]["lufs"] + 3}} for row in rows]
    found = {change.name: change for change in compare(make_run(rows, "old"), make_run(louder, "new")).changes}
    assert (found["score.mean"].no_interval, found["lufs"].no_interval) == ("nothing moved", "all moved alike")
    assert found["lufs"].surely
    assert not found["score.mean"].surely
