"""The omni judge: an audio language model hears a clip once and answers all its items."""

from __future__ import annotations

import hashlib
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Literal, get_args

from audiojudge_cli import __version__
from audiojudge_cli.code_digest import JUDGING, code_digest
from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.omni.aggregate_windows import aggregate, refusing
from audiojudge_cli.judges.omni.jobs import batches, make_jobs, samples
from audiojudge_cli.judges.omni.locate import CARDLESS_AUDIO_S, HUB, locate
from audiojudge_cli.judges.omni.prompts import bundled_prompts, read_prompts
from audiojudge_cli.judges.omni.windows import windows
from audiojudge_cli.weights.catalog import find_card

if TYPE_CHECKING:
    from audiojudge_cli.judges.base import Case, Scope
    from audiojudge_cli.judges.comparing import Compared
    from audiojudge_cli.judges.omni.combine import Part
    from audiojudge_cli.judges.omni.comparing import Comparer
    from audiojudge_cli.judges.omni.jobs import Job
    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.prompted_session import PromptedSession
    from audiojudge_cli.judges.omni.prompts import PromptSet, Wording
    from audiojudge_cli.judges.omni.rating import Rater
    from audiojudge_cli.judges.omni.reward import RewardModel
    from audiojudge_cli.judges.omni.windows import Span
    from audiojudge_cli.results.verdict import Verdict
    from audiojudge_cli.rubrics.writer import Writer
    from audiojudge_cli.scales.instruction import Criterion
    from audiojudge_cli.scales.rated import Rated, Unrated

SOURCES = ("judges/omni", *JUDGING)
"""The code that answers, ratings and comparisons rest on."""

Mode = Literal["logits", "generate", "logits+evidence"]
MODES: tuple[Mode, ...] = get_args(Mode)

CARDLESS_FLOOR = 0.5
"""Smallest probability of yes and no together that counts as an answer when no card says so."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How a model is asked.

    Attributes:
        prompts: What it is told.
        mode: `logits`, `generate` or `logits+evidence`.
        longest_s: The longest audio it hears at once, in seconds.
        floor: Smallest probability of yes and no together that counts as an answer, in [0, 1].
        temperature: With which several rationales of a comparison are sampled, above 0.
    """

    prompts: PromptSet
    mode: Mode
    longest_s: float
    floor: float
    temperature: float = 1.0


class OmniJudge:
    """Answers items with an audio language model.

    Args:
        name: As records name it.
        loaded: The model.
        manner: How it is asked.

    Raises:
        WeightsError: If the model cannot be asked in this manner.
    """

    def __init__(self, name: str, loaded: LoadedModel, manner: Manner) -> None:
        self.name = name
        self.loaded = loaded
        self.manner = manner
        self.lock = threading.Lock()
        self._remarks = list(loaded.notes)
        self._tell: Callable[[str], None] | None = None
        self._sessions = {wording: self._make_ear(wording) for wording in manner.prompts.wordings}
        self._compare_templates()

    @property
    def device(self) -> str:
        """Where it runs: `cpu`, `cuda:0` and so on."""
        return str(self.loaded.device)

    @property
    def scope(self) -> Scope:
        """All items are answered in one text in generate mode; else each on its own."""
        return "case" if self.manner.mode == "generate" else "caption"

    @property
    def fingerprint(self) -> str:
        """Digest of everything an answer depends on: model, quantization, prompts, mode, limits, code, device."""
        manner = self.manner
        parts = (
            self.loaded.fingerprint,
            self.loaded.quant,
            manner.prompts.digest,
            manner.mode,
            f"{manner.longest_s:g} {manner.floor:g}",
            code_digest(*SOURCES),
            self.loaded.device.type,
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    @cached_property
    def writer(self) -> Writer:
        """The same model as a writer."""
        from audiojudge_cli.judges.omni.writer import OmniWriter

        return OmniWriter(self.name, self.loaded, self.lock)

    @property
    def ratings_digest(self) -> str:
        """Digest of what ratings depend on besides (`judges.rating.Rating`)."""
        return self.manner.prompts.rating_digest

    @cached_property
    def _rater(self) -> Rater:
        from audiojudge_cli.judges.omni.rating import Rater

        manner = self.manner
        return Rater(self.loaded, manner.prompts, manner.longest_s, manner.floor, self._notice)

    def rate(self, case: Case, criteria: Sequence[Criterion]) -> list[Rated | Unrated | Exception]:
        """Return one rating per criterion, in order, or why there is none (`judges.rating.Rating`).

        Raises:
            ClipError: If the clip cannot be heard.
        """
        with self.lock:
            return self._rater.rate(case, criteria)

    @property
    def comparisons_digest(self) -> str:
        """Digest of what comparisons depend on besides."""
        return f"{self.manner.temperature:g} {self.manner.prompts.comparing_digest}"

    @cached_property
    def _comparer(self) -> Comparer:
        from audiojudge_cli.judges.omni.comparing import Comparer

        manner = self.manner
        return Comparer(self.loaded, manner.prompts, manner.longest_s, manner.temperature, self._notice)

    def compare(self, couples: Sequence[tuple[Case, Case]], *, votes: int = 1, seed: int = 0) -> list[Compared]:
        """Return which of two clips is better, for every couple (`judges.comparing.Comparing`).

        Args:
            couples: Two clips each; the caption of the first is what both were to say or to be.
            votes: Rationales per order: one is written greedily, several are sampled and averaged.
            seed: Of the sampling.

        Raises:
            ClipError: If one couple cannot be heard, or too few rationales end in two scores.
        """
        with self.lock:
            return [self._comparer.compare(a, b, votes, seed) for a, b in couples]

    def describe(self) -> Mapping[str, str]:
        """Return model, quantization, prompts, mode and limits."""
        loaded, manner = self.loaded, self.manner
        return {
            "card": self.name,
            "version": __version__,
            "code": code_digest(*SOURCES),
            "architecture": loaded.architecture,
            "model": loaded.fingerprint,
            "quant": loaded.quant,
            "dtype": str(loaded.dtype).removeprefix("torch."),
            "mode": manner.mode,
            "prompts": manner.prompts.name,
            "prompts.sha256": manner.prompts.digest,
            "max_audio_s": f"{manner.longest_s:g}",
            "yes_no_floor": f"{manner.floor:g}",
        }

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell what was decided while loading, and from now on when memory ran short."""
        self._tell = tell
        for remark in self._remarks:
            tell(remark)

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:
        """Return one verdict per item, in order, for every case.

        Raises:
            ClipError: If one case cannot be heard: it is too short, or does not fit into memory.
        """
        with self.lock:
            rate = self.loaded.rate
            spans = [windows(len(case.waveform.at(rate)), self.manner.longest_s, rate) for case in cases]
            parts: list[list[list[Part]]] = [[] for _ in cases]
            for jobs in batches(make_jobs(cases, spans, self.manner.prompts, rate)):
                for job, row in zip(jobs, self._answer(jobs), strict=True):
                    parts[job.number].append(row)
            return [self._settled(case, where, row) for case, where, row in zip(cases, spans, parts, strict=True)]

    def _answer(self, jobs: Sequence[Job]) -> list[list[Part]]:
        """Return the part of every item for every window; all windows are asked in one wording."""
        from audiojudge_cli.judges.omni.generate_mode import speak

        prompted = self._sessions[jobs[0].wording]
        heard = prompted.hear([job.audio for job in jobs])
        if self.manner.mode == "generate":
            return [speak(prompted, each, job.case) for each, job in zip(heard, jobs, strict=True)]
        answers = prompted.answers(heard, [job.case for job in jobs])
        if self.manner.mode == "logits+evidence":
            for each, job, row in zip(heard, jobs, answers, strict=True):
                if job.alone:
                    prompted.explain(each, job.case, row, range(len(row)))
        return answers

    def _settled(self, case: Case, spans: Sequence[Span], parts: Sequence[list[Part]]) -> list[Verdict]:
        if self.manner.mode == "logits+evidence" and len(spans) > 1:
            prompted = self._sessions[self.manner.prompts.wording(case.language)]
            for window, numbers in sorted(refusing(case, parts).items()):
                (heard,) = prompted.hear([samples(case, spans[window], self.loaded.rate)])
                prompted.explain(heard, case, parts[window], numbers)
        return aggregate(case, spans, parts, self.name, self.loaded.rate)

    def _make_ear(self, wording: Wording) -> PromptedSession:
        from audiojudge_cli.judges.omni.prompted_session import prompted_session

        one_by_one = self.manner.mode != "generate"
        return prompted_session(self.loaded, wording, self.manner.floor, self._notice, one_by_one=one_by_one)

    def _compare_templates(self) -> None:
        """Say once, for the first wording it is true of, that the checkpoint's own template makes another prompt."""
        from audiojudge_cli.judges.omni.adapter import adapter_for
        from audiojudge_cli.judges.omni.template import other_template

        asked = "generate" if self.manner.mode == "generate" else "question"
        adapter = adapter_for(self.loaded)
        for prompted in self._sessions.values():
            if remark := other_template(self.loaded, adapter, prompted.chat, prompted.wording, asked):
                self._notice(remark)
                return

    def _notice(self, remark: str) -> None:
        if remark not in self._remarks:
            self._remarks.append(remark)
            if self._tell:
                self._tell(remark)


def load(
    *,
    card: str | None = None,
    device: str = "auto",
    threads: int | None = None,
    quant: str = "auto",
    mode: str = "logits",
    prompts: str | None = None,
) -> OmniJudge | RewardModel:
    """Return the omni judge, or a reward model (entry point `audiojudge.judges`: `omni`).

    Args:
        card: Name or path of a card, folder of a model, or `hf:owner/name@revision`.
        device: `auto`, `cpu`, `cuda`, `cuda:1` …
        threads: Most threads that torch may use.
        quant: `auto`, `none` (float32), `bf16`, `int8` or `int4`.
        mode: `logits`, `generate` or `logits+evidence`.
        prompts: File of prompts; None takes those that the card names.

    Raises:
        InputError: If no model is named, an option does not fit, or the device cannot be used.
        WeightsError: If the extra `omni` or the weights are missing, damaged, or do not fit into memory.
    """
    if card is None:
        raise InputError(
            "the omni judge needs a model: give --judge the name of its card (see `audiojudge models list`), the "
            "folder of a model, or hf:owner/name@revision"
        )
    if mode not in MODES:
        raise InputError(f"no mode {mode!r}; give {', '.join(MODES[:-1])} or {MODES[-1]}")
    from audiojudge_cli.judges.omni.device import pick_device, require_extra

    require_extra()
    # Before gigabytes are fetched for a device that cannot be used.
    pick_device(device)
    own = read_prompts(Path(prompts)) if prompts else None
    if kind_of(card) is not OmniJudge:
        from audiojudge_cli.judges.omni.reward import find_parts, load_reward

        parts = find_parts(card, None if Path(card).expanduser().is_dir() else find_card(card))
        rewards = load_reward(parts, own, device=device, quant=quant)
        _bound_threads(threads)
        return rewards
    located = locate(card)
    told = located.card.model if located.card else None
    prompt_set = own or bundled_prompts(told.prompts if told else "default")
    from audiojudge_cli.judges.omni.load import load_model

    loaded = load_model(located.folder, device=device, quant=quant)
    _bound_threads(threads)
    longest_s = told.max_audio_s if told else CARDLESS_AUDIO_S[loaded.architecture]
    floor = told.refusal_floor if told else CARDLESS_FLOOR
    return OmniJudge(
        located.name, loaded, Manner(prompt_set, mode, longest_s, floor, told.temperature if told else 1.0)
    )


def kind_of(card: str | None) -> type[OmniJudge | RewardModel]:
    """Return the class of what `load` would give; nothing is loaded (`judges.registry`).

    Args:
        card: As for `load`.

    Raises:
        InputError: If it is no card, and neither a folder nor a name on the hub.
    """
    from audiojudge_cli.judges.omni.reward import RewardModel, is_reward_folder

    if card is None or card.startswith(HUB):
        return OmniJudge
    if (folder := Path(card).expanduser()).is_dir():
        return RewardModel if is_reward_folder(folder) else OmniJudge
    model = find_card(card).model
    return OmniJudge if model is None or model.reward is None else RewardModel


def _bound_threads(most: int | None) -> None:
    """Let torch use no more threads than that; what the environment set lower stays."""
    import torch

    if most is not None and most < torch.get_num_threads():
        torch.set_num_threads(most)
