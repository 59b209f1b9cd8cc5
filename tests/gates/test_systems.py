from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError, NotJudgedError
from audiojudge_cli.gates.compare import compare
from audiojudge_cli.gates.prompted import MOST_SYSTEMS
from audiojudge_cli.gates.systems import Systems, compare_systems

GAIN = 0.3


def answers(system: int, prompt: int) -> list[float]:
    """Two answers to a prompt, better the higher the number of the system."""
    base = 0.05 + (prompt * 7 % 10) / 25
    return [round(min(1.0, base + system * GAIN), 4), round(min(1.0, base / 2 + system * GAIN), 4)]


def rows(names: str, prompts: int = 12, **more: Any) -> list[dict[str, Any]]:
    """Every system answers every prompt once."""
    return [
        {
            "id": f"{name}{at}",
            "caption": f"Caption {at}.",
            "answers": answers(number, at),
            "dimensions": ["event", "tempo"],
            "subset": "music" if at % 3 else "sound",
            "metadata": {"model": name, "prompt_id": at},
            **more,
        }
        for at in range(prompts)
        for number, name in enumerate(names)
    ]


def figures(found: Systems) -> dict[tuple[str, str, str], tuple[Any, ...]]:
    return {
        (duel.first, duel.second, f"{change.kind} {change.name}"): tuple(
            None if each is None else round(each, 9)
            for each in (change.old, change.new, change.change, change.low, change.high, change.p_value, change.pairs)
        )
        for duel in found.duels
        for change in duel.changes
    }


def test_two_systems_compare_as_two_runs_of_them_would(make_run):
    both = make_run(rows("ab"), "both")
    old, new = (
        make_run(
            [
                {**row, "id": f"clip{row['metadata']['prompt_id']}"}
                for row in rows("ab")
                if row["metadata"]["model"] == name
            ],
            name,
        )
        for name in "ab"
    )
    found, moved = compare_systems(both, "model"), compare(old, new)
    [duel] = found.duels
    assert len(moved.changes) == len(duel.changes) == found.judged > 6
    for mine, theirs in zip(duel.changes, moved.changes, strict=True):
        assert (mine.kind, mine.name, mine.pairs, mine.captions) == (
            theirs.kind,
            theirs.name,
            theirs.pairs,
            theirs.captions,
        )
        told = [(each.old, each.new, each.change, each.p_value) for each in (mine, theirs)]
        assert told[0] == pytest.approx(told[1])
    assert duel.prompts == moved.pairs == 12
    assert duel.ahead == (0, 12)
    assert {"score.mean", "event", "tempo"} <= {change.name for change in duel.changes if change.is_better}


def test_order_of_the_manifest_and_repeats_change_nothing(make_run):
    once = figures(compare_systems(make_run(rows("abc"), "once"), "model"))
    turned = figures(compare_systems(make_run(rows("abc")[::-1], "turned"), "model"))
    often = [{**row, "id": f"{row['id']}-{take}"} for row in rows("abc") for take in range(3)]
    repeated = compare_systems(make_run(often, "often"), "model")
    assert once == turned == figures(repeated)
    assert {(one.clips, one.prompts, one.repeated) for one in repeated.systems} == {(36, 12, 12)}


def test_a_prompt_counts_once_however_often_one_system_answers_it(make_run):
    lone = [{**rows("ab")[0], "id": f"again{take}"} for take in range(50)]
    assert figures(compare_systems(make_run([*rows("ab"), *lone], "heavy"), "model")) == figures(
        compare_systems(make_run(rows("ab"), "plain"), "model")
    )


def test_every_pair_of_systems_is_corrected_together(make_run):
    run = make_run(rows("abcd"), "four")
    found, alone = compare_systems(run, "model"), compare_systems(run, "model", systems=("b", "a"))
    assert [(duel.first, duel.second) for duel in found.duels] == [
        tuple(pair) for pair in ("ab", "ac", "ad", "bc", "bd", "cd")
    ]
    assert found.judged == 6 * 4
    [duel] = alone.duels
    assert (duel.first, duel.second, duel.ahead) == ("b", "a", (12, 0))
    assert duel.changes[0].change == pytest.approx(-found.duels[0].changes[0].change)
    assert {change.kind for change in duel.changes} == {"overall", "subset", "dimension"}
    assert any("24 clips of other systems" in note for note in alone.notes)


@settings(max_examples=20, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.data())
def test_systems_that_are_alike_do_not_differ(make_run, data):
    """Both systems have the same answers, to prompts that neither, one or both answered."""
    told = data.draw(st.lists(st.tuples(st.booleans(), st.booleans()), min_size=1, max_size=9))
    made = [
        row for row in rows("ab", len(told)) if told[row["metadata"]["prompt_id"]]["ab".index(row["metadata"]["model"])]
    ]
    for row in made:
        row["answers"] = answers(0, row["metadata"]["prompt_id"])
    both, first, second = (sum(pair == kind for pair in told) for kind in ((True, True), (True, False), (False, True)))
    if not both:
        with pytest.raises((InputError, NotJudgedError)):
            compare_systems(make_run(made), "model")
        return
    [duel] = compare_systems(make_run(made), "model").duels
    assert (duel.prompts, duel.only_first.count, duel.only_second.count) == (both, first, second)
    assert (duel.ahead, duel.even) == ((0, 0), both)
    for change in duel.changes:
        assert not change.surely
        assert (change.change, change.low, change.high) == (0, None, None)


@pytest.mark.parametrize("prompts", [1, 2, 5, 6, 7])
def test_few_prompts_show_nothing_and_have_no_interval(make_run, prompts):
    found = compare_systems(make_run(rows("ab", prompts)), "model")
    score = found.duels[0].changes[0]
    assert score.change == pytest.approx(GAIN)
    enough = prompts >= 6
    assert score.no_interval == ("all moved alike" if enough else "too few pairs")
    assert score.low is None
    assert any("no difference can be told from chance" in note for note in found.notes) != enough
    assert enough or not any(change.surely for change in found.duels[0].changes)


def test_what_has_no_score_is_no_zero(make_run):
    made = rows("ab")
    made[0] |= {"answers": [None, None]}
    made[3] |= {"error": "decode"}
    del made[6]["metadata"]["model"]
    found = compare_systems(make_run(made), "model")
    [duel] = found.duels
    assert duel.unscored == (1, 1)
    assert duel.only_second.count == 1
    by_name = {change.name: change for change in duel.changes}
    assert by_name["score.mean"].pairs == 9
    assert by_name["score.mean"].change == pytest.approx(GAIN)
    assert by_name["error_rate"].pairs == 11
    assert "1 clip without a model: left out" in found.notes


def test_prompts_are_named_by_a_column(make_run):
    made = [{**row, "caption": f"{row['caption']} ({row['metadata']['model']})"} for row in rows("ab")]
    made[0]["metadata"] = {"model": "a"}
    run = make_run(made)
    with pytest.raises(InputError, match=r"no caption in common, .* name the column .* with --pair-by"):
        compare_systems(run, "model")
    found = compare_systems(run, "model", pair_by="prompt_id")
    assert found.duels[0].prompts == 11
    assert found.duels[0].best_of_second[0].prompt in {str(at) for at in range(12)}
    assert "1 clip without a prompt_id: left out" in found.notes


def test_prompts_that_share_a_caption_are_no_independent_evidence(make_run):
    made = [{**row, "caption": "The same."} for row in rows("ab")]
    found = compare_systems(make_run(made), "model", pair_by="prompt_id")
    score = found.duels[0].changes[0]
    assert (score.pairs, score.captions, score.low) == (12, 1, None)
    assert not score.surely


def test_other_rubrics_are_left_out_and_counted(make_run):
    made = rows("ab")
    made[1] |= {"questions": ["Is it loud?", "Is it fast?"]}
    found = compare_systems(make_run(made), "model")
    assert (found.duels[0].prompts, found.duels[0].other_rubric) == (11, 1)
    named = compare_systems(make_run(made), "model", pair_by="prompt_id")
    assert (named.duels[0].prompts, named.duels[0].other_rubric) == (12, 1)
    with pytest.raises(InputError, match="rubrics differ in all of them"):
        compare_systems(make_run([{**row, "questions": [row["id"], "?"]} for row in rows("ab")]), "model")


def test_pairs_without_a_common_prompt_are_said_and_the_others_compared(make_run):
    made = [row for row in rows("abc") if not (row["metadata"]["model"] == "c" and row["metadata"]["prompt_id"] > 5)]
    made = [row for row in made if not (row["metadata"]["model"] == "b" and row["metadata"]["prompt_id"] < 6)]
    found = compare_systems(make_run(made), "model")
    assert [(duel.first, duel.second, duel.prompts) for duel in found.duels] == [("a", "b", 6), ("a", "c", 6)]
    assert "no common caption, so not compared: b and c" in found.notes


def test_runs_that_only_measure(make_run):
    made = [{**row, "quality": {"lufs": -20.0 - number % 2 - number / 50}} for number, row in enumerate(rows("ab"))]
    found = compare_systems(make_run(made, judged=False), "model")
    [duel] = found.duels
    assert (found.judged > 0, found.measured) == (True, 1)
    lufs = next(change for change in duel.changes if change.name == "lufs")
    assert lufs.change == pytest.approx(-1.02)
    assert lufs.surely
    assert duel.unscored == (0, 0)


def test_it_draws_no_chance_from_nothing(make_run):
    """Two systems with the same distribution of scores: at most one run in twenty may call any row a difference."""
    random = np.random.default_rng(5)
    wrong = 0
    for at in range(12):
        made = [{**row, "answers": random.uniform(0, 1, 2).round(4).tolist()} for row in rows("ab", 10)]
        wrong += any(change.surely for change in compare_systems(make_run(made, f"run{at}"), "model").duels[0].changes)
    assert wrong <= 2  # of 12 at 5 %: more would happen once in fifty times


@pytest.mark.parametrize(
    ("by", "options", "said"),
    [
        (
            "modell",
            {},
            r"no column 'modell' \(did you mean 'model'\?\); there are: subset, language, status, model, prompt",
        ),
        ("model", {"pair_by": "prompt"}, r"no column 'prompt' \(did you mean 'prompt_id'"),
        ("model", {"pair_by": "model"}, "both 'model'"),
        ("language", {}, "language has only 'en' here; it takes two systems"),
        ("model", {"systems": ("a", "z")}, "no model 'z'; there are: a, b"),
        ("model", {"systems": ("a", "a")}, "only 'a' here"),
        ("subset", {}, "music and sound have no caption in common"),
        ("prompt_id", {}, f"12 values .* at most {MOST_SYSTEMS} systems"),
    ],
)
def test_what_cannot_be_compared(make_run, by, options, said):
    with pytest.raises(InputError, match=said):
        compare_systems(make_run(rows("ab")), by, **options)


def test_a_run_of_which_nothing_is_known(make_run, tmp_path):
    with pytest.raises(NotJudgedError):
        compare_systems(make_run([{**row, "error": "decode"} for row in rows("ab")]), "model")
    with pytest.raises(InputError, match="not a run folder"):
        compare_systems(tmp_path, "model")


def test_many_systems_list_all_pairs(make_run):
    names = "abcdefghij"[:MOST_SYSTEMS]
    found = compare_systems(make_run(rows(names, 6)), "model")
    assert len(found.duels) == len(names) * (len(names) - 1) // 2
    assert found.judged == 4 * len(found.duels)
