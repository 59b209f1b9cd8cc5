"""How many requests a server answers, how long the slowest wait, whether any answer is lost or another's, and memory.

    python benchmarks/serve.py                                 # the embedded judge
    python benchmarks/serve.py --judge tone                    # a judge that costs next to nothing: the server itself
    python benchmarks/serve.py --rounds 0 --flat 10000         # memory only

Starts `audiojudge serve` on this machine and asks it from the same one, so that both share its cores. Every request has
audio of its own (half a second): an answer is another's when its SHA-256, id, caption or p_yes is not that of a quiet
server. One client in `--killed` goes away in the middle of its request or before its answer. The rate is compared with
`Reward` in this process on the same clips, in turns with it.
"""

from __future__ import annotations

import argparse
import asyncio
import base64
import hashlib
import io
import json
import os
import random
import re
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import soundfile

import audiojudge_cli as aj

ROOT = Path(__file__).parents[1]
PLUGIN = ROOT / "tests" / "plugin"
RATE, SECONDS, CLIPS = 16_000, 0.5, 240
CAPTIONS = {
    "embedded": ("A dog barks.", "White noise.", "A low hum.", "A clock ticks.", "A beep.", "Rain falls."),
    "tone": ("440 Hz", "loud", "440 Hz, loud", "880 Hz", "200 Hz, loud", "300 Hz"),
}
# Memory is compared from here on: models, caches and pools are as large as they get.
WARM = 1000


@dataclass(frozen=True)
class Ask:
    """One request, and what tells its answer from any other."""

    identity: str
    caption: str
    audio: bytes
    raw: bytes
    sha256: str


@dataclass
class Round:
    """What a number of requests came to."""

    seconds: float = 0.0
    waits: list[float] = field(default_factory=list)
    wrong: int = 0
    lost: int = 0
    killed: int = 0
    busy: int = 0

    @property
    def rate(self) -> float:
        """Answers a second."""
        return len(self.waits) / self.seconds

    def wait_ms(self, share: float) -> float:
        """Return the wait that so many stayed below."""
        return 1000 * float(np.quantile(self.waits, share))


def asks(judge: str, count: int) -> list[Ask]:
    """Return requests with audio of their own."""
    captions = CAPTIONS.get(judge, CAPTIONS["embedded"])
    made = []
    for number in range(count):
        draw = np.random.default_rng(number)
        time_s = np.arange(int(RATE * SECONDS)) / RATE
        wave = 0.3 * np.sin(2 * np.pi * (100 + 13 * number) * time_s) + 0.05 * draw.standard_normal(len(time_s))
        file = io.BytesIO()
        soundfile.write(file, wave, RATE, format="WAV")
        audio, identity, caption = file.getvalue(), f"clip{number}", captions[number % len(captions)]
        fields = {"audio": base64.b64encode(audio).decode(), "caption": caption, "id": identity}
        body = json.dumps(fields).encode()
        head = "POST /v1/score HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\n"
        head += f"Content-Length: {len(body)}\r\n\r\n"
        made.append(Ask(identity, caption, audio, head.encode() + body, hashlib.sha256(audio).hexdigest()))
    return made


class Server:
    """A server process of its own."""

    def __init__(self, folder: Path, judge: str, workers: str) -> None:
        self.preset = folder / "bench.yaml"
        expander = "tones" if judge == "tone" else "rules"
        self.preset.write_text(f"judge: {judge}\nexpander: {expander}\nquality: off\nworkers: {workers}\nbatch: 16\n")
        path = os.pathsep.join([str(PLUGIN), *filter(None, [os.environ.get("PYTHONPATH")])])
        line = ["serve", "--preset", str(self.preset), "--port", "0", "--queue", "512"]
        self.process = subprocess.Popen(
            [sys.executable, "-m", "audiojudge_cli", *line],
            stderr=subprocess.PIPE,
            text=True,
            env={**os.environ, "PYTHONPATH": path},
        )
        assert self.process.stderr is not None
        found = re.search(r"http://127\.0\.0\.1:(\d+)", self.process.stderr.readline())
        assert found
        self.port = int(found[1])
        assert "ready" in self.process.stderr.readline()

    def memory_mib(self) -> float:
        """Return the resident memory of the process."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        found = re.search(r"VmRSS:\s+(\d+) kB", text)
        assert found
        return int(found[1]) / 1024

    def end(self) -> None:
        """End it as an operator would."""
        self.process.terminate()
        assert self.process.wait(60) == 0


async def answer(reader: asyncio.StreamReader) -> tuple[int, Any]:
    """Return the status and the body of one answer."""
    head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1")
    size = re.search(r"content-length: (\d+)", head, re.IGNORECASE)
    assert size
    return int(head.split(None, 2)[1]), json.loads(await reader.readexactly(int(size[1])))


def is_its_own(ask: Ask, record: dict[str, Any], known: dict[str, Any]) -> bool:
    """Return whether an answer is that of the request, and the same as on a quiet server."""
    told = [item["p_yes"] for item in record["items"]]
    own = (record["id"], record["caption"], record["audio"]["sha256"]) == (ask.identity, ask.caption, ask.sha256)
    return own and known.setdefault(ask.identity, told) == told


async def client(port: int, todo: list[Ask], found: Round, known: dict[str, Any], killed: float) -> None:
    """Ask until nothing is left to ask, over one connection as long as it is not given up."""
    draw = random.Random(len(todo))
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    while todo:
        ask = todo.pop()
        if draw.random() < killed:
            writer.write(ask.raw[: draw.choice((200, len(ask.raw) // 2, len(ask.raw)))])
            await asyncio.sleep(draw.choice((0.0, 0.002, 0.02)))
            writer.transport.abort()
            found.killed += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        begun = time.perf_counter()
        try:
            writer.write(ask.raw)
            status, record = await answer(reader)
        except (OSError, asyncio.IncompleteReadError):
            found.lost += 1
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            continue
        if status == 429:
            found.busy += 1
        elif status != 200 or not is_its_own(ask, record, known):
            found.wrong += 1
        else:
            found.waits.append(time.perf_counter() - begun)
    writer.close()


async def requests(
    port: int, todo: Sequence[Ask], clients: int, known: dict[str, Any], *, killed: float = 0.0
) -> Round:
    """Return what requests by so many clients came to."""
    found, left = Round(), list(reversed(todo))
    begun = time.perf_counter()
    await asyncio.gather(*(client(port, left, found, known, killed) for _ in range(clients)))
    found.seconds = time.perf_counter() - begun
    return found


def in_process(reward: aj.Reward, some: Sequence[Ask]) -> float:
    """Return clips a second without a server."""
    begun = time.perf_counter()
    rewards = reward(completions=[ask.audio for ask in some], caption=[ask.caption for ask in some])
    assert None not in rewards or reward.last
    return len(some) / (time.perf_counter() - begun)


def line(name: str, found: Round, ratio: float | None) -> str:
    """Return a row of the table."""
    told = "-" if ratio is None else f"{ratio:.2f}"
    counts = f"{found.killed:6} {found.busy:5} {found.lost:5} {found.wrong:6}"
    return f"{name:>8} {found.rate:8.1f} {found.wait_ms(0.5):8.1f} {found.wait_ms(0.99):8.1f} {told:>9} {counts}"


def speed(server: Server, given: argparse.Namespace, known: dict[str, Any], some: list[Ask]) -> None:
    """Print the table of rates and waits."""
    reward = aj.Reward(preset=server.preset)
    in_process(reward, some[:20])
    print(" clients      1/s   p50 ms   p99 ms  /process killed  busy  lost  wrong")
    for clients in given.clients:
        rounds, ratios = [], []
        for _ in range(given.rounds):
            inside = in_process(reward, some)
            one = asyncio.run(requests(server.port, some * given.times, clients, known))
            rounds.append(one)
            ratios.append(one.rate / inside)
        whole = Round(sum(one.seconds for one in rounds), [wait for one in rounds for wait in one.waits])
        whole.wrong, whole.lost = sum(one.wrong for one in rounds), sum(one.lost for one in rounds)
        whole.busy = sum(one.busy for one in rounds)
        print(line(str(clients), whole, statistics.median(ratios)), flush=True)
    if given.killed:
        some_more = some * max(1, given.times)
        print(line("32, kill", asyncio.run(requests(server.port, some_more, 32, known, killed=given.killed)), None))


def flat(server: Server, given: argparse.Namespace, known: dict[str, Any], some: list[Ask]) -> None:
    """Print the memory of the server over many requests, some of whose clients go away."""
    done, memory, total = 0, [], Round()
    while done < given.flat:
        step = min(500, given.flat - done)
        todo = [some[(done + number) % len(some)] for number in range(step)]
        one = asyncio.run(requests(server.port, todo, 16, known, killed=given.killed))
        done += step
        memory.append((done, server.memory_mib()))
        total.wrong, total.lost, total.killed = (
            total.wrong + one.wrong,
            total.lost + one.lost,
            total.killed + one.killed,
        )
    later = np.array([(count, mib) for count, mib in memory if count >= WARM])
    slope = float(np.polyfit(later[:, 0], later[:, 1], 1)[0]) * 1000
    print(f"memory over {done:,} requests, {total.killed:,} clients killed, lost {total.lost}, wrong {total.wrong}:")
    print("  MiB after " + ", ".join(f"{count:,}: {mib:.0f}" for count, mib in memory[:: max(1, len(memory) // 10)]))
    low, high = later[:, 1].min(), later[:, 1].max()
    print(f"  from {WARM:,} on {low:.1f} to {high:.1f} MiB, {slope:+.2f} MiB per 1,000 requests")


def main() -> None:
    """Measure as asked."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--judge", default="embedded", help="embedded, or tone (tests/plugin)")
    parser.add_argument("--workers", default="auto")
    parser.add_argument("--clients", type=int, nargs="+", default=[1, 4, 16, 64])
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--times", type=int, default=1, help="how often each clip is asked about in a round")
    parser.add_argument("--killed", type=float, default=0.2, help="share of clients that go away")
    parser.add_argument("--flat", type=int, default=0, help="requests over which memory is watched")
    given = parser.parse_args()
    if given.judge == "tone":
        sys.path.insert(0, str(PLUGIN))
    some, known = asks(given.judge, CLIPS), dict[str, Any]()
    with tempfile.TemporaryDirectory() as folder:
        server = Server(Path(folder), given.judge, given.workers)
        asyncio.run(requests(server.port, some, 1, known))  # what a quiet server answers
        if given.rounds:
            speed(server, given, known, some)
        if given.flat:
            flat(server, given, known, some)
        server.end()


if __name__ == "__main__":
    main()
