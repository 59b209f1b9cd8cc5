"""Clips judged by a server (`audiojudge serve`): several requests at once, tried again while it is busy."""

from __future__ import annotations

import asyncio
import base64
import os
import time
from collections.abc import Sequence
from http import HTTPStatus
from pathlib import Path
from typing import TYPE_CHECKING, Any

from audiojudge_cli.clips.opened import open_audio
from audiojudge_cli.errors import ClipError, InputError, NotJudgedError
from audiojudge_cli.results.record import Record
from audiojudge_cli.servers.address import read_address
from audiojudge_cli.servers.again import retry_after
from audiojudge_cli.servers.client import Answer, Client, ExchangeError
from audiojudge_cli.servers.loop import wait_for
from audiojudge_cli.text.jsonl import dumps, loads

if TYPE_CHECKING:
    from audiojudge_cli.clips.clip import Clip

Outcome = Record | ClipError
"""What became of a clip."""

TOKEN = "AUDIOJUDGE_TOKEN"  # noqa: S105 - the name of a variable
"""Variable of the environment whose token is shown."""

# What a server says about one clip; anything else is about all of them.
_OF_A_CLIP = frozenset({403, 404, 413, 422, 500})
_AGAIN = frozenset({408, 429, 502, 503, 504})
_MOST_ANSWER = 64 << 20
# A file that no server would take need not be sent.
_MOST_FILE = 4 << 30
# A server that is restarted is back within half a minute: 0.5 s, 1 s, 2 s, 4 s, 8 s, 16 s.
_BROKEN = 6


class RewardServer:
    """Asks one server.

    Args:
        url: Its address, with or without `/v1`.
        at_once: Requests at once.
        timeout_s: Seconds for one clip, all attempts together.

    Raises:
        InputError: If it is no address.
    """

    def __init__(self, url: str, *, at_once: int, timeout_s: float) -> None:
        # The key of a language model's server is not for this one, and an empty one keeps it from being read.
        address = read_address(url.rstrip("/").removesuffix("/v1"), key=os.environ.get(TOKEN, ""))
        self._client = Client(address, timeout_s=timeout_s, most_bytes=_MOST_ANSWER, connections=at_once)
        self._at_once, self._timeout_s = at_once, timeout_s

    def judge(self, clips: Sequence[Clip]) -> list[Outcome]:
        """Return what became of every clip, in order.

        Raises:
            InputError: If the server refuses whoever asks.
            NotJudgedError: If it cannot be reached, or answers nobody.
        """
        return wait_for(self._judge(clips))

    async def _judge(self, clips: Sequence[Clip]) -> list[Outcome]:
        places = asyncio.Semaphore(self._at_once)

        async def one(clip: Clip) -> Outcome:
            async with places:
                try:
                    return await self._ask(await asyncio.to_thread(_body, clip))
                except ClipError as error:
                    return error

        tasks = [asyncio.ensure_future(one(clip)) for clip in clips]
        try:
            return list(await asyncio.gather(*tasks))
        finally:  # where one failed for all
            for task in tasks:
                task.cancel()

    async def _ask(self, body: bytes) -> Record:
        until, broken, attempt, reason = time.monotonic() + self._timeout_s, 0, 0, ""
        while broken < _BROKEN and time.monotonic() < until:
            header = None
            try:
                answer = await self._client.exchange("POST", "/v1/score", (body,))
                if answer.status == HTTPStatus.OK:
                    return _record(answer)
                if answer.status not in _AGAIN:
                    raise _refused(answer)
                reason, header = answer.told, answer.headers.get("retry-after")
            except TimeoutError:
                reason = "no whole answer in time"
            except ExchangeError as error:
                reason, broken = str(error), broken + 1
            await asyncio.sleep(min(retry_after(header, min(attempt, 5)), max(0.0, until - time.monotonic())))
            attempt += 1
        raise NotJudgedError(f"{self._client.address.shown} gave no answer in {attempt} attempts, last: {reason}")


def _body(clip: Clip) -> bytes:
    with open_audio(clip.source, max_bytes=_MOST_FILE) as (file, size):
        data = base64.b64encode(file.read(size)).decode("ascii")
    asked: dict[str, Any] = {"audio": data, "caption": clip.caption, "transcript": clip.transcript}
    asked |= {"subset": clip.subset, "rubric": None if clip.rubric is None else list(clip.rubric)}
    return dumps({**asked, "id": Path(clip.audio_name).stem[:200] or None}).encode()


def _record(answer: Answer) -> Record:
    try:
        return Record.from_dict(loads(answer.body))
    except (ValueError, AttributeError, InputError) as error:
        raise NotJudgedError(f"the server's answer is no record: {error}; is it audiojudge serve?") from error


def _refused(answer: Answer) -> Exception:
    try:
        problem = loads(answer.body)
        kind, detail = str(problem["kind"]), str(problem["detail"])
    except (ValueError, LookupError, TypeError):
        return InputError(f"the server refused: {answer.told}; is it audiojudge serve?")
    if answer.status in _OF_A_CLIP and kind != "request":
        return ClipError(kind, detail)
    remedy = "; AUDIOJUDGE_TOKEN must hold the token of the server" if answer.status == HTTPStatus.UNAUTHORIZED else ""
    return InputError(f"the server refused: {detail}{remedy}")
