"""The plain way to ask an audio language model: one whole prompt per item through the library, nothing kept.

This is what the tests hold the omni judge's answers against, and what the benchmark measures it against.
"""

from __future__ import annotations

from types import SimpleNamespace
from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.omni.loaded import LoadedModel
from audiojudge_cli.judges.omni.odds import Odds, read_odds

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np
    import torch
    from numpy.typing import NDArray

    from audiojudge_cli.judges.omni.loaded import Architecture

# Model class, processor class, and how the audio stands in the text of a prompt.
LIBRARY = {
    "qwen2_audio": (
        "Qwen2AudioForConditionalGeneration",
        "Qwen2AudioProcessor",
        "<|audio_bos|><|AUDIO|><|audio_eos|>",
    ),
    "audioflamingo3": ("AudioFlamingo3ForConditionalGeneration", "AudioFlamingo3Processor", "<sound>"),
    "qwen2_5_omni": (
        "Qwen2_5OmniThinkerForConditionalGeneration",
        "Qwen2_5OmniProcessor",
        "<|audio_bos|><|AUDIO|><|audio_eos|>",
    ),
    "qwen3_omni_moe": (
        "Qwen3OmniMoeThinkerForConditionalGeneration",
        "Qwen3OmniMoeProcessor",
        "<|audio_start|><|audio_pad|><|audio_end|>",
    ),
}


class Plain:
    """The library's own processor and forward pass.

    Args:
        architecture: As in `LoadedModel`.
        model: The library's model.
        tokenizer: Its tokenizer.
        extractor: Its feature extractor.
    """

    def __init__(self, architecture: str, model: Any, tokenizer: Any, extractor: Any) -> None:  # noqa: ANN401
        self._architecture = architecture
        self._model = model
        self._processor = _processor(architecture, tokenizer, extractor)

    @classmethod
    def of(cls, loaded: LoadedModel) -> Plain:
        """The plain way for a model that is loaded already."""
        return cls(loaded.architecture, loaded.model, loaded.tokenizer, loaded.feature_extractor)

    def inputs(self, audio: NDArray[np.float32], before: str, after: str) -> dict[str, torch.Tensor]:
        """What the processor makes of a prompt, with its default padding.

        Args:
            audio: Mono samples at 16 kHz.
            before: Text before the audio, special tokens written out.
            after: Text after it.
        """
        text = before + LIBRARY[self._architecture][2] + after
        made = self._processor(text=text, audio=[audio], sampling_rate=16_000, return_tensors="pt")
        return {name: tensor.to(self._model.device) for name, tensor in made.items()}

    def logits(self, audio: NDArray[np.float32], before: str, after: str) -> torch.Tensor:
        """Next-token logits after the whole prompt, shape (1, vocabulary)."""
        import torch

        with torch.inference_mode():
            found: torch.Tensor = self._model(**self.inputs(audio, before, after)).logits[:, -1]
        return found

    def odds(
        self, audio: NDArray[np.float32], before: str, after: str, yes: tuple[int, ...], no: tuple[int, ...]
    ) -> Odds:
        """The odds of yes for one prompt."""
        return read_odds(self.logits(audio, before, after), yes, no)[0]

    def generated(self, audio: NDArray[np.float32], before: str, after: str, tokens: int) -> list[int]:
        """What the library's `generate` writes greedily after the prompt."""
        import torch

        inputs = self.inputs(audio, before, after)
        with torch.inference_mode():
            found = self._model.generate(**inputs, max_new_tokens=tokens, do_sample=False)
        return [int(token) for token in found[0, inputs["input_ids"].shape[1] :]]


def load_plain(architecture: Architecture, folder: Path) -> LoadedModel:
    """Load a checkpoint with nothing but the library, in float32 on the CPU.

    The library has no class for `jastin`: its parts are put together by audiojudge itself.
    """
    import torch
    import transformers

    if architecture == "jastin":
        from audiojudge_cli.judges.omni.load import load_model

        return load_model(folder, device="cpu", quant="none")
    kind = getattr(transformers, LIBRARY[architecture][0])
    return LoadedModel(
        architecture=architecture,
        model=kind.from_pretrained(folder, dtype=torch.float32).eval(),
        tokenizer=transformers.AutoTokenizer.from_pretrained(folder),
        feature_extractor=transformers.WhisperFeatureExtractor.from_pretrained(folder),
        device=torch.device("cpu"),
        dtype=torch.float32,
        quant="none",
        folder=folder,
        fingerprint="",
    )


def _processor(architecture: str, tokenizer: Any, extractor: Any) -> Any:  # noqa: ANN401
    import transformers

    kind = getattr(transformers, LIBRARY[architecture][1])
    if "omni" not in architecture:
        return kind(feature_extractor=extractor, tokenizer=tokenizer)

    class _HearingOnly(kind):  # type: ignore[misc, valid-type]
        """The Omni processors insist on image and video processors, which need torchvision, even for audio."""

        def check_argument_for_proper_class(self, argument_name: str, argument: object) -> object:
            if argument is None:
                return type(None)
            return super().check_argument_for_proper_class(argument_name, argument)

    made: Any = _HearingOnly(feature_extractor=extractor, tokenizer=tokenizer)
    for unseen in ("image_processor", "video_processor"):
        if getattr(made, unseen) is None:
            # transformers 5.21 reads how patches are merged, of pictures that are not there too.
            setattr(made, unseen, SimpleNamespace(merge_size=2))
    return made
