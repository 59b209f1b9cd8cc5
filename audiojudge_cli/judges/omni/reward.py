"""A reward model: an audio language model whose last hidden state one linear layer turns into a number.

SpeechJudge-BTRM (arXiv 2511.07931) is one: a LoRA on the thinker of Qwen2.5-Omni, and a head of one output, trained on
pairs so that the difference of two rewards is the log odds of a preference.
"""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from audiojudge_cli import __version__
from audiojudge_cli.code_digest import JUDGING, code_digest
from audiojudge_cli.errors import ClipError, InputError, WeightsError
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.locate import CARDLESS_AUDIO_S, fetch_model, locate
from audiojudge_cli.judges.omni.lora import CONFIG, read_settings
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.rating import language_in
from audiojudge_cli.judges.omni.session import Session
from audiojudge_cli.judges.omni.windows import RATE
from audiojudge_cli.text.terminal import safe_line, shown
from audiojudge_cli.weights.digests import digest_of
from audiojudge_cli.weights.model import REPO

if TYPE_CHECKING:
    import torch

    from audiojudge_cli.clips.waveform import Waveform
    from audiojudge_cli.judges.base import Case
    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.prompts import PromptSet, RewardWording
    from audiojudge_cli.results.verdict import Verdict
    from audiojudge_cli.weights.card import Card

SOURCES = ("judges/omni", *JUDGING)
HEAD, PICKLED, LORA, BASE = "reward_head.safetensors", "reward_head.pt", "lora", "base"


@dataclass(frozen=True, slots=True)
class Parts:
    """Where the parts of a reward model lie.

    Attributes:
        name: As records name it.
        base: Folder of the model.
        folder: Of the head, and of the adapter if there is one.
        longest_s: The longest audio it hears, in seconds; None: as its architecture.
        prompts: Name of a bundled prompt set.
    """

    name: str
    base: Path
    folder: Path
    longest_s: float | None = None
    prompts: str = "default"

    @property
    def adapter(self) -> Path | None:
        """Folder of the adapter; None without one."""
        return self.folder / LORA if (self.folder / LORA).is_dir() else None


@dataclass(frozen=True, slots=True, eq=False)
class Head:
    """One linear layer from a hidden state to a number, in float32 on the model's device.

    Attributes:
        weight: Shape (hidden size,).
        bias: Shape ().
        sha256: Of the file.
    """

    weight: torch.Tensor
    bias: torch.Tensor
    sha256: str


class RewardModel:
    """Gives clips rewards.

    Args:
        name: As records name it.
        loaded: The model, with its adapter merged.
        head: Turns a hidden state into a number.
        prompts: What it is told; where they say nothing of rewards, audiojudge's own.
        longest_s: The longest audio it hears, in seconds.
    """

    def __init__(self, name: str, loaded: LoadedModel, head: Head, prompts: PromptSet, longest_s: float) -> None:
        self.name = name
        self.loaded = loaded
        self._head, self._prompts, self._longest_s = head, prompts, longest_s
        self._remarks = list(loaded.notes)
        self._tell: Callable[[str], None] | None = None
        self._chat = Chat(loaded.tokenizer)
        self._session = Session(loaded, self._notice)
        self._lock = threading.Lock()

    @property
    def device(self) -> str:
        """Where it runs."""
        return str(self.loaded.device)

    @property
    def fingerprint(self) -> str:
        """Digest of everything a reward depends on: model, adapter, head, prompts, limit, code, device."""
        parts = (
            *(self.loaded.fingerprint, self.loaded.quant, self._head.sha256, self._prompts.rewarding_digest),
            *(f"{self._longest_s:g}", code_digest(*SOURCES), self.loaded.device.type),
        )
        return hashlib.sha256("\n".join(parts).encode()).hexdigest()[:16]

    def describe(self) -> Mapping[str, str]:
        """Return model, head, quantization and prompts."""
        return {
            "card": self.name,
            "version": __version__,
            "code": code_digest(*SOURCES),
            "architecture": self.loaded.architecture,
            "model": self.loaded.fingerprint,
            "reward_head.sha256": self._head.sha256,
            "quant": self.loaded.quant,
            "dtype": str(self.loaded.dtype).removeprefix("torch."),
            "prompts": self._prompts.name,
            "prompts.sha256": self._prompts.rewarding_digest,
            "max_audio_s": f"{self._longest_s:g}",
        }

    def remark_to(self, tell: Callable[[str], None]) -> None:
        """Tell what was decided while loading, and from now on when memory ran short."""
        self._tell = tell
        for remark in self._remarks:
            tell(remark)

    def judge(self, cases: Sequence[Case]) -> list[list[Verdict]]:  # noqa: ARG002 - as every judge
        """Refuse: it answers no questions.

        Raises:
            InputError: Always.
        """
        raise InputError(
            f"the judge {self.name} gives each clip a reward and answers no questions; ask `audiojudge compare`, "
            "`rank` or `select` which clips it prefers, or take another judge"
        )

    def reward(self, waveform: Waveform, words: str) -> float:
        """Return the reward of a clip (`judges.rewarding.Rewarding`).

        Raises:
            ClipError: If it is too short or too long, or does not fit into memory.
        """
        samples = waveform.at(RATE)
        if len(samples) > int(self._longest_s * RATE):
            told = (
                f"{len(samples) / RATE:.0f} s are too long for a reward: the model hears {self._longest_s:g} s at once"
            )
            raise ClipError("judge", told)
        wording = reward_wording(self._prompts, words)
        with self._lock:
            self._session.prefill(self._chat.opening(wording.system, wording.before(words)))
            (heard,) = self._session.hear([samples])
            state = self._session.state(heard, self._chat.suffix(wording.question))
            return float(state.float() @ self._head.weight + self._head.bias)

    def _notice(self, remark: str) -> None:
        if remark not in self._remarks:
            self._remarks.append(remark)
            if self._tell:
                self._tell(remark)


def reward_wording(prompts: PromptSet, words: str) -> RewardWording:
    """Return how a reward is asked for in the language of the words; audiojudge's own where the prompts say nothing."""
    language = language_in(words)
    chosen = prompts.wording(language).reward or bundled_prompts("default").wording(language).reward
    assert chosen is not None  # noqa: S101 - the bundled prompts have both
    return chosen


def is_reward_folder(folder: Path) -> bool:
    """Return whether a folder holds the head of a reward model, as safetensors or still as a pickle."""
    return any((folder / name).is_file() for name in (HEAD, PICKLED))


def find_parts(asked: str, card: Card | None) -> Parts:
    """Return where the parts of a reward model lie, fetching the model from the hub if need be.

    Args:
        asked: A folder (`is_reward_folder`), or the name or path of a card.
        card: The card, where `asked` is one.

    Raises:
        WeightsError: If a part is missing.
    """
    if card is not None and card.model is not None and card.model.reward is not None:
        folder = card.path.parent / Path(card.model.reward.folder).expanduser()
        _need_head(folder, card.name)
        return Parts(card.name, fetch_model(card), folder, card.model.max_audio_s, card.model.prompts)
    folder = Path(asked).expanduser()
    _need_head(folder, folder.resolve().name)
    return Parts(folder.resolve().name, _base(folder), folder)


def _need_head(folder: Path, name: str) -> None:
    if (folder / HEAD).is_file():
        return
    if (folder / PICKLED).is_file():
        raise WeightsError(
            f"{shown(folder / PICKLED)} is a pickle, which is never loaded; run `audiojudge models convert-head "
            f"{shown(folder / PICKLED)} {shown(folder / HEAD)}` once"
        )
    raise WeightsError(
        f"{safe_line(name)} needs {shown(folder / HEAD)}; put the published files there and convert the head "
        "(docs/omni.md, Rewards)"
    )


def _base(folder: Path) -> Path:
    """Return the folder of the model under an adapter: `base/` beside it, or what the adapter names."""
    if (folder / BASE).is_dir():
        return folder / BASE
    if not (folder / LORA / CONFIG).is_file():
        raise WeightsError(
            f"{shown(folder)} has no {LORA}/{CONFIG}, and no {BASE}/ with the model; add the one it lacks"
        )
    named = str(read_settings(folder / LORA).get("base_model_name_or_path") or "")
    for place in (Path(named).expanduser(), folder / named) if named else ():
        if (place / "config.json").is_file():
            return place
    if re.match(REPO, named):
        return locate(f"hf:{named}").folder
    raise WeightsError(
        f"{shown(folder / LORA / CONFIG)} names no model that is here ({safe_line(named)[:100] or 'nothing'}); put it, "
        f"or a link to it, at {shown(folder / BASE)}"
    )


def load_reward(parts: Parts, prompts: PromptSet | None, *, device: str, quant: str) -> RewardModel:
    """Return the reward model.

    Args:
        parts: Where it lies.
        prompts: What it is told; None takes those that the parts name.
        device: As for `load_model`.
        quant: As for `load_model`.

    Raises:
        InputError: As `load_model`.
        WeightsError: As `load_model`, and if the head does not fit.
    """
    from audiojudge_cli.judges.omni.load import load_model

    loaded = load_model(parts.base, device=device, quant=quant, adapter=parts.adapter)
    longest_s = parts.longest_s or CARDLESS_AUDIO_S[loaded.architecture]
    head = _head(parts.folder / HEAD, loaded)
    told = prompts or bundled_prompts(parts.prompts)
    return RewardModel(parts.name, loaded, head, told, longest_s)


def _head(path: Path, loaded: LoadedModel) -> Head:
    import torch
    from safetensors import SafetensorError
    from safetensors.torch import load_file

    try:
        found = load_file(path)
    except (OSError, SafetensorError) as error:
        raise WeightsError(f"{shown(path)} cannot be read ({safe_line(str(error))[:100]}); convert it again") from error
    size = int(loaded.model.get_parameter("model.language_model.embed_tokens.weight").shape[1])
    weight, bias = found.get("weight"), found.get("bias", torch.zeros(1))
    if weight is None or tuple(weight.shape) != (1, size) or tuple(bias.shape) != (1,):
        told = {safe_line(name)[:40]: list(one.shape) for name, one in found.items()}
        raise WeightsError(
            f"{shown(path)} is no head of this model: weight [1, {size}] and bias [1] are wanted, it has {told}"
        )
    if not (weight.isfinite().all() and bias.isfinite().all()):
        raise WeightsError(f"{shown(path)} holds numbers that are not finite; convert it again")
    return Head(weight[0].float().to(loaded.device), bias[0].float().to(loaded.device), digest_of(path))
