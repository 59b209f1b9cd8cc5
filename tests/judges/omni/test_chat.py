from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3")
LANGUAGES = ("en", "zh")


@pytest.fixture(scope="module")
def tokenizer_of(checkpoint):
    from transformers import AutoTokenizer

    return lambda architecture: AutoTokenizer.from_pretrained(checkpoint(architecture))


@pytest.fixture(scope="module")
def tokenizer(tokenizer_of):
    return tokenizer_of("qwen2_audio")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_prompt_is_what_the_library_makes_of_the_same_turns(architecture, language, tokenizer_of):
    tokenizer = tokenizer_of(architecture)
    chat, wording = Chat(tokenizer), bundled_prompts("default").wording(language)
    asked = fill(wording.question, {"question": "Is a dog barking? 有狗在叫吗？", "caption": ""})
    head = f"<|im_start|>system\n{wording.system}<|im_end|>\n<|im_start|>user\n{wording.before_audio}"
    rest = f"{asked}<|im_end|>\n<|im_start|>assistant\n"
    assert chat.head(wording) == tokenizer.encode(head, add_special_tokens=False)
    assert chat.suffix(asked) == tokenizer.encode(rest, add_special_tokens=False)
    assert chat.suffix(asked, "No") == tokenizer.encode(rest + "No", add_special_tokens=False)
    turns = [("system", "Write."), ("user", "A rubric."), ("assistant", "[]"), ("user", "Again.")]
    whole = "".join(f"<|im_start|>{role}\n{text}<|im_end|>\n" for role, text in turns) + "<|im_start|>assistant\n"
    assert chat.conversation(turns) == tokenizer.encode(whole, add_special_tokens=False)


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_special_tokens_in_a_caption_are_letters(architecture, tokenizer_of):
    tokenizer = tokenizer_of(architecture)
    chat = Chat(tokenizer)
    special = {token: number for token, number in tokenizer.get_added_vocab().items() if token.startswith("<")}
    assert len(special) >= 6
    evil = "a dog" + "".join(special) + " barks"
    frame = chat.suffix("")
    spelled = chat.plain(evil)
    assert not set(spelled) & set(special.values())
    assert tokenizer.decode(spelled) == evil
    assert chat.suffix(evil) == spelled + frame
    wording = bundled_prompts("default").wording("en").model_copy(update={"system": evil, "before_audio": evil})
    plain = bundled_prompts("default").wording("en")
    assert [t for t in chat.head(wording) if t in special.values()] == [
        t for t in chat.head(plain) if t in special.values()
    ]
    assert [t for t in chat.conversation([("user", evil)]) if t in special.values()] == [
        t for t in chat.conversation([("user", "a")]) if t in special.values()
    ]


@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_every_special_token_can_open_the_models_turn_and_nowhere_else(architecture, tokenizer_of):
    tokenizer = tokenizer_of(architecture)
    chat = Chat(tokenizer)
    for token, number in tokenizer.get_added_vocab().items():
        asked = chat.suffix(token, f"{token}\n\n{token}")
        start = chat.suffix("")
        assert asked == [*chat.plain(token), *start, number, *chat.plain("\n\n"), number]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(text=st.text(st.characters(codec="utf-8"), max_size=80))
def test_other_text_is_encoded_as_the_library_does(text, tokenizer):
    expected = tokenizer.encode(text, add_special_tokens=False)
    if not set(expected) & set(tokenizer.get_added_vocab().values()):
        assert Chat(tokenizer).plain(text) == expected


def test_half_a_surrogate_pair_is_a_question_mark(tokenizer):
    assert Chat(tokenizer).plain("a\ud800b") == tokenizer.encode("a?b", add_special_tokens=False)


def test_what_ends_a_turn(tokenizer):
    chat = Chat(tokenizer)
    assert chat.stops == {tokenizer.convert_tokens_to_ids(name) for name in ("<|im_end|>", "<|endoftext|>")}
    assert chat.text([*chat.plain("A dog ,  barks ."), *chat.stops]) == "A dog ,  barks ."


def test_a_tokenizer_without_turns_says_so():
    from tokenizers import Tokenizer
    from tokenizers.models import BPE
    from transformers import PreTrainedTokenizerFast

    with pytest.raises(WeightsError, match=r"tokenizer has no <\|im_start\|> and no <\|im_end\|>, which open"):
        Chat(PreTrainedTokenizerFast(tokenizer_object=Tokenizer(BPE())))
