"""Words that say nothing of their own where they stand."""

from __future__ import annotations

from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.senses import beside_topic
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Kind

_ADVERBIAL = {
    "duration": frozenset(["short", "continuous"]),
    "rhythm": frozenset(["slow"]),
    "rate": frozenset(["slow"]),
    "transition": frozenset(["gradual"]),
}
_WORDY = 3  # characters; a shorter word of movement is an adverb beside a voice (突然)
SLOWLY = frozenset(["慢慢", "缓缓", "渐渐", "徐徐"])


def idle(clause: Clause, number: int, dimension: str, kind: Kind) -> bool:
    """Whether a word says nothing of its own here: it describes how, in a denial or before a topic."""
    word, text = clause.words[number], clause.words[number].text
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    if dimension == "rate" and kind in {"speaker", "vocals"} and text in SLOWLY and after is not None:
        return after.tag == "v" and after.text not in word_class("speaking")  # 情绪慢慢释放, but 慢慢朗读
    if after is not None and _serves(word, after, dimension):
        return True
    before = clause.words[number - 1] if number else None
    pictured = kind == "sound" and dimension in {"mood", "genre", "style"}
    return (
        (text in word_class("looks") and not _describes(clause, number))  # 阳光很好
        or (pictured and not (_describes(clause, number) or beside_topic(clause, number)))
        or (
            text in word_class("scope") and (after is not None or bool(clause.figures))
        )  # 始终: how long something holds
        or (dimension == "style" and kind in {"music", "instrument"} and word.senses["style"] == "conversational")
        or (dimension in {"transition", "level"} and kind == "speaker" and len(text) < _WORDY)
        or (
            dimension == "metre" and (kind == "speaker" or (before is not None and before.text[-1] in "停留空隔"))
        )  # 停两拍
        or (dimension == "structure" and (len(text) == 1 or _sectioned(clause, number)))
        # 合成器琶音 is how an instrument plays, 萨克斯间奏 a part
        or (
            dimension == "structure"
            and text[-1] not in "奏歌段"
            and before is not None
            and "instrument" in before.senses
        )
        or (
            dimension == "clarity" and kind == "sound" and text in {"清晰", "清楚"} and not beside_topic(clause, number)
        )
        or (
            len(text) == 1 and before is not None and before.text not in topics() and before.text[-1] in "感力"
        )  # 现场感强
        or (text in {"持续", "长", "短"} and bool(clause.figures))
    )


def _serves(word: Word, after: Word, dimension: str) -> bool:
    """Whether a word only tells how, or of what, the word behind it holds."""
    adverbial = word.senses.get(dimension, "") in _ADVERBIAL.get(dimension, ())
    return (
        (word.text in word_class("degree") and bool(after.senses) and dimension != "transition")  # 微微上扬
        # 短暂变小, 慢慢淡入, 逐渐高涨, 缓缓进站
        or (adverbial and after.start == word.end and (bool(after.senses) or _is_how(word, after, dimension)))
        or (dimension == "rate" and after.start == word.end and after.text in word_class("apt"))  # 停顿得当
        or (after.text == "部分" and dimension != "structure")
        # 停顿自然: the word behind it makes the claim
        or (
            word.text in topics()
            and dimension not in {"room", "noise", "language"}
            and (bool(after.senses) or after.text in word_class("degree"))
        )
        or (word.text in {"周围", "四周"} and after.tag.startswith(("n", "r")))
    )


def _is_how(word: Word, after: Word, dimension: str) -> bool:
    """Whether an adverb tells how something unread goes on."""
    return (dimension == "transition" or (dimension == "rhythm" and word.text in SLOWLY)) and after.tag.startswith(
        ("v", "a", "n", "z")
    )


def _describes(clause: Clause, number: int) -> bool:
    """Whether a word stands right before a noun (滑稽的弹簧音效, 恐怖氛围) or alone in its clause."""
    after = clause.words[number + 1] if number + 1 < len(clause.words) else None
    return (after is None and number == 0) or (
        after is not None and (after.text in {"的", "风格"} or after.text in topics())
    )


def _sectioned(clause: Clause, number: int) -> bool:
    """Whether a part of the piece was named before in the clause: both make one claim (第二段加入定音鼓)."""
    return any("structure" in word.senses for word in clause.words[:number])
