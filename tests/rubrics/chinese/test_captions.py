"""Chinese captions as people write them: what must be asked, and what must not."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from audiojudge_cli.rubrics.rules import RulesExpander

EXPANDER = RulesExpander()


def asked(caption: str) -> list[str]:
    return [item.question for item in EXPANDER.expand(caption).items]


@pytest.mark.parametrize("sound", ["狗叫", "雷声", "脚步声", "钟声", "枪响", "木门吱呀"])
@pytest.mark.parametrize("told", ["由远及近", "很轻", "断断续续", "响了三声", "渐强", "在背景中"])
def test_sounds_are_told_apart_by_name_not_by_number(sound: str, told: str) -> None:
    questions = asked(f"先是雨声，接着{sound}{told}，最后有人鼓掌。")
    assert any(sound[:2] in question for question in questions)
    assert not re.search(r"第[一二三四五六七八九]个", "".join(questions))


@pytest.mark.parametrize("told", ["Angry", "Sad", "Happy", "Tender whisper", "Slow"])
def test_an_english_request_for_a_chinese_line_is_asked_in_chinese(told: str) -> None:
    questions = asked(f"{told} “昨晚的电影真是太精彩了，我笑到肚子疼。”")
    assert len(questions) > 1
    assert not [question for question in questions if re.search(r"[A-Za-z]", question)]


@pytest.mark.parametrize("language", ["普通话", "粤语", "英语", "德语", "日语"])
@pytest.mark.parametrize("person", ["一位女性", "一位男性", "一个小女孩"])
def test_who_speaks_what(language: str, person: str) -> None:
    questions = asked(f"{person}用{language}说话。")
    assert any(language in question for question in questions)
    assert any("性？" in question for question in questions)
    assert not any("口音" in question or "一位" in question or "一个" in question for question in questions)


@pytest.mark.parametrize("instrument", ["钢琴", "小提琴", "手风琴", "马林巴", "古筝", "长笛"])
@pytest.mark.parametrize("verb", ["演奏", "弹奏", "合奏"])
@pytest.mark.parametrize("kind", ["小调音乐", "缓慢的纯音乐", "史诗般的音乐"])
def test_who_plays(instrument: str, verb: str, kind: str) -> None:
    questions = asked(f"一段{kind}，由{instrument}{verb}，带有鼓点。")
    assert f"是否能听到{instrument}？" in questions
    assert "是否能听到鼓点？" in questions
    assert not any("语速" in question or "说话" in question or "属于史诗" in question for question in questions)


@pytest.mark.parametrize(
    ("caption", "want", "never"),
    [
        ("低沉的弦乐从枪响之后才慢慢进来。", "弦乐是否慢慢进来", "枪响是否慢慢"),
        ("雷声从钟声之后渐渐远去。", "雷声是否渐渐远去", "钟声是否渐渐"),
        ("背景是人群嘈杂和偶尔经过的三轮车铃。", "三轮车铃的声音是否偶尔", "嘈杂的声音是否偶尔"),
        ("京剧锣鼓打底的trap。", "京剧锣鼓是否用来打底", "音乐是否用来打底"),
        ("高压锅漏气，再把滑架用力推回去。", "漏气", "用力"),
        ("一位女主播用沙哑的嗓音慢慢朗读散文。", "语速是否慢慢的", "像慢慢朗读"),
        ("写一首民谣，讲毕业后在操场重逢的故事。", "民谣", "场景"),
        ("写一首民谣，前奏只有木吉他，大概八秒。", "木吉他", "时长"),
        ("一个男人说话，停两拍，继续说。", "男性", "两拍"),
        ("啪的一声按下开关，随后狗叫三声。", "狗叫是否正好三声", "正好一声"),
        ("爷爷先愣一下，再乐呵呵地笑出声。", "笑出声", "之后出现"),
    ],
)
def test_what_is_said_belongs_to_what_it_is_said_of(caption: str, want: str, never: str) -> None:
    questions = asked(caption)
    assert any(want in question for question in questions), questions
    assert not any(never in question for question in questions), questions


@pytest.mark.parametrize(("one", "other"), [("甲", "乙"), ("A", "B"), ("妈妈", "孩子"), ("老周", "小林"), ("男", "女")])
@pytest.mark.parametrize("joint", ["", "\n"])
@pytest.mark.parametrize("front", ["", "两个人在聊天。"])
def test_turns_of_a_dialogue_are_what_is_said(one: str, other: str, joint: str, front: str) -> None:
    questions = asked(f"{front}{one}：雨下得好大，你带伞了吗？{joint}{other}：没带，我听见打雷了。")
    assert {"是否说了“雨下得好大，你带伞了吗？”？", "是否说了“没带，我听见打雷了。”？"} <= set(questions)
    assert not any("雨" in question or "雷" in question for question in questions if "说了" not in question)


@pytest.mark.parametrize(
    "caption",
    [
        "男：低沉沙哑，语速慢。女：清亮，语速快。",
        "主持人：女，三十岁左右；嘉宾：男，声音浑厚。",
        "音效：雨声。音乐：钢琴，缓慢。",
        "女声：温柔；背景音乐：钢琴",
        "前奏：钢琴独奏。副歌：加入弦乐。",
    ],
)
def test_keys_of_a_description_are_no_turns(caption: str) -> None:
    questions = asked(caption)
    assert len(questions) > 1
    assert not any("说了" in question for question in questions)


@pytest.mark.parametrize("verb", ["说", "喊", "问", "回答", "念", "朗读", "播报"])
def test_what_follows_a_verb_of_saying_is_said(verb: str) -> None:
    questions = asked(f"一个温柔的女声{verb}：外面下着大雨，请带好雨伞。")
    assert "是否说了“外面下着大雨，请带好雨伞。”？" in questions
    assert not any("雨" in question for question in questions if "说了" not in question)


_LISTED = Path(__file__).with_name("captions.jsonl")  # speech, sounds, music, mixtures; what is asked, what never is
CAPTIONS = [tuple(json.loads(line).values()) for line in _LISTED.read_text(encoding="utf-8").splitlines()]


@pytest.mark.parametrize(("caption", "want", "never"), CAPTIONS, ids=[row[0][:12] for row in CAPTIONS])
def test_a_caption_is_asked_for_what_it_claims(caption: str, want: list[str], never: list[str]) -> None:
    questions = asked(caption)
    assert not [words for words in want if not any(words in question for question in questions)], questions
    assert not [words for words in never if any(words in question for question in questions)], questions
    assert all(question.count("是否") == 1 and question.endswith("？") for question in questions)


@pytest.mark.parametrize("sound", ["狗叫", "雨声", "猫头鹰叫", "钟声"])
def test_a_clear_sound_is_one_that_is_heard(sound: str) -> None:
    assert asked(f"清晰的{sound}。") == [f"是否能听到{sound}？"]
