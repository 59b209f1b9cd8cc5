import email.utils
import json
import time
from typing import Any

import pytest

from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.endpoint import EndpointWriter
from audiojudge_cli.rubrics.llm import SCHEMA
from audiojudge_cli.rubrics.writer import Message, WriterError

ASK: list[Message] = [{"role": "user", "content": "hello"}]


def writer(base: str, waits: list[float], **more: Any) -> EndpointWriter:
    return EndpointWriter(base, "model", key="secret", sleep=waits.append, **more)


def test_asks_the_chat_api_with_the_schema(chat_server: Any, reply: Any) -> None:
    with chat_server(reply("an answer")) as chat:
        assert writer(chat.base + "/chat/completions", []).write(ASK, SCHEMA) == "an answer"
    (asked,) = chat.requests
    assert asked["path"] == "/v1/chat/completions"
    assert asked["messages"] == ASK
    assert asked["temperature"] == 0
    assert asked["response_format"]["json_schema"]["schema"] == SCHEMA
    assert chat.headers[0]["Authorization"] == "Bearer secret"


def test_waits_as_retry_after_says(chat_server: Any, reply: Any) -> None:
    waits: list[float] = []
    date = email.utils.formatdate(time.time() + 5, usegmt=True)
    overload = [
        reply(status=429, headers={"Retry-After": "7"}),
        reply(status=503, headers={"Retry-After": date}),
        reply(status=429, headers={"Retry-After": "99999999999999999999"}),
        reply(status=500, headers={"Retry-After": "soon"}),
    ]
    with chat_server(*overload, reply("late")) as chat:
        assert writer(chat.base, waits).write(ASK, SCHEMA) == "late"
    assert waits[0] == 7.0
    assert 2.0 < waits[1] <= 5.0
    assert waits[2] == 60.0
    assert waits[3] == 4.0


@pytest.mark.parametrize(
    "broken",
    [
        {"status": 500},
        {"body": "<html>"},
        {"body": '{"choices": []}'},
        {"body": '{"choices": [{"message": null}]}'},
        {"hang_up": True},
    ],
)
def test_broken_answers_are_tried_again_then_reported(chat_server: Any, reply: Any, broken: dict[str, Any]) -> None:
    waits: list[float] = []
    with chat_server(reply(**broken)) as chat, pytest.raises(WriterError, match="no answer in 5 attempts"):
        writer(chat.base, waits).write(ASK, SCHEMA)
    assert len(chat.requests) == 5
    assert waits == [0.5, 1.0, 2.0, 4.0]


def test_time_outs_are_tried_again(chat_server: Any, reply: Any) -> None:
    with chat_server(reply("never read", wait_s=0.6), reply("in time")) as chat:
        assert writer(chat.base, [], timeout_s=0.2).write(ASK, SCHEMA) == "in time"


def test_a_refused_request_is_not_repeated(chat_server: Any, reply: Any) -> None:
    told = reply(status=401, body='{"error": "bad key"}')
    with chat_server(told) as chat, pytest.raises(WriterError, match=r"HTTP 401.*bad key"):
        writer(chat.base, []).write(ASK, SCHEMA)
    assert len(chat.requests) == 1


@pytest.mark.parametrize(
    ("field", "told"),
    [
        ("response_format", "unknown field response_format"),
        ("max_tokens", "Unsupported parameter: 'max_tokens'. Use 'max_completion_tokens' instead."),
        ("max_tokens", "This model's maximum context length is 2048 tokens. You requested max_tokens=4096."),
    ],
)
def test_servers_that_do_not_take_a_field_are_asked_without_it(
    chat_server: Any, reply: Any, field: str, told: str
) -> None:
    unknown = reply(status=400, body=json.dumps({"error": told}))
    with chat_server(unknown, reply("plain")) as chat:
        asker = writer(chat.base, [])
        assert asker.write(ASK, SCHEMA) == "plain"
        assert asker.write(ASK, SCHEMA) == "plain"
    assert [field in asked for asked in chat.requests] == [True, False, False]
    other = {"response_format": "max_tokens", "max_tokens": "response_format"}[field]
    assert all(other in asked for asked in chat.requests)


def test_redirects_are_not_followed(chat_server: Any, reply: Any) -> None:
    with chat_server(reply("elsewhere")) as other:
        moved = reply(status=302, headers={"Location": other.base})
        with chat_server(moved) as chat, pytest.raises(WriterError, match="HTTP 302"):
            writer(chat.base, []).write(ASK, SCHEMA)
    assert other.requests == []


def test_refusals_and_parts_come_back_as_text(chat_server: Any, reply: Any) -> None:
    refusal = reply(body='{"choices": [{"message": {"content": null, "refusal": "I cannot"}}]}')
    parts = reply(body='{"choices": [{"message": {"content": [{"text": "a"}, {"text": "b"}]}}]}')
    with chat_server(refusal, parts) as chat:
        asker = writer(chat.base, [])
        assert [asker.write(ASK, SCHEMA), asker.write(ASK, SCHEMA)] == ["I cannot", "ab"]


@pytest.mark.parametrize("base", ["localhost:8000", "file:///etc/passwd", "", "ftp://host/v1"])
def test_other_addresses_are_refused(base: str) -> None:
    with pytest.raises(InputError, match="the endpoint must be an http"):
        EndpointWriter(base, "model")


def test_nobody_there() -> None:
    with pytest.raises(WriterError, match="is the server running"):
        writer("http://127.0.0.1:9/v1", []).write(ASK, SCHEMA)
