"""The judge against servers that do what servers do."""

from __future__ import annotations

import base64
import json
import math
import threading
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor

import pytest

from audiojudge_cli.errors import ClipError, InputError, NotJudgedError
from audiojudge_cli.judges.base import Case, Remote, ended
from audiojudge_cli.judges.endpoint.judge import load
from audiojudge_cli.judges.endpoint.odds import bounded_odds
from audiojudge_cli.judges.endpoint.request import packed, tame
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill
from audiojudge_cli.judges.omni.windows import RATE
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.waits import StoppedError, ask_for_the_end, forget, insist
from audiojudge_cli.weights.server import Server
from tests.judges.endpoint.cases import make_case
from tests.judges.endpoint.chat_server import ordinary

YES, NO = {"yes", " yes", "Yes", " Yes", "YES", " YES"}, {"no", " no", "No", " No", "NO", " NO"}


def expected(case: Case, model: str = "m", top: int = 20) -> list[float]:
    """What the server's tokens mean, without anything between."""
    wording = bundled_prompts("default").wording(case.language)
    audio = base64.b64decode(packed(case.waveform.at(RATE)))
    found = []
    for item in case.items:
        values = {"question": item.question, "caption": case.caption, "dimension": item.dimension}
        odds = bounded_odds(ordinary(tame(fill(wording.question, values)), audio, model)[:top], YES, NO)
        found.append(round(odds.p_yes or 0.0, 4))
    return found


def p_yes(verdicts: Sequence[Verdict]) -> list[float | None]:
    return [verdict.p_yes for verdict in verdicts]


def test_answers_belong_to_their_items_and_clips_however_many_at_once(serve, judge_at):
    server = serve(slots=5, takes_s=0.002)
    judge = judge_at(server)
    cases = [make_case(number, items=1 + number % 4) for number in range(24)]
    with ThreadPoolExecutor(8) as pool:
        found = list(pool.map(lambda case: judge.judge([case])[0], cases))
    assert [p_yes(verdicts) for verdicts in found] == [expected(case) for case in cases]
    assert [p_yes(verdicts) for verdicts in judge.judge(cases[:3])] == [expected(case) for case in cases[:3]]
    assert isinstance(judge, Remote)
    told = server.told()
    assert judge.spent["requests"] == told["asked"] == 1 + sum(len(case.items) for case in (*cases, *cases[:3]))


@pytest.mark.parametrize("slots", [1, 4, 16])
@pytest.mark.parametrize("over", ["queue", "refuse"])
def test_as_many_requests_are_worked_on_as_the_server_has_slots(serve, judge_at, no_waits, slots, over):
    server = serve(slots=slots, over=over, takes_s=0.01 + 0.004 * slots)
    judge = judge_at(server)
    cases = [make_case(number, items=4) for number in range(10 + 2 * slots)]
    with ThreadPoolExecutor(32) as pool:
        found = list(pool.map(lambda case: judge.judge([case])[0], cases))
    assert server.told()["peak"] == slots
    assert [p_yes(verdicts) for verdicts in found] == [expected(case) for case in cases]


SPREAD = 35
"""Requests between the first and the last question about a clip, on average: 14 to 16 measured, 51.5 without ranks."""


def test_the_first_question_about_a_clip_comes_alone_and_the_others_together(serve, judge_at):
    server = serve(takes_s=0.01)
    judge = judge_at(server, concurrency=4)
    cases = [make_case(number, items=5) for number in range(20)]
    with ThreadPoolExecutor(20) as pool:
        list(pool.map(lambda case: judge.judge([case]), cases))
    order = server.told()["order"][1:]
    at = {clip: [number for number, each in enumerate(order) if each == clip] for clip in order}
    # First come first served would have asked about all twenty before the second question about any.
    assert sum(each[-1] - each[0] for each in at.values()) / len(at) < SPREAD


WAYS = [
    ({}, ("input_audio", 20, "max_tokens")),
    ({"forms": ["audio_url"]}, ("audio_url", 20, "max_tokens")),
    ({"top": 5}, ("input_audio", 5, "max_tokens")),
    ({"top": 5, "forms": ["audio_url"]}, ("audio_url", 5, "max_tokens")),
    ({"top": 0}, ("input_audio", 0, "max_tokens")),
    ({"top": -1}, ("input_audio", 0, "max_tokens")),
    ({"top": 0, "forms": ["audio_url"]}, ("audio_url", 0, "max_tokens")),
]


@pytest.mark.parametrize(("setup", "found"), WAYS)
def test_what_the_server_can_is_found_out(serve, judge_at, setup, found):
    ability = judge_at(serve(**setup)).ability
    assert (ability.audio, ability.top, ability.bound) == found


@pytest.mark.parametrize(
    ("setup", "options", "why"),
    [
        ({"forms": []}, {}, "Unknown part type"),
        ({"forms": ["audio_url"]}, {"audio": "input_audio"}, "Unknown part type"),
        ({"top": 0}, {"answers": "logprobs"}, "greater than 0"),
        ({"top": -1}, {"answers": "logprobs"}, "without log-probabilities"),
        ({"counts": False}, {"max_tokens": 10}, "--max-requests"),
        ({"key": "k"}, {}, "set AUDIOJUDGE_API_KEY"),
        ({"faults": [{"kind": 404, "first": 1}]}, {}, "is the base URL right"),
        ({"faults": [{"kind": 307, "first": 1}]}, {}, "HTTP 307.*give the address behind it"),
        # A server that says something is running.
        ({"faults": [{"kind": 500, "first": 1, "last": 99}]}, {}, "5 attempts, last: HTTP 500((?!running).)*$"),
        ({}, {"max_requests": 1, "base_url": "http://127.0.0.1:9"}, "--max-requests"),
        ({}, {"base_url": "http://127.0.0.1:9"}, "is the server running"),
    ],
)
def test_a_server_that_will_not_do_is_told_before_anything_is_judged(serve, judge_at, no_waits, setup, options, why):
    with pytest.raises(NotJudgedError, match=why):
        judge_at(serve(**setup), **options)


def test_a_server_that_is_still_starting_is_waited_for(serve, judge_at, no_waits):
    judge = judge_at(serve(faults=[{"kind": 503, "first": 1, "last": 4}]))
    assert judge.spent["requests"] == 5


@pytest.mark.parametrize(
    "kind",
    [429, 500, 503, "hang up", "truncated", "huge", "nan", "positive", "text", "sum", "other token", "no tokens"],
)
def test_a_fault_for_a_while_changes_nothing(serve, judge_at, no_waits, kind):
    judge = judge_at(serve(faults=[{"kind": kind, "first": 3, "last": 5}]))
    case = make_case(items=6)
    assert p_yes(judge.judge([case])[0]) == expected(case)


@pytest.mark.parametrize("kind", [500, "hang up", "nan"])
def test_a_clip_that_the_server_stumbles_over_is_that_clips_failure(serve, judge_at, no_waits, kind):
    # Five attempts of one request, then what it answered at the beginning.
    judge = judge_at(serve(faults=[{"kind": kind, "first": 2, "last": 6}]))
    with pytest.raises(ClipError, match="no answer in 5 attempts"):
        judge.judge([make_case(items=1)])
    assert ended(judge) is None
    assert len(judge.judge([make_case(items=1)])[0]) == 1
    assert judge.spent["requests"] == 1 + 5 + 1 + 1


@pytest.mark.parametrize("kind", [429, 500, "hang up", "truncated", "huge", "nan", "positive", "sum"])
def test_a_fault_for_ever_is_never_a_number(serve, judge_at, no_waits, kind):
    judge = judge_at(serve(faults=[{"kind": kind, "first": 2, "last": 999}]))
    with pytest.raises(StoppedError):
        judge.judge([make_case()])
    assert "no answer in 5 attempts" in (ended(judge) or "")
    with pytest.raises(StoppedError):
        judge.judge([make_case()])


def test_a_drip_has_one_deadline(serve, judge_at, no_waits):
    judge = judge_at(serve(faults=[{"kind": "drip", "first": 2, "last": 999}]), timeout_s=0.3)
    begun = time.monotonic()
    with pytest.raises(StoppedError):
        judge.judge([make_case()])
    assert time.monotonic() - begun < 3
    assert "no whole answer within 0.3 s" in (ended(judge) or "")


@pytest.mark.parametrize(("kind", "why"), [("neither", "neither yes nor no"), ("no logprobs", "no log-probabilities")])
def test_an_item_without_an_answer_is_unverifiable_and_the_others_are_not(serve, judge_at, kind, why):
    judge = judge_at(serve(faults=[{"kind": kind, "first": 3}]))
    case = make_case(items=4)
    verdicts = judge.judge([case])[0]
    (open_,) = [verdict for verdict in verdicts if verdict.p_yes is None]
    assert open_.answer == "unverifiable"
    assert why in open_.evidence
    rest = [p for p, verdict in zip(expected(case), verdicts, strict=True) if verdict.p_yes is not None]
    assert [p for p in p_yes(verdicts) if p is not None] == rest


def test_a_request_that_is_not_taken_is_that_clips_failure(serve, judge_at):
    judge = judge_at(serve(faults=[{"kind": 400, "first": 3}]))
    with pytest.raises(ClipError, match="does not take a question about this clip: HTTP 400") as caught:
        judge.judge([make_case(items=4)])
    assert caught.value.kind == "endpoint"
    assert ended(judge) is None
    assert len(judge.judge([make_case(items=4)])[0]) == 4


def test_another_model_is_not_mixed_in(serve, judge_at):
    judge = judge_at(serve(faults=[{"kind": "another model", "first": 3}]))
    with pytest.raises(StoppedError):
        judge.judge([make_case(items=4)])
    assert "now answers with another model, 'somebody-else'" in (ended(judge) or "")


@pytest.mark.parametrize("top", [1, 2, 5, 20])
def test_fewer_tokens_leave_an_error_that_holds(serve, judge_at, top):
    case = make_case(items=12)
    verdicts = judge_at(serve(), top_logprobs=top, refusal_floor=0.0).judge([case])[0]
    for verdict, truth in zip(verdicts, expected(case, top=40), strict=True):
        if verdict.p_yes is not None:
            assert abs(verdict.p_yes - truth) <= verdict.facts["p_yes_error"] + 1e-4
    known = [verdict.facts["p_yes_error"] for verdict in verdicts if verdict.p_yes is not None]
    assert (max(known) == 0) == (top == 20)


@pytest.mark.parametrize("samples", [1, 4])
def test_words_are_counted(serve, judge_at, samples):
    server = serve(top=0, words=['{"answer": "yes"}'])
    verdict = judge_at(server, samples=samples).judge([make_case(items=1)])[0][0]
    assert verdict.p_yes == round((samples + 1) / (samples + 2), 4)
    assert server.told()["asked"] == 5 + samples


def test_long_audio_is_windowed_as_for_omni(serve, judge_at):
    judge = judge_at(serve(), max_audio_s=1.5)
    verdicts = judge.judge([make_case(seconds=4.0, items=2)])[0]
    assert all("judged in 4 windows" in verdict.warnings[0] for verdict in verdicts)
    assert judge.spent["requests"] == 1 + 4 * 2


def test_a_budget_ends_the_judge_between_clips(serve, judge_at):
    judge = judge_at(serve(), max_requests=8)
    assert len(judge.judge([make_case(0)])[0]) == 3
    assert len(judge.judge([make_case(1)])[0]) == 3
    with pytest.raises(StoppedError):
        judge.judge([make_case(2)])
    assert ended(judge) == "the budget is used up: 7 of 8 requests (--max-requests) are made, and the next clip takes 3"
    assert judge.spent["requests"] == 7


@pytest.mark.parametrize("twice", [False, True])
def test_the_end_leaves_those_in_flight_a_moment_unless_it_is_asked_for_twice(serve, judge_at, twice):
    judge = judge_at(serve(takes_s=0.5))
    timer = threading.Timer(0.2, insist if twice else ask_for_the_end)
    timer.start()
    try:
        if twice:
            with pytest.raises(StoppedError):
                judge.judge([make_case()])
        else:
            assert len(judge.judge([make_case()])[0]) == 3
    finally:
        timer.join()
        forget()


def test_the_fingerprint_changes_with_what_answers_rest_on_and_not_with_the_address(serve, judge_at):
    server, other = serve(), serve()
    plain = judge_at(server).fingerprint
    assert judge_at(other, concurrency=3, timeout_s=9.0, max_requests=99).fingerprint == plain
    others = [
        judge_at(server, model="n"),
        judge_at(serve(served="m-2"), model="m"),
        judge_at(server, audio="audio_url"),
        judge_at(server, top_logprobs=7),
        judge_at(server, answers="text"),
        judge_at(server, answers="text", samples=3),
        judge_at(server, max_audio_s=30.0),
        judge_at(server, refusal_floor=0.1),
    ]
    assert len({plain, *(judge.fingerprint for judge in others)}) == 1 + len(others)


def test_a_card_names_server_and_options_and_what_is_given_goes_over_it(serve, tmp_path):
    server = serve(served="really")
    told = {"base_url": server.base, "model": "m", "top_logprobs": 9, "price": {"input": 1.0}}
    head = "name: ours\nfamily: endpoint\ntitle: t\ndescription: d\nlicence: none\n"
    path = tmp_path / "ours.yaml"
    path.write_text(f"{head}endpoint: {json.dumps(told)}\n")
    judge = load(card=str(path), endpoint=Server(top_logprobs=4, max_cost=1.0))
    assert (judge.name, judge.ability.top, judge.ability.served) == ("ours", 4, "really")
    assert judge.describe()["served"] == "really"
    assert math.isclose(judge.spent["cost"], judge.spent["prompt_tokens"] / 1e6, abs_tol=1e-6)


@pytest.mark.parametrize(
    ("options", "why"),
    [
        ({}, "--base-url"),
        ({"base_url": "http://h/v1"}, "--model"),
        ({"model": "m"}, "--base-url"),
        ({"base_url": "http://h/v1", "model": "m", "max_cost": 1.0}, "endpoint.price"),
        ({"base_url": "file:///etc", "model": "m"}, r"http\(s\)"),
    ],
)
def test_what_is_missing_is_asked_for(options, why):
    with pytest.raises(InputError, match=why):
        load(endpoint=Server(**options))
