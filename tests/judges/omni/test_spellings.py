import pytest

from audiojudge_cli.errors import WeightsError
from audiojudge_cli.judges.omni.spellings import spellings_of


class Letters:
    """One token per known text; everything else one per letter."""

    def __init__(self, *known: str) -> None:
        self._known = known

    def encode(self, text: str, *, add_special_tokens: bool) -> list[int]:
        assert not add_special_tokens
        return [self._known.index(text)] if text in self._known else [ord(letter) for letter in text]


def test_every_case_with_and_without_space():
    tokenizer = Letters("yes", "Yes", "YES", " yes", " Yes", "no", " NO")
    found = spellings_of(tokenizer)
    assert found.yes == (0, 1, 2, 3, 4)
    assert found.no == (5, 6)


def test_words_in_several_tokens_are_left_out():
    assert spellings_of(Letters("yes", "no", "是"), ["yes", "是"], ["no", "不是"]).no == (1,)


def test_no_single_token_is_an_error_that_names_the_word():
    with pytest.raises(WeightsError, match="'yes' or for 'no'"):
        spellings_of(Letters("yes"))


@pytest.mark.parametrize("architecture", ["qwen2_audio", "qwen3_omni_moe"])
def test_chinese_words_of_a_real_kind_of_tokenizer(library_model, architecture):
    tokenizer = library_model(architecture).tokenizer
    english = spellings_of(tokenizer)
    both = spellings_of(tokenizer, ["yes", "是"], ["no", "否"])
    assert set(both.yes) - set(english.yes) == {tokenizer.convert_tokens_to_ids(tokenizer.tokenize("是"))[0]}
    assert len(set(both.no) - set(english.no)) == 1
    assert not set(both.yes) & set(both.no)
