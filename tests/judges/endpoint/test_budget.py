from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.endpoint.budget import Budget, SpentError
from audiojudge_cli.judges.endpoint.reply import Usage
from audiojudge_cli.weights.server import Price

PRICE = Price(input=2.0, output=10.0, audio=5.0)


def spend(budget: Budget, clips: list[tuple[int, int]], usage: Usage) -> int:
    """Judge clips of so many items each, some attempts of which fail; return how many were finished."""
    done = 0
    for items, failing in clips:
        with contextlib.suppress(SpentError), budget.reserve(items) as reserved:
            for number in range(items):
                budget.send(reserved, is_first=True)
                for _ in range(failing if number == 0 else 0):
                    budget.send(reserved, is_first=False)
                budget.take(reserved, usage)
            done += 1
    return done


clips = st.lists(st.tuples(st.integers(1, 9), st.integers(0, 3)), max_size=30)


@given(clips, st.integers(1, 60))
def test_never_one_request_too_many(asked, most):
    budget = Budget(max_requests=most)
    spend(budget, asked, Usage(10, 1))
    assert budget.requests <= most


@given(clips, st.integers(1, 500))
def test_tokens_are_exceeded_by_the_first_clip_at_most(asked, most):
    budget = Budget(max_tokens=most)
    spend(budget, asked, Usage(10, 1))
    assert budget.tokens <= max(most, 11 * (asked[0][0] if asked else 0))
    assert budget.tokens < most + 11


@given(clips)
def test_without_a_limit_everything_is_done(asked):
    assert spend(Budget(), asked, Usage(10, 1)) == len(asked)


def test_clips_at_once_share_the_budget():
    budget = Budget(max_requests=10)
    with budget.reserve(6) as one:
        with pytest.raises(SpentError, match="0 of 10 requests"), budget.reserve(5):
            pass
        budget.send(one, is_first=True)
        told = (
            r"1 of 10 requests \(--max-requests\) are made, and clips that are begun take 5 more, the next clip takes 5"
        )
        with pytest.raises(SpentError, match=told), budget.reserve(5):
            pass
        budget.take(one, Usage())
        for _ in range(5):
            budget.send(one, is_first=True)
            budget.take(one, Usage())
    with budget.reserve(4):
        pass


@given(st.lists(st.tuples(st.integers(0, 3), st.booleans()), max_size=40))
def test_whichever_clip_ends_first_its_own_plan_ends(steps):
    budget = Budget(max_requests=10_000)
    opened = [budget.reserve(3) for _ in range(4)]
    held = [each.__enter__() for each in opened]
    for at, is_first in steps:
        if is_first and held[at].unsent:
            budget.send(held[at], is_first=True)
    for at in (2, 0, 3, 1):
        before = sum(one.unsent for one in budget._open)
        opened[at].__exit__(None, None, None)
        assert sum(one.unsent for one in budget._open) == before - held[at].unsent
    assert budget._open == []


def test_what_a_clip_did_not_use_is_free_again():
    budget = Budget(max_requests=10)
    with contextlib.suppress(ValueError), budget.reserve(9) as one:
        budget.send(one, is_first=True)
        raise ValueError
    with budget.reserve(9):
        pass


def test_costs_are_those_of_the_price():
    budget = Budget(price=PRICE)
    budget.send(None, is_first=True)
    budget.take(None, Usage(1000, 2, 800))
    assert budget.spent == {"requests": 1, "prompt_tokens": 1000, "completion_tokens": 2, "cost": 0.00442}
    # Servers that count no audio apart, and one that counts more audio than prompt.
    assert PRICE.of(1000, 0) == pytest.approx(0.002)
    assert PRICE.of(10, 0, 99) == pytest.approx(10 * 5 / 1e6)
    assert Price(input=1.0).of(1000, 1000, 500) == pytest.approx(0.001)


def test_the_dearest_request_so_far_tells_what_the_next_may_take():
    budget = Budget(max_cost=0.01, price=PRICE)
    for prompt in (100, 2000):
        budget.send(None, is_first=True)
        budget.take(None, Usage(prompt, 1))
    with budget.reserve(1):
        pass
    with pytest.raises(SpentError, match=r"--max-cost.*takes 2 requests of up to 0\.00401"), budget.reserve(2):
        pass
