"""Words that say nothing of their own where they stand."""

from __future__ import annotations

from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.memory import (
    is_denied,
)
from audiojudge_cli.rubrics.chinese.senses import beside_topic
from audiojudge_cli.rubrics.chinese.tokens import topics, word_class
from audiojudge_cli.rubrics.claim import Kind

_NONE: frozenset[str] = frozenset()
_ADVERBIAL = {
    "duration": frozenset(["short", "continuous"]),
    "rhythm": frozenset(["slow"]),
    "rate": frozenset(["slow"]),
    "transition": frozenset(["gradual"]),
}
_SLOWLY = frozenset(["慢慢", "缓缓", "渐渐", "徐徐"])
_BECOMES = frozenset(["转为", "变成", "化为", "切到", "转入", "切入"])  # say nothing without what follows
_SHOWS = frozenset(["广播剧", "戏剧", "电影", "话剧", "舞台剧"])  # 悬疑广播剧 is one style


def idle(clause: Clause, number: int, dimension: str, kind: Kind) -> bool:  # noqa: C901, PLR0911, PLR0912 - one case after another, each a line
    """Whether a word says nothing of its own here: it describes how, in a denial or before a topic."""
    word = clause.words[number]
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    if word.text in word_class("looks") and not _describes(clause, number):
        return True  # 阳光很好
    if kind in {"speaker", "vocals"} and dimension == "rate" and word.text in _SLOWLY and after is not None:
        return after.tag == "v" and after.text not in word_class("speaking")  # 情绪慢慢释放, but 慢慢朗读
    if word.text in word_class("degree") and after is not None and after.senses and dimension != "transition":
        return True  # 微微上扬
    if dimension == "style" and after is not None and "event" in after.senses and word.tag.startswith("n"):
        return True  # 主持人大笑
    if word.text in word_class("scope") and (after is not None or clause.figures):
        return True  # 始终 says how long another claim holds
    if (
        after is not None
        and after.start == word.end
        and after.senses
        and _ADVERBIAL.get(dimension, _NONE) & {word.senses.get(dimension, "")}
    ):
        return True  # 短暂变小, 慢慢淡入
    if after is not None and (after.text == "部分" or (dimension in {"emotion", "mood"} and after.text in _SHOWS)):
        return True
    if (
        word.text in topics()
        and after is not None
        and dimension not in {"room", "noise", "language"}
        and (after.senses or after.text in word_class("degree"))
    ):
        return True  # 停顿自然: the word behind it makes the claim
    if dimension == "style" and kind in {"music", "instrument"} and word.senses["style"] == "conversational":
        return True
    if (
        dimension == "distance"
        and word.text in {"周围", "四周"}
        and after is not None
        and after.tag.startswith(("n", "r"))
    ):
        return True
    if (
        kind == "sound"
        and dimension in {"mood", "genre", "style"}
        and (word.text in word_class("looks") or not (_describes(clause, number) or beside_topic(clause, number)))
    ):
        return True  # what a scene looks like
    if dimension == "level" and word.text in {"背景", "背景里", "背景中", "背景是"} and is_denied(clause, number):
        return True
    if dimension in {"transition", "level"} and kind == "speaker":
        return len(word.text) < 3 or (dimension == "level" and word.text.startswith("背景"))
    if dimension == "metre" and (kind == "speaker" or (number and clause.words[number - 1].text[-1] in "停留空隔")):
        return True  # 停两拍
    if (dimension == "structure" and len(word.text) < 2) or word.text in _BECOMES:
        return True
    if dimension == "structure" and (
        _sectioned(clause, number) or (number and "instrument" in clause.words[number - 1].senses)
    ):
        return True
    return dimension == "duration" and word.text in {"持续", "长", "短"} and bool(clause.figures)


def _describes(clause: Clause, number: int) -> bool:
    """Whether a word stands right before a noun (滑稽的弹簧音效, 恐怖氛围) or alone in its clause."""
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    return (after is None and number == 0) or (
        after is not None and (after.text in {"的", "风格"} or after.text in topics())
    )


def _sectioned(clause: Clause, number: int) -> bool:
    """Whether a part of the piece was named before in the clause: both make one claim (第二段加入定音鼓)."""
    return any("structure" in word.senses for word in clause.words[:number])
