"""A writer on this machine: a causal language model read by transformers (extra `omni`)."""

from __future__ import annotations

import hashlib
import re
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any

from audiojudge_cli.cuda import why_no_cuda
from audiojudge_cli.errors import InputError
from audiojudge_cli.rubrics.writer import Message, WriterError
from audiojudge_cli.weights.snapshot import adapter_alone

_MOST_TOKENS = 4096


class LocalWriter:
    """Writes greedily with an instruct model from a local folder or the hub's local cache.

    Weights are read as safetensors only, and a model's own code is never run. The schema is asked for in the prompt
    and checked afterwards: plain transformers cannot enforce it while decoding.
    """

    def __init__(self, model: str, *, device: str = "auto", most_tokens: int = _MOST_TOKENS) -> None:
        """Load the model.

        Args:
            model: Folder with config, tokenizer and safetensors, or a hub name that is already in its cache.
            device: `auto`, `cpu`, `cuda`, `cuda:1` …
            most_tokens: Longest answer.

        Raises:
            InputError: If torch and transformers are not installed, or the device cannot be used.
            WriterError: If the model cannot be loaded.
        """
        try:
            torch = import_module("torch")
            transformers = import_module("transformers")
        except ImportError as error:
            raise InputError(
                f"a local model needs torch and transformers ({error}): pip install 'audiojudge-cli[omni]'"
            ) from error
        self._torch = torch
        self._lock = threading.Lock()
        self._name = model
        self._most_tokens = most_tokens
        place = _place(device)
        if Path(model).is_dir() and adapter_alone(path.name for path in Path(model).iterdir()):
            raise WriterError(f"{model} holds an adapter alone, not a model; merge it into its base model first")
        kind = torch.float32 if place == "cpu" else torch.bfloat16
        try:
            self._tokenizer = transformers.AutoTokenizer.from_pretrained(model, trust_remote_code=False)
            loaded = transformers.AutoModelForCausalLM.from_pretrained(
                model, dtype=kind, use_safetensors=True, trust_remote_code=False
            )
        except (OSError, ValueError) as error:
            reason = " ".join(str(error).split())[:300]
            raise WriterError(f"{model}: the local model cannot be loaded: {reason}") from error
        self._model = loaded.to(place).eval()
        self._fingerprint = _fingerprint(model, str(getattr(loaded.config, "_commit_hash", "")), str(kind))

    @property
    def name(self) -> str:
        """Folder or name of the model."""
        return self._name

    @property
    def fingerprint(self) -> str:
        """Changes with the model's files, its revision and its number format."""
        return self._fingerprint

    def write(self, messages: Sequence[Message], schema: Mapping[str, Any]) -> str:
        """Return the model's greedy answer (see `rubrics.writer`)."""
        del schema
        encoded = self._encode(messages)
        length = encoded["input_ids"].shape[1]
        # One at a time: answers of several threads would only share memory and cores.
        with self._lock, self._torch.inference_mode():
            made = self._model.generate(
                **encoded,
                max_new_tokens=self._most_tokens,
                do_sample=False,
                temperature=None,
                top_p=None,
                top_k=None,
                pad_token_id=self._tokenizer.pad_token_id or self._tokenizer.eos_token_id or 0,
            )
        return str(self._tokenizer.decode(made[0, length:], skip_special_tokens=True))

    def _encode(self, messages: Sequence[Message]) -> Any:  # noqa: ANN401 - a BatchEncoding of tensors
        if not self._tokenizer.chat_template:
            raise WriterError(f"{self._name}: the tokenizer has no chat template; use an instruct model")
        return self._tokenizer.apply_chat_template(
            list(messages),
            add_generation_prompt=True,
            enable_thinking=False,  # models that think aloud would not answer in JSON; others ignore it
            return_dict=True,
            return_tensors="pt",
        ).to(self._model.device)


def _place(device: str) -> str:
    """Return where to run: what was asked for, if it can be used; `auto` takes CUDA where it can."""
    if device == "cpu":
        return device
    # A number with more digits than any machine has devices.
    if device != "auto" and not re.fullmatch(r"cuda(:\d{1,4})?", device):
        raise InputError(f"no device {device!r}; give auto, cpu, cuda or cuda:N")
    reason = why_no_cuda(int(device.partition(":")[2] or 0))
    if reason is None:
        return "cuda" if device == "auto" else device
    if device == "auto":
        return "cpu"
    raise InputError(f"--device {device} cannot be used: {reason}; give --device cpu, or auto")


def _fingerprint(model: str, commit: str, kind: str) -> str:
    """Hash what decides the answers: for a folder its small files and the names and sizes of its weights."""
    digest = hashlib.sha256(f"{model if not Path(model).is_dir() else ''} {commit} {kind}".encode())
    folder = Path(model)
    if folder.is_dir():
        for path in sorted(folder.iterdir()):
            if path.is_file():
                digest.update(f"{path.name} {path.stat().st_size}".encode())
                if path.suffix == ".json" and path.stat().st_size < 1 << 20:
                    digest.update(path.read_bytes())
    return digest.hexdigest()[:16]
