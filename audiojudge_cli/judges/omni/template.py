"""Whether a checkpoint's own chat template makes the same prompt as audiojudge does."""

from __future__ import annotations

from contextlib import suppress
from itertools import product
from typing import TYPE_CHECKING, Any

from audiojudge_cli.judges.omni.prompts import fill
from audiojudge_cli.text.jsonl import loads
from audiojudge_cli.text.terminal import safe_line

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from audiojudge_cli.judges.omni.adapter import Adapter
    from audiojudge_cli.judges.omni.chat import Chat
    from audiojudge_cli.judges.omni.loaded import LoadedModel
    from audiojudge_cli.judges.omni.prompts import Wording

# A template is a few kilobytes; what is much longer is none.
_LARGEST = 1 << 20
# So much of either rendering is shown around the first place where they differ.
_SHOWN = 40
_EXAMPLE = {
    "question": "Is a dog barking?",
    "caption": "A dog barks.",
    "dimension": "event",
    "items": "1. Q",
    "count": "1",
}


def other_template(loaded: LoadedModel, adapter: Adapter, chat: Chat, wording: Wording, asked: str) -> str | None:
    """Return one sentence on how the checkpoint's template differs; None where it does not, or there is none.

    The two agree when there is a conversation that the template renders to our prompt: a template may put words of its
    own around the audio, or a system turn, which a prompt file can spell out.

    Args:
        loaded: The model.
        adapter: Which tokens open and close the audio.
        chat: Builds our prompt.
        wording: The prompts; their system text is the one that is used.
        asked: `question` or `generate`: which of the prompts is asked.
    """
    template = _template(loaded)
    # Where no token stands for the audio, the template is that of a language model that was made without it.
    if template is None or loaded.architecture == "jastin":
        return None
    question = fill(getattr(wording, asked), _EXAMPLE)
    start = wording.answer_start if asked == "question" else ""
    head = _text(chat, [*chat.head(wording), *adapter.before])
    tail = _text(chat, [*adapter.after, *chat.suffix(question, start)])
    rendered: list[str] = []
    try:
        for conversation in _conversations(wording, question):
            rendered.append(_render(loaded.tokenizer, template, conversation))
            # A template may open the model's turn as far as answer_start does, or leave that to who asks.
            if any(_same(each, head, tail, chat) for each in (rendered[-1], rendered[-1] + start)):
                return None
    except Exception as error:  # noqa: BLE001 - a template is a program by others, and may raise what it likes
        reason = " ".join(str(error).split())[:200]
        return f"the checkpoint's own chat template refuses a prompt like audiojudge's ({safe_line(reason)}); {_SEE}"
    theirs, ours = _apart(rendered[0], head, tail)
    return f"the checkpoint's own chat template renders {theirs} where audiojudge puts {ours}; {_SEE}"


_SEE = "answers may differ from those of other tools (docs/omni.md, Prompts)"


def _template(loaded: LoadedModel) -> str | None:
    """Return the template of the checkpoint's processor, which knows of audio, else that of its tokenizer."""
    with suppress(OSError, ValueError):
        path = loaded.folder / "chat_template.jinja"
        if path.is_file() and path.stat().st_size <= _LARGEST:
            return path.read_text(encoding="utf-8")
        path = loaded.folder / "chat_template.json"
        if path.is_file() and path.stat().st_size <= _LARGEST:
            found = loads(path.read_bytes())
            if isinstance(found, dict) and isinstance(found.get("chat_template"), str):
                return str(found["chat_template"])
    own = loaded.tokenizer.chat_template
    if isinstance(own, dict):
        own = own.get("default")
    return own if isinstance(own, str) else None


def _conversations(wording: Wording, question: str) -> Iterator[list[dict[str, Any]]]:
    """Yield the conversations that could be meant by our prompt, the plainest first."""
    systems = [wording.system, None] if wording.system is not None else [None]
    befores = [wording.before_audio, ""] if wording.before_audio else [""]
    questions = [question, question.lstrip("\n")] if question.startswith("\n") else [question]
    for system, before, asked in product(systems, befores, questions):
        parts = [{"type": "text", "text": before}] if before else []
        audio = {"type": "audio", "audio": "clip.wav", "audio_url": "clip.wav"}
        user = {"role": "user", "content": [*parts, audio, {"type": "text", "text": asked}]}
        yield [*([{"role": "system", "content": system}] if system is not None else []), user]


def _render(tokenizer: Any, template: str, conversation: list[dict[str, Any]]) -> str:  # noqa: ANN401 - not typed
    return str(
        tokenizer.apply_chat_template(
            conversation, chat_template=template, tokenize=False, add_generation_prompt=True, enable_thinking=False
        )
    )


def _text(chat: Chat, tokens: Sequence[int]) -> str:
    decoded = chat.tokenizer.decode(list(tokens), skip_special_tokens=False, clean_up_tokenization_spaces=False)
    return str(decoded)


def _same(rendered: str, head: str, tail: str, chat: Chat) -> bool:
    """Return whether a rendering is our head, one token that stands for the audio, and our tail."""
    middle = rendered[len(head) : len(rendered) - len(tail)]
    return rendered == head + middle + tail and middle in chat.tokenizer.get_added_vocab()


def _apart(rendered: str, head: str, tail: str) -> tuple[str, str]:
    """Return the stretch from the first difference on, of the template's rendering and of ours, quoted."""
    at = next((at for at, (a, b) in enumerate(zip(rendered, head, strict=False)) if a != b), None)
    if at is None and len(rendered) >= len(head):
        # The beginnings agree: what differs is after the audio, and is best seen from the end.
        back = next(
            (at for at, (a, b) in enumerate(zip(rendered[::-1], tail[::-1], strict=False)) if a != b), len(tail)
        )
        stop, end = len(rendered) - back, len(tail) - back
        return _quoted(rendered[max(0, stop - _SHOWN) : stop]), _quoted(tail[max(0, end - _SHOWN) : end])
    at = len(rendered) if at is None else at
    return _quoted(rendered[at : at + _SHOWN]), _quoted(head[at : at + _SHOWN])


def _quoted(text: str) -> str:
    return f"“{safe_line(text.replace(chr(10), '⏎'))}”" if text else "nothing"
