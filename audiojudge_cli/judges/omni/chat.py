"""Text to tokens: our own frame of turns, and everybody's words as plain text inside it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from audiojudge_cli.errors import WeightsError

if TYPE_CHECKING:
    from collections.abc import Callable, Collection, Iterable, Sequence

    from audiojudge_cli.judges.omni.prompts import Wording


@dataclass(frozen=True, slots=True)
class Turns:
    """How turns are framed.

    Attributes:
        opens: Token before the role.
        closes: Token after the text.
        named: Token after the role; without one, a line break alone parts it from the text.
        apart: What parts the role from the text, and after it.
        between: What stands between two turns.
        begins: Token that begins every prompt, if any.
        ends: Tokens that end the model's turn.
    """

    opens: str
    closes: str
    named: str | None
    apart: str
    between: str
    begins: str | None
    ends: tuple[str, ...]


CHATML = Turns("<|im_start|>", "<|im_end|>", None, "\n", "\n", None, ("<|im_end|>", "<|endoftext|>"))
LLAMA = Turns(
    *("<|start_header_id|>", "<|eot_id|>", "<|end_header_id|>", "\n\n", "", "<|begin_of_text|>"),
    ("<|eot_id|>", "<|eom_id|>", "<|end_of_text|>"),
)
"""Of Llama 3, base models included: their vocabularies hold these tokens too."""


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
        turns = next((each for each in (CHATML, LLAMA) if not _missing(each, special)), CHATML)
        if missing := _missing(turns, special):
            raise WeightsError(
                f"the model's tokenizer has no {' and no '.join(missing)}, which open and close a turn; "
                "use an instruct model of a supported architecture"
            )
        self._turns = turns
        self._open, self._close = [special[turns.opens]], [special[turns.closes]]
        self._named = [special[turns.named]] if turns.named else []
        self._begin = [special[turns.begins]] if turns.begins in special else []
        self.stops = frozenset(special[name] for name in turns.ends if name in special)

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
        return [*self._begin, *told, *self._opened("user", text)]

    def suffix(self, text: str, answer_start: str = "") -> list[int]:
        """Return the tokens from after the audio up to where the model goes on.

        Args:
            text: The rest of the person's turn.
            answer_start: How the model's turn begins; special tokens in it are these tokens.
        """
        return [*self.plain(text), *self._closed, *self._assistant(answer_start)]

    def conversation(self, turns: Iterable[tuple[str, str]]) -> list[int]:
        """Return the tokens of a conversation without audio: (role, text) each, up to where the model goes on."""
        told = [token for role, text in turns for token in self._turn(role, text)]
        return [*self._begin, *told, *self._assistant("")]

    def text(self, tokens: Sequence[int]) -> str:
        """Return what the model wrote."""
        return str(self.tokenizer.decode(list(tokens), skip_special_tokens=True, clean_up_tokenization_spaces=False))

    def _turn(self, role: str, text: str) -> list[int]:
        return [*self._opened(role, text), *self._closed]

    @property
    def _closed(self) -> list[int]:
        return [*self._close, *self.plain(self._turns.between)]

    def _assistant(self, start: str) -> list[int]:
        return self._opened("assistant", start, lambda text: self.tokenizer.encode(text, add_special_tokens=False))

    def _opened(self, role: str, text: str, tokens: Callable[[str], list[int]] | None = None) -> list[int]:
        spell, text = tokens or self.plain, f"{self._turns.apart}{text}"
        if self._named:
            return [*self._open, *self.plain(role), *self._named, *spell(text)]
        return [*self._open, *spell(f"{role}{text}")]


def _missing(turns: Turns, special: Collection[str]) -> list[str]:
    return [name for name in (turns.opens, turns.closes, turns.named) if name is not None and name not in special]
