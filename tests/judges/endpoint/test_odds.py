"""What the likeliest tokens tell, against what all tokens would."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.endpoint.odds import bounded_odds

YES, NO = frozenset({"yes", " yes", "Yes"}), frozenset({"no", " no", "No"})
WORDS = sorted(YES | NO) + [f"word{at}" for at in range(14)]

scores = st.lists(st.floats(-30, 30), min_size=len(WORDS), max_size=len(WORDS))


def tops_of(logits: Any, count: int) -> tuple[dict[str, float], list[tuple[str, float]]]:
    logs = np.array(logits) - np.logaddexp.reduce(logits)
    ranked = sorted(zip(WORDS, logs.tolist(), strict=True), key=lambda top: -top[1])
    return dict(zip(WORDS, logs.tolist(), strict=True)), [(word, min(0.0, value)) for word, value in ranked[:count]]


@given(scores, st.integers(1, len(WORDS)))
def test_the_truth_is_never_further_off_than_the_error(logits, count):
    logs, tops = tops_of(logits, count)
    best = [max(logs[word] for word in side) for side in (YES, NO)]
    truth = 1 / (1 + math.exp(min(700, best[1] - best[0])))
    mass = sum(math.exp(logs[word]) for word in YES | NO)
    told = bounded_odds(tops, YES, NO)
    listed = [any(word in side for word, _ in tops) for side in (YES, NO)]
    assert (told.p_yes is None) == (not any(listed))
    assert (told.error == 0) == all(listed) or told.error < 1e-12
    assert 0 <= told.mass <= mass + 1e-9
    assert mass <= told.mass + told.rest + 1e-9
    if told.p_yes is not None:
        assert abs(told.p_yes - truth) <= told.error + 1e-9
        assert 0 <= told.p_yes <= 1


@pytest.mark.parametrize("chance", [0.9, 0.5, 0.3])
def test_a_chosen_token_alone_leaves_everything_else_open(chance):
    told = bounded_odds([("yes", math.log(chance))], YES, NO, is_top=False)
    # The other side may have all the rest.
    assert told.p_yes is not None
    assert told.p_yes - told.error == pytest.approx(chance)
    assert told.p_yes + told.error == pytest.approx(1.0)


def test_more_tokens_never_make_the_error_larger():
    _, tops = tops_of([3, 2, 1, -4, -5, -6, *[0.0] * 14], len(WORDS))
    errors = [bounded_odds(tops[:count], YES, NO).error for count in range(2, len(WORDS) + 1)]
    assert errors == sorted(errors, reverse=True)
    assert errors[-1] == 0


@pytest.mark.parametrize("value", [-9999.0, -math.inf])
def test_a_token_without_any_probability_says_nothing_certain(value):
    told = bounded_odds([("word", 0.0), ("yes", value)], YES, NO)
    assert told.mass == 0
    assert told.p_yes is None or 0 <= told.p_yes - told.error <= told.p_yes + told.error <= 1
