"""What a caption has named so far."""

from __future__ import annotations

from dataclasses import dataclass, field

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.tokens import CLASSES, Word, topics, word_class
from audiojudge_cli.rubrics.claim import Subject

VOICE_EVENTS = frozenset(vocabulary.read_list(CLASSES.with_name("classes.yaml"))["voice_events"][0])


@dataclass(slots=True)
class Memory:
    """What the caption has named so far.

    Attributes:
        voice: The voice named last.
        part: End of the sentence that names a part of the piece: lengths in it are that part's.
        told: Facts that are claims already.
        anchors: Offset of a word, to what it names.
        subject: What a clause without a noun of its own speaks of.
        sounding: Things heard, in order: offset, end, subject.
    """

    subject: Subject | None = None
    sounding: list[tuple[int, int, Subject]] = field(default_factory=list)
    anchors: dict[int, Subject] = field(default_factory=dict)
    voice: Subject | None = None
    part: int = -1
    told: set[tuple[str, str]] = field(default_factory=set)

    def again(self, *fact: str) -> bool:
        """Whether the caption said so before: a thing named again (爷爷 … 爷爷的声音) is no second claim."""
        known = (fact[0], fact[1]) in self.told
        self.told.add((fact[0], fact[1]))
        return known

    def name(self, word: Word, subject: Subject, *, heard: bool = True) -> None:
        """Remember that `word` names `subject`."""
        self.anchors[word.start] = subject
        if heard:
            self.sounding.append((word.start, word.end, subject))
            self.subject = subject
            if subject.kind in {"speaker", "vocals"}:
                self.voice = subject


_SINCE = frozenset(["之后", "之前", "以后", "以前", "过后", "时", "的时候"])


def heads(clause: Clause, memory: Memory, *, present: bool = False) -> list[Subject]:
    """Return what a clause names and may speak of, in order; 枪响 of 弦乐从枪响之后进来 only tells the time.

    With `present` what is denied is left out.
    """
    words = clause.words
    return [
        memory.anchors[word.start]
        for at, word in enumerate(words)
        if word.start in memory.anchors
        and not (present and is_denied(clause, at))
        and not (at + 1 < len(words) and words[at + 1].text in _SINCE)
        and not (at and words[at - 1].text == "比")
    ]


def is_denied(clause: Clause, number: int) -> bool:
    """Whether the word at a position of the clause is denied."""
    return clause.denied[0] <= number < clause.denied[1]


OF_MUSICIANS = tuple("家手师员店厂课盒凳架包箱队校生迷")
_SHAPES = frozenset(["recording", "style", "genre", "accent", "noise"])
TAILS = ("声", "响", "鸣", "叫", "音效", "吼")
_HAPPENING = 4  # characters; a phrase of so many tells what happens, and the noun behind it is its object
GENERIC = frozenset(["声音", "声", "叫声", "响声", "声响", "音效", "响", "作响", "一声", "的", "巨响", "音", "脆响"])


def modifies(clause: Clause, number: int, endings: tuple[str, ...] = ()) -> bool:
    """Whether a noun only describes the noun right behind it (钢琴家, 汽车广告, 手机录音质感)."""
    word = clause.words[number]
    if number + 1 >= len(clause.words):
        return False
    after = clause.words[number + 1]
    if after.start != word.end:
        return False
    if endings:
        return not after.senses and after.text.endswith(endings)
    if _SHAPES & after.senses.keys() and "event" not in after.senses and after.tag.startswith("n"):
        return True
    near = not after.senses and after.tag in {"n", "nr", "nz"}
    told = "event" in word.senses and len(word.text) >= _HAPPENING
    return (
        near
        and not told  # 海浪拍打礁石
        and len(after.text) > 1
        and not after.text.endswith(TAILS)
        and after.text not in word_class("music") | word_class("sounding") | set(topics()) | GENERIC
    )
