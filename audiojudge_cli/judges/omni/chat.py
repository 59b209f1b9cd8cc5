"""Text to tokens: our own frame of turns, and everybody's words as plain text inside it."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from audiojudge_cli.judges.omni.prompts import Wording

# All architectures that are known here were trained with ChatML turns.
_OPEN, _CLOSE = "<|im_start|>", "<|im_end|>"
_ENDS = (_CLOSE, "<|endoftext|>")


class Chat:
    """Builds prompts as token ids.

    The tokens that open and close a turn are put by id. Whatever a caption, a question or a prompt file says is
    encoded without looking for special tokens, so that `<|im_end|>` or `<|AUDIO|>` inside a caption is spelled out
    letter by letter like any other text. The one exception is `answer_start` of a prompt file, into which nothing is
    filled: models that think before they answer are told with a special token that they have done so.

    Args:
        tokenizer: The checkpoint's own, a fast one.

    Raises:
        WeightsError: If it lacks the tokens that open and close a turn.

    Attributes:
        tokenizer: As given.
        stops: Tokens that end the model's turn.
    """

    def __init__(self, tokenizer: Any) -> None:  # noqa: ANN401 - transformers' tokenizers have no common type
        self.tokenizer = tokenizer
        self._backend = tokenizer.backend_tokenizer
        special = tokenizer.get_added_vocab()
        if missing := [name for name in (_OPEN, _CLOSE) if name not in special]:
            raise WeightsError(
                f"the model's tokenizer has no {' and no '.join(missing)}, which open and close a turn; "
                "use an instruct model of a supported architecture"
            )
        self._open, self._close = [special[_OPEN]], [special[_CLOSE]]
        self.stops = frozenset(special[name] for name in _ENDS if name in special)

    def plain(self, text: str) -> list[int]:
        """Return the tokens of `text`, none of them special, whatever it says."""
        from tokenizers import NormalizedString, PreTokenizedString

        # JSON can carry half a surrogate pair, which no encoder takes.
        normalized = NormalizedString(text.encode("utf-8", "replace").decode())
        if self._backend.normalizer is not None:
            self._backend.normalizer.normalize(normalized)
        pieces = PreTokenizedString(str(normalized.normalized))
        if self._backend.pre_tokenizer is not None:
            self._backend.pre_tokenizer.pre_tokenize(pieces)
        pieces.tokenize(self._backend.model.tokenize)
        return list(pieces.to_encoding().ids)

    def head(self, wording: Wording) -> list[int]:
        """Return the tokens from the start of a prompt up to the audio: the same for every clip."""
        return self.opening(wording.system, wording.before_audio)

    def opening(self, system: str | None, text: str) -> list[int]:
        """Return the tokens of a system turn, where there is one, and of the beginning of the person's turn."""
        told = [] if system is None else self._turn("system", system)
        return [*told, *self._open, *self.plain(f"user\n{text}")]

    def suffix(self, text: str, answer_start: str = "") -> list[int]:
        """Return the tokens from after the audio up to where the model goes on.

        Args:
            text: The rest of the person's turn.
            answer_start: How the model's turn begins; special tokens in it are these tokens.
        """
        return [*self.plain(text), *self._close, *self.plain("\n"), *self._assistant(answer_start)]

    def conversation(self, turns: Iterable[tuple[str, str]]) -> list[int]:
        """Return the tokens of a conversation without audio: (role, text) each, up to where the model goes on."""
        told = [token for role, text in turns for token in self._turn(role, text)]
        return [*told, *self._assistant("")]

    def text(self, tokens: Sequence[int]) -> str:
        """Return what the model wrote."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _turn(self, role: str, text: str) -> list[int]:
        return [*self._open, *self.plain(f"{role}\n{text}"), *self._close, *self.plain("\n")]

    def _assistant(self, start: str) -> list[int]:
        return [*self._open, *self.tokenizer.encode(f"assistant\n{start}", add_special_tokens=False)]
