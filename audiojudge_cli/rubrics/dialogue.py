"""Finds Chinese spoken lines that no quotation marks show: turns of a dialogue (甲：…乙：…), and what follows 说：."""

from __future__ import annotations

import re
from itertools import zip_longest

from audiojudge_cli.rubrics.stems import HAN

# A turn: who speaks (a letter, 甲, 老周, or a word for a person), how in brackets, a colon. It stands at the start of a
# line or behind a sentence, no masked quotation behind it, and its words go on to the next turn or the end of the line.
_TURN = re.compile(
    r"(?:^|(?<=[\n。！？!?…；;，,]))[ \t]*(?P<name>[甲乙丙丁A-D]|[老小阿][\u4e00-\u9fff]|"
    r"[男女](?:[声生人孩甲乙一二])?|[\u4e00-\u9fff]{0,3}(?:[人员生师长手者姐哥妈爸爷奶弟妹婆叔姨客户管友子]|同学|老板|嘉宾|主播|护士|司机)[甲乙一二]?)"
    r"(?:[（(][^（）()\n]{1,40}[）)])?[ \t]*[：:][ \t]?(?![ \t])",
    re.MULTILINE,
)
# Somebody is spoken to, asks or exclaims; a list of traits (男：低沉，语速慢) does not
_SAID = re.compile(r"[我你您咱]|[？！?!]|[吗呢吧啊呀啦嘛哦呗][，。…]")
_TRAIT = re.compile(r"语速|音[色调量高]|嗓音|声线|语[气调]|情绪|口音|年龄|性格")
# "… says:" and the words to the end of the sentence; of what is read aloud, to the end of the line
_TELLS = re.compile(
    r"(?P<verb>(?<!解)说道?|喊道?|问道?|回答道?|答道|唱道?|念道?|朗读|朗诵|播报|读)(?:一句|出|着)?[：:][ \t]?(?![ \t])"
)
_SENTENCE = re.compile(r"[^。！？!?…\n]{2,300}[。！？!?…]*")
_LINE = re.compile(r"[^\n]{2,1500}")
_LONGEST = 600  # characters of a turn


def spoken_lines(masked: str) -> list[tuple[int, int]]:
    """Return where spoken lines stand in a Chinese caption whose quotations are blanked out."""
    if "：" not in masked and (":" not in masked or not HAN.search(masked)):
        return []
    return _turns(masked) or _told(masked)


def _turns(masked: str) -> list[tuple[int, int]]:
    turns = list(_TURN.finditer(masked))
    found = []
    for turn, behind in zip_longest(turns, turns[1:]):
        stop = masked.find("\n", turn.end())
        stop = min(stop if stop >= 0 else len(masked), behind.start() if behind else len(masked))
        found.append((turn.end(), min(stop, turn.end() + _LONGEST)))
    lines = [masked[start:end] for start, end in found]
    if len({turn["name"] for turn in turns}) < 2 or not any(_SAID.search(line) for line in lines):
        return []
    return [] if any(_TRAIT.search(line) for line in lines) else _filled(masked, found)


def _told(masked: str) -> list[tuple[int, int]]:
    found = []
    for told in _TELLS.finditer(masked):
        pattern = _LINE if told["verb"][0] in "念朗播读" else _SENTENCE
        line = pattern.match(masked, told.end())
        if line and HAN.search(line.group()):
            found.append(line.span())
    return _filled(masked, found)


def _filled(masked: str, found: list[tuple[int, int]]) -> list[tuple[int, int]]:
    """Return stretches that have words, without the blanks at their ends, none inside the one before."""
    kept: list[tuple[int, int]] = []
    for start, end in found:
        words = masked[start:end].rstrip()
        if words.strip() and (not kept or start >= kept[-1][1]):
            kept.append((start, start + len(words)))
    return kept
