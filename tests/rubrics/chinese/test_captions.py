"""Chinese captions as people write them: what must be asked, and what must not."""

from __future__ import annotations

import re

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
