"""Hearing a clip once and asking much: the shared prefix of the omni judge.

    head ──► audio ──► item 1 ─► yes/no
     once     once  └─► item 2 ─► yes/no
    per run  per clip └─► …       one row, no padding, nothing copied per item

A prompt is head + audio + suffix. The head is read once per run, the audio once per clip, and all suffixes of a clip
lie in one row in which they can't see each other; what they all begin with (a caption, say) is read once, too.
Prefixes are never written to, so that no answer depends on the other items, on their order or on earlier calls.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, TypeAlias

from audiojudge_cli.judges.omni.adapter import adapter_for
from audiojudge_cli.judges.omni.batches import Batches, Job, attempt, out_of_memory
from audiojudge_cli.judges.omni.decoder import BLOCK, Decoder
from audiojudge_cli.judges.omni.odds import Odds, read_odds
from audiojudge_cli.judges.omni.packing import common_start
from audiojudge_cli.judges.omni.prefix import Prefix
from audiojudge_cli.judges.omni.sampling import greedy

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Mapping, Sequence

    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.sampling import Pick

    Row: TypeAlias = tuple[Sequence[int], ...]
    Path: TypeAlias = tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Heard:
    """A clip as the model has read it: head and audio, ready for any number of questions.

    Attributes:
        prefix: Attention state of head and audio.
        head: Tokens of the head.
        audio_tokens: Tokens the audio took, without those that open and close it; of several clips (`Session.read`)
            all that was read after the head.
    """

    prefix: Prefix
    head: int
    audio_tokens: int

    @property
    def position(self) -> int:
        """Position of the next token."""
        return self.prefix.length


@dataclass(frozen=True, slots=True)
class Text:
    """What the model wrote.

    Attributes:
        tokens: Without the one that ends it.
        ended: Whether the model ended it; otherwise it broke off at the most tokens allowed.
    """

    tokens: list[int]
    ended: bool


class Session:
    """One loaded model and what it has read so far.

    Args:
        loaded: The model.
        notice: Called with one plain sentence when something happened that a person should know (memory ran short),
            each sentence once.
        batch_tokens: New tokens in one forward pass, at most, when several rows share it; None picks by device. On a
            CPU one clip fills the machine, so that rows of different clips are not joined there by default.
    """

    def __init__(
        self,
        loaded: LoadedModel,
        notice: Callable[[str], None] | None = None,
        batch_tokens: int | None = None,
    ) -> None:
        self.loaded = loaded
        self._adapter = adapter_for(loaded)
        self._decoder = Decoder(loaded, self._adapter)
        if batch_tokens is None:
            batch_tokens = 2 * BLOCK if loaded.device.type == "cuda" else 1
        self._batches = Batches(batch_tokens, notice or (lambda _: None))
        self._head: tuple[int, ...] | None = None
        self._prefix = Prefix()

    def prefill(self, head: Sequence[int]) -> None:
        """Read the tokens that every prompt begins with, up to the audio. The same head again costs nothing."""
        import torch

        if self._head == tuple(head):
            return
        with torch.inference_mode():
            self._prefix = self._decoder.read(Prefix(), self._decoder.embed(head))
        self._head = tuple(head)

    def hear(self, audios: Sequence[NDArray[np.float32]]) -> list[Heard]:
        """Read clips on top of the head.

        The result holds memory (for a 7B model about 60 kB per token, 25 tokens a second): hear no more clips at
        once than are asked about at once.

        Args:
            audios: Mono samples at the model's rate, each at most as long as its limit.

        Raises:
            ClipError: If a clip is too short for one audio token, or does not fit into memory even alone.
        """
        import torch

        head = self._prefix.length
        around = len(self._adapter.before) + len(self._adapter.after)
        with torch.inference_mode():
            opened = [self._encoded(audio) for audio in audios]
            jobs = [Job(clip, head, len(tokens), tokens) for clip, tokens in enumerate(opened)]
            found = self._batches.run(jobs, self._read, lambda _: None)
        return [Heard(prefix, head, prefix.length - head - around) for (prefix,) in found]

    def ask(
        self,
        heard: Sequence[Heard],
        suffixes: Sequence[Sequence[Sequence[int]]],
        yes: Sequence[int],
        no: Sequence[int],
    ) -> list[list[Odds]]:
        """Ask every clip its own questions.

        Args:
            heard: Clips from `hear`.
            suffixes: Per clip and item, the tokens from after the audio up to where the answer begins; none empty.
            yes: Tokens that spell yes.
            no: Tokens that spell no.

        Returns:
            Per clip, the odds of each item in order.

        Raises:
            ClipError: If a single question does not fit into memory.
        """
        import torch

        jobs = [_job(clip, heard[clip], row) for clip, items in enumerate(suffixes) for row in _rows(items)]
        with torch.inference_mode():
            answered = self._batches.run(
                jobs,
                lambda batch: self._answer(batch, heard, yes, no),
                lambda job: _halves(job, heard[job.clip]),
            )
        found: list[list[Odds]] = [[] for _ in suffixes]
        for job, odds in zip(jobs, answered, strict=True):
            found[job.clip].extend(odds)
        return found

    def write(
        self, heard: Heard | None, suffix: Sequence[int], max_new_tokens: int, stop: Collection[int]
    ) -> list[int]:
        """Continue greedily, one token at a time, on the same prefix.

        The tokens are those of the library's `generate` without sampling.

        Args:
            heard: The clip the text is about, or None for text alone (no head is put before the suffix then).
            suffix: Tokens after the audio; not empty.
            max_new_tokens: Where to stop at the latest.
            stop: Tokens that end the text; not part of the result.

        Raises:
            ClipError: If the text does not fit into memory.
        """
        return self.sample(heard, suffix, [greedy], max_new_tokens, stop)[0].tokens

    def sample(
        self,
        heard: Heard | None,
        suffix: Sequence[int],
        picks: Sequence[Pick],
        max_new_tokens: int,
        stop: Collection[int],
    ) -> list[Text]:
        """Continue in several ways; the suffix is read once, and no text depends on the others.

        Args:
            heard: As for `write`.
            suffix: As for `write`.
            picks: One per text: how its tokens are picked.
            max_new_tokens: As for `write`.
            stop: As for `write`.

        Raises:
            ClipError: If a text does not fit into memory.
        """
        import torch

        with torch.inference_mode():
            prefix = heard.prefix if heard else Prefix()
            fault = out_of_memory(f"a text of {len(suffix)} to {len(suffix) + max_new_tokens} tokens")
            start = attempt(lambda: self._decoder.extend(prefix, self._decoder.embed(suffix)))
            if start is None:
                raise fault
            found = []
            for pick in picks:
                text = attempt(lambda pick=pick: self._sampled(*start, pick, max_new_tokens, stop))  # type: ignore[misc]
                if text is None:
                    raise fault
                found.append(text)
        return found

    def _sampled(
        self, prefix: Prefix, logits: torch.Tensor, pick: Pick, max_new_tokens: int, stop: Collection[int]
    ) -> Text:
        written: list[int] = []
        while len(written) < max_new_tokens:
            token = pick(logits[0])
            if token in stop:
                return Text(written, ended=True)
            written.append(token)
            if len(written) < max_new_tokens:
                prefix, logits = self._decoder.extend(prefix, self._decoder.embed([token]))
        return Text(written, ended=False)

    def follow(
        self, heard: Heard, suffix: Sequence[int], nexts: Mapping[Path, Sequence[int]], ends: NDArray[np.int64]
    ) -> list[list[float]]:
        """Weigh how the model's answer could go on, at several places of it.

        The suffix is read once; places lie in one row, in which they can't see each other.

        Args:
            heard: The clip.
            suffix: Tokens from after the audio up to where the answer begins; not empty.
            nexts: By what the answer has said so far (nothing, at its beginning), tokens that could come next.
            ends: Tokens that would end it.

        Returns:
            Per place, the natural logarithm of the probability of each token, and last that of all ends together.

        Raises:
            ClipError: If it does not fit into memory.
        """
        import torch

        with torch.inference_mode():
            asked = attempt(lambda: self._decoder.read(heard.prefix, self._decoder.embed(suffix[:-1])))
            if asked is None:
                raise out_of_memory(f"{heard.position + len(suffix)} tokens in one prompt")
            start = replace(heard, prefix=asked)
            wanted = {(suffix[-1], *path): tokens for path, tokens in nexts.items()}
            stops = torch.from_numpy(ends).to(self.loaded.device)
            found = self._batches.run(
                [_job(0, start, row) for row in _rows(list(wanted))],
                lambda batch: self._followed(batch, start, wanted, stops),
                lambda job: _halves(job, start),
            )
        return [logs for row in found for logs in row]

    def _followed(
        self, jobs: Sequence[Job[Row]], start: Heard, wanted: Mapping[Path, Sequence[int]], stops: torch.Tensor
    ) -> list[list[list[float]]]:
        import torch

        logits = iter(self._decoder.answers([(start.prefix, job.work) for job in jobs]))
        found: list[list[list[float]]] = []
        for job in jobs:
            found.append([])
            for text in job.work:
                scores = torch.log_softmax(next(logits).float(), dim=-1)
                ended = torch.logsumexp(scores[stops], dim=-1)
                found[-1].append([*scores[list(wanted[tuple(text)])].tolist(), float(ended)])
        return found

    def state(self, heard: Heard, suffix: Sequence[int]) -> torch.Tensor:
        """Return the last hidden state after a prompt, as the library's last one (normed), shape (hidden size,).

        Args:
            heard: The clip.
            suffix: Tokens after the audio; not empty.

        Raises:
            ClipError: If it does not fit into memory.
        """
        import torch

        with torch.inference_mode():
            found = attempt(lambda: self._decoder.states([(heard.prefix, [suffix])]))
        if found is None:
            raise out_of_memory(f"{heard.position + len(suffix)} tokens in one prompt")
        return found[0]

    def encode(self, audio: NDArray[np.float32]) -> torch.Tensor:
        """Return what the language model reads in place of a clip, with what opens and closes it.

        Raises:
            ClipError: As `hear`.
        """
        import torch

        with torch.inference_mode():
            return self._encoded(audio)

    def read(self, *parts: torch.Tensor | Sequence[int]) -> Heard:
        """Read several clips, and words between them, on top of the head.

        Args:
            parts: Clips from `encode`, and tokens, in order.

        Raises:
            ClipError: If they do not fit into memory together.
        """
        import torch

        with torch.inference_mode():
            made = [part if isinstance(part, torch.Tensor) else self._decoder.embed(part) for part in parts]
            row = torch.cat(made)
            prefix = attempt(lambda: self._decoder.read(self._prefix, row))
        if prefix is None:
            raise out_of_memory(f"{self._prefix.length + len(row)} tokens in one prompt")
        return Heard(prefix, self._prefix.length, len(row))

    def _encoded(self, audio: NDArray[np.float32]) -> torch.Tensor:
        found = attempt(lambda: self._opened(audio))
        if found is None:
            raise out_of_memory(f"{len(audio) / self.loaded.rate:.0f} s of audio")
        return found

    def _opened(self, audio: NDArray[np.float32]) -> torch.Tensor:
        import torch

        before = self._decoder.embed(self._adapter.before)
        after = self._decoder.embed(self._adapter.after)
        heard = [self._adapter.encode(mel).to(before.dtype) for mel in self._adapter.features(audio)]
        return torch.cat([before, *heard, after])

    def _read(self, jobs: Sequence[Job[torch.Tensor]]) -> list[list[Prefix]]:
        if len(jobs) == 1:
            return [[self._decoder.read(self._prefix, jobs[0].work)]]
        return [[prefix] for prefix in self._decoder.read_rows(self._prefix, [job.work for job in jobs])]

    def _answer(
        self, jobs: Sequence[Job[Row]], heard: Sequence[Heard], yes: Sequence[int], no: Sequence[int]
    ) -> list[list[Odds]]:
        logits = self._decoder.answers([(heard[job.clip].prefix, job.work) for job in jobs])
        odds = iter(read_odds(logits, yes, no))
        return [[next(odds) for _ in job.work] for job in jobs]


def _rows(items: Sequence[Sequence[int]]) -> list[Row]:
    """Items of one clip in rows that are short enough to attend over at once."""
    rows: list[Row] = []
    row: list[Sequence[int]] = []
    for item in items:
        if row and sum(map(len, row)) + len(item) > BLOCK:
            rows.append(tuple(row))
            row = []
        row.append(item)
    return [*rows, tuple(row)] if row else rows


def _job(clip: int, heard: Heard, row: Row) -> Job[Row]:
    again = common_start(row) * (len(row) - 1)
    return Job(clip, heard.position, sum(map(len, row)) - again, row)


def _halves(job: Job[Row], heard: Heard) -> tuple[Job[Row], Job[Row]] | None:
    middle = len(job.work) // 2
    if not middle:
        return None
    return _job(job.clip, heard, job.work[:middle]), _job(job.clip, heard, job.work[middle:])
