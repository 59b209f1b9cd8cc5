"""The order of clips: all of them once, random ones whatever the judge says, doubtful ones first, kinds by turns."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.labelling.order import EVERY, STEP, Candidate, candidate, in_order
from audiojudge_cli.results.index import read_records

KINDS = st.tuples(st.sampled_from(["sound", "speech", ""]), st.sampled_from(["event", "tempo"]))
CANDIDATES = st.lists(
    st.builds(Candidate, st.text(max_size=4), st.integers(0, 10000).map(lambda n: n / 10000), KINDS),
    unique_by=lambda one: one.id,
    max_size=60,
)


@given(CANDIDATES, st.integers(0, 3), st.randoms())
def test_every_clip_comes_once_in_an_order_of_its_own(found, seed, random):
    order = in_order(found, seed=seed)
    assert sorted(turn.id for turn in order) == sorted(one.id for one in found)
    mixed = list(found)
    random.shuffle(mixed)
    assert in_order(mixed, seed=seed) == order


@given(CANDIDATES)
def test_every_fourth_is_drawn_whatever_the_judge_says(found):
    order = in_order(found)
    drawn = [turn.id for turn in order if turn.drawn == "random"]
    assert len(drawn) == -(-len(found) // EVERY)
    assert all((turn.drawn == "random") == (at % EVERY == EVERY - 1) for at, turn in enumerate(order[:-1]))
    other = in_order([replace(one, distance=1 - one.distance, kind=("x", "y")) for one in found])
    assert [turn.id for turn in other if turn.drawn == "random"] == drawn


@given(CANDIDATES)
def test_the_doubtful_come_first_and_kinds_take_turns(found):
    known = {one.id: one for one in found}
    chosen = [known[turn.id] for turn in in_order(found) if turn.drawn == "chosen"]
    steps = [int(round(one.distance * 10000) // round(STEP * 10000)) for one in chosen]
    assert steps == sorted(steps)
    for step in set(steps):
        within = [one for one, at in zip(chosen, steps, strict=True) if at == step]
        whole, seen = Counter(one.kind for one in within), Counter[tuple[str, str]]()
        for one in within:
            # No kind that still has clips lies two turns behind.
            assert all(seen[kind] >= min(seen[one.kind], count) for kind, count in whole.items())
            seen[one.kind] += 1
        for kind in whole:
            distances = [one.distance for one in within if one.kind == kind]
            assert distances == sorted(distances)


def test_another_seed_draws_others():
    found = [Candidate(str(at), 0.0, ("", "")) for at in range(200)]
    drawn = [{turn.id for turn in in_order(found, seed=seed) if turn.drawn == "random"} for seed in (0, 1)]
    assert drawn[0] != drawn[1]


def test_what_is_near_the_threshold_and_what_was_not_decided(make_run):
    run = make_run(
        [
            {"answers": [0.9, 0.2], "dimensions": ["event", "tempo"], "subset": "music"},
            {"answers": [None]},
            {"error": "not-found"},
        ]
    )
    first, *others = (candidate(record) for record in read_records(run))
    assert first is not None
    assert first.kind == ("music", "tempo")
    assert first.distance == pytest.approx(0.5 - (0.55 + 0.2) / 2)
    assert others == [None, None]
