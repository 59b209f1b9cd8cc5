from __future__ import annotations

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.errors import InputError
from audiojudge_cli.judges.omni.prompts import bundled_prompts, fill, prompt_set_names, read_prompts

OWN = """\
name: own
en:
  system: null
  question: "{question} yes or no?"
  generate: "{items}"
  evidence: "Why not? {question}"
  answers:
    yes: [yes, Yes]
    no: [no]
"""


@pytest.fixture
def own(tmp_path):
    def write(text=OWN):
        path = tmp_path / "own.yaml"
        path.write_text(text, encoding="utf-8")
        return path

    return write


def test_bundled_sets_speak_both_languages():
    assert "default" in prompt_set_names()
    for name in prompt_set_names():
        prompts = bundled_prompts(name)
        assert prompts.name == name
        assert prompts.en is not None
        assert prompts.zh is not None
        assert prompts.zh.answers.yes[0] == "是"
        assert re.search(r"[\u4e00-\u9fff]", prompts.zh.question)
        assert not re.search(r"[\u4e00-\u9fff]", prompts.en.model_dump_json())
        # Both ask for the JSON that generate mode reads.
        assert all('"id": 1' in wording.generate for wording in (prompts.en, prompts.zh))


def test_the_language_picks_the_wording(own):
    both, english = bundled_prompts("default"), read_prompts(own())
    assert both.wording("zh") is both.zh
    assert both.wording("en") is both.wording("mixed") is both.wording("fr") is both.en
    assert english.wording("zh") is english.en


def test_yes_and_no_stay_words_without_quotes(own):
    answers = read_prompts(own()).wording("en").answers
    assert (answers.yes, answers.no) == (("yes", "Yes"), ("no",))


def test_the_digest_follows_the_words_alone(own):
    first = read_prompts(own()).digest
    assert read_prompts(own(OWN.replace("name: own", "name: other\ntitle: new"))).digest == first
    assert read_prompts(own(OWN.replace("Why not?", "Why?"))).digest != first


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("- a\n", "own.yaml: a prompt set is a mapping"),
        ("name: own\n", r"own.yaml: prompt set: a prompt set has a wording under en, zh or both"),
        (OWN.replace("  generate", "  generat"), r"own.yaml: en\.generate: this key is missing"),
        (OWN + "extra: 1\n", r"own.yaml: extra: no such key"),
        (OWN + "name: own\n", r"own.yaml:10: the key 'name' is there twice"),
        (OWN.replace("{question} yes", "yes"), r"own.yaml: en\.question: must contain \{question\}"),
        (
            OWN.replace('"{question} yes', '"{question} {count} yes'),
            r"en\.question: \{count\} is not filled in here, only",
        ),
        (OWN.replace("null", '"{dimension}"'), r"en\.system: \{dimension\} is not filled in here, nothing is"),
        (OWN + '  item: "{number}."\n', r"own.yaml: en\.item: must contain \{question\}"),
        (OWN.replace("null", '"{caption}"'), r"own.yaml: en\.system: \{caption\} is not filled in here, nothing is"),
        (OWN.replace('"{items}"', '"{items} {question}"'), r"en\.generate: \{question\} is not .* only \{items\} and"),
        (OWN.replace("[no]", "[no, YES]"), r"own.yaml: en\.answers: 'yes' stands under both"),
        (OWN.replace("[no]", "[]"), r"own.yaml: en\.answers\.no: "),
        (OWN.replace("[no]", "[0]"), r"own.yaml: en\.answers\.no\.0: Input should be a valid string"),
        (OWN.replace("null", "&a x\n  before_audio: *a"), r"own.yaml:4: aliases"),
        ("en: {a\n", r"own.yaml:2: not YAML"),
        ("en: !!python/object:os.system {}\n", r"own.yaml:1: could not determine a constructor"),
        ("#" * 70_000, "at most 65,536 bytes"),
    ],
)
def test_mistakes_name_file_and_key(text, message, own):
    with pytest.raises(InputError, match=message):
        read_prompts(own(text))


def test_missing_and_unreadable_files(tmp_path):
    with pytest.raises(InputError, match=r"cannot read the prompt set .*none.yaml: No such file"):
        read_prompts(tmp_path / "none.yaml")
    (tmp_path / "latin.yaml").write_bytes(b"name: \xe9\n")
    with pytest.raises(InputError, match=r"latin.yaml:\d+: not YAML: it is not text in UTF-8"):
        read_prompts(tmp_path / "latin.yaml")
    with pytest.raises(InputError, match=r"no prompt set named 'defalt' \(did you mean 'default'\?\)"):
        bundled_prompts("defalt")


def test_a_system_text_per_mode(own):
    one = read_prompts(own(OWN.replace("null", "Listen."))).wording("en")
    assert (one.system, one.system_generate) == ("Listen.", "Listen.")
    two = read_prompts(own(OWN.replace("null", "Listen.\n  system_generate: null"))).wording("en")
    assert (two.system, two.system_generate) == ("Listen.", None)
    assert read_prompts(own()).wording("en").system_generate is None


def test_what_ratings_are_asked_with_moves_their_digest_alone(own):
    first = read_prompts(own())
    assert (first.wording("en").system_rate, "{instruction}" in first.wording("en").rate) == (None, True)
    for text in ("  system_rate: Rate.\n", '  rate: "{instruction} {scale}"\n'):
        other = read_prompts(own(OWN + text))
        assert other.digest == first.digest
        assert other.rating_digest != first.rating_digest
    assert read_prompts(own(OWN.replace("null", "Listen."))).wording("en").system_rate == "Listen."
    with pytest.raises(InputError, match=r"en\.rate: must contain \{instruction\}"):
        read_prompts(own(OWN + "  rate: Rate it.\n"))


COMPARE = """\
  compare:
    system: null
    first: "A:"
    second: "B:"
    question: "Which? End with Output A: X, Output B: X"
"""


def test_what_comparisons_are_asked_with_moves_their_digest_alone(own):
    first, other = read_prompts(own()), read_prompts(own(OWN + COMPARE))
    assert first.wording("en").compare is None
    assert (other.digest, other.rating_digest) == (first.digest, first.rating_digest)
    assert other.comparing_digest != first.comparing_digest
    for text, message in (
        (COMPARE.replace('A:"', '{caption}"', 1), r"en\.compare\.first: \{caption\} is not filled in here"),
        (COMPARE.replace("Which?", "{question}"), r"en\.compare\.question: \{question\} is not filled in here"),
        (COMPARE + "    text: both\n", r"en\.compare\.text: must contain \{caption\}"),
        (COMPARE.replace("second", "secund"), r"en\.compare\.second: this key is missing"),
    ):
        with pytest.raises(InputError, match=message):
            read_prompts(own(OWN + text))


@given(st.text(), st.text())
def test_what_is_filled_in_is_never_filled_in_again(question, caption):
    values = {"question": question, "caption": caption}
    assert fill('{question}|{"id": 1}|{caption}', values) == f'{question}|{{"id": 1}}|{caption}'
    assert fill("{question}", {"question": "{caption}", "caption": "no"}) == "{caption}"


@given(text=st.text(max_size=200))
def test_any_text_is_a_prompt_set_or_one_clear_line(text, tmp_path_factory):
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(text.encode("utf-8", "surrogatepass"))
    with pytest.raises(InputError) as caught:
        read_prompts(path)
    assert "any.yaml" in str(caught.value)


def test_the_bundled_file_is_plain_yaml_for_others_too(tmp_path):
    wording = bundled_prompts("default").wording("zh")
    dumped = yaml.safe_dump({"name": "copy", "zh": wording.model_dump(mode="json")}, allow_unicode=True)
    path = tmp_path / "copy.yaml"
    path.write_text(dumped, encoding="utf-8")
    assert read_prompts(path).wording("zh") == wording
