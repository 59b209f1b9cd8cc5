from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.judges.endpoint.reply import BrokenReplyError, Usage, read_reply
from audiojudge_cli.judges.endpoint.words import counted, read_answer
from tests.judges.endpoint.chat_server import SPOILT, ChatServer, shaped

ASKED = {"model": "m", "messages": [], "logprobs": True, "top_logprobs": 5, "max_tokens": 1, "temperature": 0}


@pytest.fixture(scope="module")
def server() -> Iterator[ChatServer]:
    with ChatServer(0, {}) as made:
        yield made


def answer(server: ChatServer, **more: Any) -> Any:
    return shaped(server, ASKED | more, b"audio", "Is it?")


def test_the_shape_that_vllm_documents_is_read(server):
    reply = read_reply(json.dumps(answer(server)).encode())
    assert reply.model == "m"
    assert len(reply.tops or ()) == 5
    assert reply.is_top
    assert reply.usage == Usage(100, 1, 0)


@pytest.mark.parametrize("fault", sorted(set(SPOILT) - {"neither", "no logprobs", "another model"}))
def test_what_is_no_answer_is_never_read_as_one(server, fault):
    whole = answer(server)
    SPOILT[fault](whole)
    with pytest.raises(BrokenReplyError):
        read_reply(json.dumps(whole).encode())


@pytest.mark.parametrize("end", range(1, 400, 13))
def test_what_broke_off_is_no_answer(server, end):
    with pytest.raises(BrokenReplyError):
        read_reply(json.dumps(answer(server)).encode()[:-end])


@pytest.mark.parametrize("value", ["Infinity", "1e999", "NaN", "true", "null", '"-1"', "[]", "0.02"])
def test_no_number_that_is_none_passes_for_a_probability(server, value):
    whole = json.dumps(answer(server))
    first = json.dumps(answer(server)["choices"][0]["logprobs"]["content"][0]["top_logprobs"][0]["logprob"])
    with pytest.raises(BrokenReplyError):
        read_reply(whole.replace(f'"logprob": {first}', f'"logprob": {value}').encode())


def test_minus_infinity_is_a_probability_of_nothing(server):
    whole = answer(server)
    whole["choices"][0]["logprobs"]["content"][0]["top_logprobs"][4]["logprob"] = -float("inf")
    assert (read_reply(json.dumps(whole).encode()).tops or ())[4][1] == -float("inf")


def test_tokens_are_read_by_their_bytes(server):
    whole = answer(server)
    first = whole["choices"][0]["logprobs"]["content"][0]
    whole["choices"][0]["message"]["content"] = ""
    for token in (first, *first["top_logprobs"]):
        token["token"] = f"Ġ{token['token']}"
    assert not any("Ġ" in token for token, _ in read_reply(json.dumps(whole).encode()).tops or ())


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=8),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=12,
)
PLACES = [("model",), ("usage",), ("choices",), ("choices", 0), ("choices", 0, "message"), ("choices", 0, "logprobs")]
PLACES += [(*PLACES[-1], "content"), (*PLACES[-1], "content", 0), (*PLACES[-1], "content", 0, "top_logprobs")]
PLACES += [(*PLACES[-1], 0), (*PLACES[-1], 0, "logprob"), (*PLACES[-1], 0, "token"), (*PLACES[-1], 0, "bytes")]


@given(place=st.sampled_from(PLACES), value=json_values)
def test_whatever_stands_anywhere_is_an_answer_or_told(server, place, value):
    whole = answer(server)
    inside = whole
    for step in place[:-1]:
        inside = inside[step]
    inside[place[-1]] = value
    try:
        reply = read_reply(json.dumps(whole).encode())
    except BrokenReplyError:
        return
    assert all(isinstance(token, str) and chance <= 0 for token, chance in reply.tops or ())


@given(st.binary(max_size=60))
def test_any_bytes_are_an_answer_or_told(data):
    with pytest.raises(BrokenReplyError):
        read_reply(data)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ('{"answer": "yes"}', True),
        (' {"answer":"no"}\n', False),
        ('{"answer": "Yes"}', None),
        ('{"answer": "yes", "because": "x"}', None),
        ('{"answer": "yes", "answer": "no"}', None),
        ('{"answer": true}', None),
        ('{"answer": ["yes"]}', None),
        ('```json\n{"answer": "yes"}\n```', None),
        ("yes", None),
        ('"yes"', None),
        ("", None),
        ("[" * 100_000, None),
    ],
)
def test_an_answer_in_words_is_read_strictly(text, said):
    assert read_answer(text) is said


@pytest.mark.parametrize(
    ("said", "p_yes"),
    [("y", 2 / 3), ("n", 1 / 3), ("yyn", 3 / 5), ("y" * 8, 0.9), ("x", None), ("yx", None), ("yyx", 3 / 4), ("", None)],
)
def test_answers_are_counted_and_never_certain(said, p_yes):
    texts = [{"y": '{"answer": "yes"}', "n": '{"answer": "no"}', "x": "well"}[each] for each in said]
    part = counted(texts)
    assert part.p_yes == (None if p_yes is None else pytest.approx(p_yes))
    assert bool(part.reason) == (p_yes is None)
