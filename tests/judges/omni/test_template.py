"""What a checkpoint's own chat template says, against what audiojudge asks."""

from __future__ import annotations

import json
import shutil
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from audiojudge_cli.judges.omni.adapter import adapter_for
from audiojudge_cli.judges.omni.chat import Chat
from audiojudge_cli.judges.omni.judge import Manner, OmniJudge
from audiojudge_cli.judges.omni.load import load_model
from audiojudge_cli.judges.omni.prompts import bundled_prompts, read_prompts
from audiojudge_cli.judges.omni.template import other_template

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3")


@pytest.fixture(scope="module")
def loaded_of(checkpoint):
    made = {}

    def load(architecture):
        if architecture not in made:
            made[architecture] = load_model(checkpoint(architecture), device="cpu", quant="none")
        return made[architecture]

    return load


@pytest.fixture
def own(loaded_of, tmp_path):
    """Give a model whose template was changed."""

    def change(old="", new="", *, architecture="qwen2_audio", file="chat_template.json"):
        loaded = loaded_of(architecture)
        template = json.loads((loaded.folder / "chat_template.json").read_text(encoding="utf-8"))["chat_template"]
        assert old in template
        folder = Path(shutil.copytree(loaded.folder, tmp_path / "copy"))
        (folder / "chat_template.json").unlink()
        text = template.replace(old, new) if old else new or template
        if file.endswith(".json"):
            text = json.dumps({"chat_template": text})
        if file:
            (folder / file).write_text(text, encoding="utf-8")
        return replace(loaded, folder=folder)

    return change


def said(loaded: Any, prompts: Any = None, asked: str = "question", language: str = "en") -> str | None:
    wording = (prompts or bundled_prompts("default")).wording(language)
    return other_template(loaded, adapter_for(loaded), Chat(loaded.tokenizer), wording, asked)


@pytest.mark.parametrize("asked", ["question", "generate"])
@pytest.mark.parametrize("language", ["en", "zh"])
@pytest.mark.parametrize("architecture", ARCHITECTURES)
def test_a_template_that_makes_the_same_prompt_is_not_worth_a_word(architecture, language, asked, loaded_of):
    assert said(loaded_of(architecture), None, asked, language) is None


# What templates of released models do besides: words around the audio, another frame, a system turn of their own,
# stripped texts, thinking opened for the model, a refusal.
OTHERS = {
    "words before the audio": ("<|audio_bos|>", "Audio 1: <|audio_bos|>", "renders “Audio 1: <|audio_bos|>"),
    "words after the audio": ("<|audio_eos|>", "<|audio_eos|> :", "renders “"),
    "another frame": ("<|im_start|>assistant\n", "<|assistant|>", "renders “"),
    "no line after a turn": ("<|im_end|>\n", "<|im_end|>", "renders “<|im_start|>user"),
    "a stripped text": ("{{ part['text'] }}", "{{ part['text'] | trim }}", "renders “"),
    "thinking": ("<|im_start|>assistant\n", "<|im_start|>assistant\n<think>\n\n</think>\n\n", "</think>"),
    "other names": ("{{ message['role'] }}", "{{ message['role'] | upper }}", "renders “SYSTEM"),
    "a refusal": ("{% for message in messages %}", "{{ raise_exception('no system here') }}", "refuses a prompt"),
    "no template": ("{% for message in messages %}", "{% for x in %}", "refuses a prompt"),
}


@pytest.mark.parametrize("file", ["chat_template.json", "chat_template.jinja"])
@pytest.mark.parametrize("kind", OTHERS)
def test_every_other_rendering_is_told_in_one_line(kind, file, own):
    old, new, told = OTHERS[kind]
    remark = said(own(old, new, file=file))
    assert remark is not None
    assert remark.startswith("the checkpoint's own chat template ")
    assert told in remark
    assert "docs/omni.md" in remark
    assert "\n" not in remark


def test_without_a_template_nothing_is_said(own):
    assert said(own(file="")) is None


def test_prompts_that_spell_out_what_the_template_adds_are_the_same(own, tmp_path):
    """As a judge's authors would write them: its words around the audio, its default system text, its empty thought."""
    template = (
        "{% if messages[0]['role'] != 'system' %}<|im_start|>system\nBe kind.<|im_end|>\n{% endif %}"
        "{% for message in messages %}<|im_start|>{{ message['role'] }}\n{% if message['content'] is string %}"
        "{{ message['content'] }}{% else %}{% for part in message['content'] %}{% if part['type'] == 'audio' %}"
        "Audio 1: <|audio_bos|><|AUDIO|><|audio_eos|>\n{% else %}{{ part['text'] }}{% endif %}{% endfor %}"
        "{% endif %}<|im_end|>\n{% endfor %}"
        "{% if add_generation_prompt %}<|im_start|>assistant\n<think>\n\n</think>\n\n{% endif %}"
    )
    path = tmp_path / "own.yaml"
    path.write_text(
        'name: own\nen:\n  system: Be kind.\n  before_audio: "Audio 1: "\n  question: "\\n{question}"\n'
        '  answer_start: "<think>\\n\\n</think>\\n\\n"\n  generate: "{items}"\n  evidence: "{question}"\n'
        "  answers: {yes: [yes], no: [no]}\n",
        encoding="utf-8",
    )
    loaded = own(new=template)
    assert said(loaded, read_prompts(path)) is None
    assert "Audio 1" in str(said(loaded))


def test_a_run_is_told_once(own):
    loaded = own(*OTHERS["words before the audio"][:2])
    told: list[str] = []
    judge = OmniJudge("tiny", loaded, Manner(bundled_prompts("default"), "logits", 30.0, 0.0))
    judge.remark_to(told.append)
    assert len([line for line in told if "chat template" in line]) == 1
