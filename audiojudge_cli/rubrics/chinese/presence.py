"""What a Chinese clause says is there: voices, instruments, genres, scenes, sounds."""

from __future__ import annotations

from dataclasses import dataclass, field, replace

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.tokens import Word, topics, word_class
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_LONGEST_CLAUSE = 8  # words; what is told at greater length is a story
VOICE_EVENTS = frozenset(vocabulary.read_list(vocabulary._FUNCTION / "classes.yaml")["voice_events"][0])  # noqa: SLF001
_ADDRESSED = frozenset(
    ["喊", "叫", "对", "向", "给", "找", "想", "问", "哄", "陪"]
)  # 喊妈妈: she isn't the one who speaks
_TAILS = ("声", "响", "鸣", "叫", "音效", "吼")
_LONG_NAME = 5  # characters; a sound told at length is a claim of its own though its kind was named before
_GENERIC = frozenset(["声音", "声", "叫声", "响声", "声响", "音效", "响", "作响", "一声", "的", "巨响", "音", "脆响"])
_CONTENT = ("n", "v", "o", "z", "a", "i", "l", "j", "s", "f", "eng", "t", "b", "q")


@dataclass(slots=True)
class Memory:
    """What the caption has named so far.

    Attributes:
        voice: The voice named last.
        told: Facts that are claims already.
        anchors: Offset of a word, to what it names.
        subject: What a clause without a noun of its own speaks of.
        sounding: Things heard, in order: offset, end, subject.
    """

    subject: Subject | None = None
    sounding: list[tuple[int, int, Subject]] = field(default_factory=list)
    anchors: dict[int, Subject] = field(default_factory=dict)
    voice: Subject | None = None
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


def is_denied(clause: Clause, number: int) -> bool:
    """Whether the word at a position of the clause is denied."""
    return clause.denied[0] <= number < clause.denied[1]


def presence(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims that something is there, and remember what they name."""
    found: list[Found] = []
    for number, word in enumerate(clause.words):
        if number in clause.consumed:
            continue
        made = _named(segment, clause, number, word, memory)
        for claim in made:
            denied = is_denied(clause, number)
            start = clause.deny_start if denied else word.start
            found.append(Found(replace(claim, negated=denied or claim.negated), start, word.end))
        if made or word.start in memory.anchors:
            clause.consumed.add(number)
    found += alone(segment, clause, memory)
    found += _events(segment, clause, memory)
    return found


def _named(segment: Segment, clause: Clause, number: int, word: Word, memory: Memory) -> list[Claim]:
    senses = word.senses
    denied = is_denied(clause, number)
    musical = clause.kind in {"music", "vocals", "instrument"} or segment.label in {"instrument", "vocals", "genre"}
    if word.text in word_class("music") and not denied and segment.context == "music" and not {"genre"} & senses.keys():
        memory.name(word, Subject("music", word.text))
        return []
    if (
        word.text[0] in "男女"
        and not senses
        and word.tag.startswith("n")
        and len(word.text) < 5
        and word.text not in word_class("no_person")
    ):
        senses = {"speaker_sex": "male" if word.text[0] == "男" else "female"}  # 女老师, 男侦探
        word = word._replace(senses=senses)
    if word.text == "男女":
        return [
            Claim("speaker_sex", sex, name, Subject("vocals" if musical else "speaker"))
            for sex, name in (("male", "男声"), ("female", "女声"))
        ]
    if "speaker_sex" in senses or ("age" in senses and word.tag.startswith(("n", "r")) and "speaker_sex" not in senses):
        return _person(segment, clause, word, memory, denied=denied)
    if "component" in senses and not ({"style", "genre"} & senses.keys() and not denied):
        return _component(segment, clause, word, memory, denied=denied)
    if "instrument" in senses and (musical or "event" not in senses):
        if _modifies(clause, number, _OF_MUSICIANS):
            return []
        return _instrument(word, memory, denied=denied)
    if "vocals" in senses and clause.kind in {"music", "vocals", "speaker"} and "event" not in senses:
        if clause.kind == "speaker" and segment.context != "music" and "style" in senses:
            return []
        memory.name(word, Subject("vocals", word.text, senses["vocals"]), heard=not denied)
        if not denied and (word.text in {"歌词", "唱词"} or memory.again("vocals", senses["vocals"])):
            return []
        return [Claim("vocals", senses["vocals"], word.text)]
    if "genre" in senses and (musical or not {"mood", "style", "event"} & senses.keys()):
        memory.name(word, Subject("music", word.text, senses["genre"]), heard=not denied)
        return [Claim("genre", senses["genre"], word.text), *_played(word)]
    if "scene" in senses and "event" not in senses and _place_meant(segment, clause, number):
        return [Claim("scene", senses["scene"], word.text)]
    return []


def _place_meant(segment: Segment, clause: Clause, number: int) -> bool:
    """Whether a scene is meant: not the first of two (夏夜的池塘边), nor an aside of speech."""
    word = clause.words[number]
    rest = clause.words[number + 1 : number + 3]
    linked = rest[:1] and rest[0].text == "的"
    after = rest[1 if linked else 0 :][:1]
    if after and "scene" in after[0].senses:
        return False
    before = clause.words[max(0, number - 2) : number]
    if len(before) > 1 and before[1].text == "在" and before[0].tag.startswith("v"):
        return False  # 砸在甲板上
    shapes = {"style", "genre"} & after[0].senses.keys() if after and not linked else set()
    if shapes or (word.text in word_class("times") and segment.label != "scene"):
        return False  # 机场广播 tells of a style, 深夜 alone of nothing heard
    alone = all({"scene"} & w.senses.keys() or w.text in word_class("times") | {"的"} for w in clause.words)
    return segment.context != "speech" or alone or segment.label == "scene" or _inside(clause, number)


def _inside(clause: Clause, number: int) -> bool:
    """Whether a place is one somebody is in: 在教室里, 像在."""
    near = {word.text for word in clause.words[max(0, number - 3) : number + 2]}
    return bool(near & {"在", "里", "中", "里面", "像在", "场景", "环境"})


_OF_MUSICIANS = tuple("家手师员店厂课盒凳架包箱队校生迷")
_SHAPES = frozenset(["recording", "style", "genre", "accent", "noise"])


def _modifies(clause: Clause, number: int, endings: tuple[str, ...] = ()) -> bool:
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
    return (
        near
        and len(after.text) > 1
        and not after.text.endswith(_TAILS)
        and after.text not in word_class("music") | word_class("sounding") | set(topics()) | _GENERIC
    )


_OTHERS = frozenset(["其他", "其它", "别的", "另外", "其余"])


def alone(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return that an instrument plays alone, where the clause says that there is no other (除了钢琴没有其他乐器)."""
    for number, word in enumerate(clause.words[:-1]):
        if word.text in _OTHERS and is_denied(clause, number):
            clause.consumed.update(range(number, len(clause.words)))
            subject = memory.subject
            if clause.words[number + 1].text != "乐器" or subject is None or subject.kind != "instrument":
                return []
            end = clause.words[number + 1].end
            words = segment.text[clause.deny_start : end]
            return [Found(Claim("instrument", "solo", words, subject), clause.deny_start, end)]
    return []


def _person(segment: Segment, clause: Clause, word: Word, memory: Memory, *, denied: bool) -> list[Claim]:
    senses = word.senses
    if word.start - 1 in {w.end - 1 for w in clause.words if w.text in _ADDRESSED}:
        memory.anchors[word.start] = memory.voice or Subject("speaker")
        called = any(w.text in {"喊", "叫"} and w.end == word.start for w in clause.words)
        return [Claim("content", "word", word.text, memory.anchors[word.start])] if called else []
    vocal = clause.kind == "vocals" or (segment.context == "music" and clause.kind != "speaker")
    concept = senses.get("speaker_sex", senses.get("age", ""))
    words = word.text if word.text not in {"男", "女"} else f"{word.text}声"
    subject = Subject("vocals" if vocal else "speaker", words, concept)
    if word.text in {"他", "她"}:
        memory.anchors[word.start] = memory.voice or subject
        return []
    if clause.kind == "sound" and not denied and "声" not in word.text:
        return []  # 男人咳嗽 names a cough, not a speaker
    memory.name(word, subject, heard=not denied)
    if not denied and memory.again("person", word.text):
        return []
    told = Subject(subject.kind)
    return [Claim(name, senses[name], word.text, told) for name in ("speaker_sex", "age", "pitch") if name in senses]


def _component(segment: Segment, clause: Clause, word: Word, memory: Memory, *, denied: bool) -> list[Claim]:
    value = word.senses["component"]
    at = clause.words.index(word)
    after = clause.words[at + 1] if at + 1 < len(clause.words) else None
    if (
        after is not None
        and after.start == word.end
        and {"event", "vocals", "simultaneity"} & after.senses.keys()
        and after.tag != "v"
        or (at and "level" in clause.words[at - 1].senses)
    ):
        return []  # 人声广播, 盖过对白
    if at and clause.words[at - 1].text == "比":
        memory.anchors[word.start] = Subject("music" if value == "music" else "speaker", word.text)
        return []
    if value == "speech" and segment.context == "music" and word.text == "人声":
        memory.name(word, Subject("vocals", word.text), heard=not denied)
        return [Claim("vocals", "vocals", word.text)]
    if value == "music":
        memory.name(word, Subject("music", word.text), heard=not denied)
        if segment.context == "music" and not denied:
            return []
        return [] if not denied and memory.again("component", value) else [Claim("component", value, word.text)]
    if denied:
        return [Claim("component", value, word.text)]
    if value == "speech":
        speaking = clause.kind == "speaker" or segment.context == "speech"
        speaker = memory.voice
        memory.name(word, speaker or Subject("speaker", "" if word.tag == "v" else word.text), heard=speaker is None)
        return [] if speaking else [Claim("component", value, word.text)]
    return []


def _instrument(word: Word, memory: Memory, *, denied: bool) -> list[Claim]:
    value = word.senses["instrument"]
    if value == "solo":
        subject = memory.subject if memory.subject and memory.subject.kind == "instrument" else Subject("instrument")
        return [Claim("instrument", "solo", word.text, subject)]
    memory.name(word, Subject("instrument", word.text, value), heard=not denied)
    return [] if not denied and memory.again("instrument", value) else [Claim("instrument", value, word.text)]


def _played(word: Word) -> list[Claim]:
    """Return the instrument that a genre names first (钢琴小品)."""
    for start, _, senses in vocabulary.candidates(word.text, ("instrument",)):
        if start == 0:
            return [Claim("instrument", dict(senses)["instrument"], word.text)] if "instrument" in dict(senses) else []
    return []


# -- sounds


def _events(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    found: list[Found] = []
    for first, last in _chunks(clause):
        runs = _runs(segment, clause, first, last)
        if not runs and clause.kind == "sound":
            runs = _unlisted(segment, clause, first, last)
        for start, end, value in runs:
            span = clause.words[start : end + 1]
            denied = is_denied(clause, start) or is_denied(clause, end)
            words = segment.text[span[0].start : span[-1].end]
            subject = Subject("sound", words, value)
            if any(w.senses and "event" not in w.senses for w in span):  # the subject of 铁链缓缓绞起 is 铁链绞起
                plain = "".join(
                    w.text for w in span if w.text != "地" and (not w.senses or {"event", *_PERSON} & w.senses.keys())
                )
                subject = Subject("sound", plain, value)
            memory.name(span[0]._replace(end=span[-1].end), subject, heard=not denied)
            for number in range(start, end + 1):
                memory.anchors[clause.words[number].start] = subject
                senses = clause.words[number].senses
                if "event" in senses or not senses or senses.get("distance") == "passing":
                    clause.consumed.add(number)
            at = clause.deny_start if denied else span[0].start
            if value and not denied and memory.again("event", value) and len(words) < _LONG_NAME:
                continue
            found.append(Found(Claim("event", value, words, negated=denied), at, span[-1].end))
    return found


def _chunks(clause: Clause) -> list[tuple[int, int]]:
    """Return stretches of words that one sound may be named in: conjunctions, denials and numbers end them."""
    ends = (
        word_class("joined") | word_class("then") | word_class("together") | word_class("deny") | word_class("deny_end")
    )
    found, start = [], 0
    for number, word in enumerate(clause.words):
        if word.text in {"先", "再"} and number > start:
            continue  # 高压锅先漏气
        if word.text in {"一边", "边"}:
            found.append((start, number - 1))
            start = number + 1
            continue
        if (word.text in ends and "event" not in word.senses) or (
            word.text in word_class("first") | word_class("last")
        ):
            found.append((start, number - 1))
            start = number + 1
        elif number > start and word.start - clause.words[number - 1].end > 1:
            found.append((start, number - 1))
            start = number
    found.append((start, len(clause.words) - 1))
    return [(a, b) for a, b in found if a <= b]


def _is_event(segment: Segment, clause: Clause, number: int) -> bool:
    word = clause.words[number]
    if "event" not in word.senses or number in clause.consumed:
        return False
    if clause.kind == "sound" or word.senses["event"] in VOICE_EVENTS or word.text.endswith(_TAILS):
        return not (clause.kind in {"music", "instrument"} and {"mood", "dynamics"} & word.senses.keys())
    around = {other.text for other in clause.words} - ({"声音", "声", "发出"} if clause.kind == "speaker" else set())
    return bool(around & word_class("sounding")) and not {"rate", "style", "timbre"} & word.senses.keys()


def _runs(segment: Segment, clause: Clause, first: int, last: int) -> list[tuple[int, int, str]]:
    words = clause.words
    at = [number for number in range(first, last + 1) if _is_event(segment, clause, number)]
    at = [number for number in at if not _modifies(clause, number) or number != at[-1]]
    if not at or (_silent(clause, first, last) and not any(words[n].text.endswith(_TAILS) for n in at)):
        return []
    groups = [[at[0]]]
    for number in at[1:]:
        before = words[groups[-1][-1]]
        after_de = words[number - 1].text == "的" and words[number].text not in _GENERIC
        closed = before.text.endswith(_TAILS) or words[groups[-1][-1] + 1].text in _GENERIC
        verbs = before.tag == "v" and words[number].tag == "v" and number - groups[-1][-1] == 1
        if (closed and not after_de) or verbs:
            groups.append([number])
        else:
            groups[-1].append(number)
    found = []
    for index, group in enumerate(groups):
        floor = groups[index - 1][-1] + 1 if index else first
        ceiling = groups[index + 1][0] - 1 if index + 1 < len(groups) else last
        start, end = _left(clause, group[0], floor), _right(clause, group[-1], ceiling)
        found.append((start, end, _value(words[start : end + 1], [words[n] for n in group])))
    return found


def _silent(clause: Clause, first: int, last: int) -> bool:
    """Whether a stretch tells a look or a posture (橘猫趴在窗台上): no sound of its own."""
    texts = {word.text for word in clause.words[first : last + 1]}
    texts |= {word.text[0] for word in clause.words[first : last + 1] if word.tag.startswith("v") and not word.senses}
    return bool(texts & (word_class("static") | word_class("looks"))) and not texts & word_class("sounding")


def _left(clause: Clause, at: int, floor: int) -> int:
    """Return where the noun phrase that ends at a sound begins: plain nouns and verbs right before it."""
    words = clause.words
    kinds = ("n", "b", "o", "eng", "j")
    if words[at].tag.startswith("n") and not words[at].text.endswith(_TAILS):
        kinds = (*kinds, "v")  # 放下铁杯
    while at > floor:
        before = words[at - 1]
        plain = not before.senses and before.tag.startswith(kinds) and before.text not in _NO_PART
        linked = (
            before.text in {"的", "在", "了", "地"}
            and at - 1 > floor
            and not words[at - 2].senses
            and words[at - 2].tag.startswith("n")
            and before.text != "地"
        )
        if not (plain or linked):
            break
        at -= 1
    while words[at].text in {"的", "在", "了"}:
        at += 1
    return at


_NO_PART = frozenset(
    [
        "有",
        "是",
        "传来",
        "听到",
        "听见",
        "发出",
        "响起",
        "出现",
        "加",
        "加入",
        "伴",
        "像",
        "夹",
        "能",
        "会",
        "可以",
        "想要",
        "要",
        "需要",
        "请",
        "让",
        "生成",
        "剩",
        "为",
        "用",
        "以",
        "带",
        "加上",
        "一个",
        "某",
        "转为",
        "变成",
        "录",
        "录音",
        "风格",
        "感觉",
        "背景",
        "部分",
        "时候",
        "前景",
        "只剩",
        "只",
    ]
)


def _right(clause: Clause, at: int, ceiling: int) -> int:
    """Return where a happening ends: verbs, objects and what belongs to them, without trailing particles."""
    words = clause.words
    end = best = at
    while end < ceiling:
        after = words[end + 1]
        if after.text in _NO_PART - {"响起"} or after.text in word_class("degree") or after.text in topics():
            break
        if after.senses.get("distance") == "passing" and after.tag.startswith("v"):
            return end + 1
        if after.senses and "event" not in after.senses and not _goes_on(words, end + 2, ceiling):
            break
        end += 1
        if (
            after.tag.startswith(("n", "v", "o", "z", "s"))
            or after.text in _GENERIC - {"的"}
            or "event" in after.senses
        ) and not (after.senses and "event" not in after.senses):
            best = end
    return best


def _goes_on(words: list[Word], at: int, ceiling: int) -> bool:
    """Whether a plain verb follows a describing word at once (铁链缓缓绞起)."""
    while at <= ceiling and words[at].text in {"地", "着"}:
        at += 1
    return at <= ceiling and not words[at].senses and words[at].tag.startswith("v")


_PERSON = frozenset(["speaker_sex", "age"])


def _core(span: list[Word]) -> str:
    """Return the words of a happening without particles and adverbs: 狗在大声地叫 as 狗叫."""
    inside = word_class("inside")
    return "".join(
        w.text for w in span if w.text not in inside and w.text not in {"的", "地"} and w.tag not in {"d", "m"}
    )


def _value(span: list[Word], events: list[Word]) -> str:
    """Return the concept of a happening: its words without particles may be a phrase, else its last own sound."""
    spans = vocabulary.longest(vocabulary.candidates(_core(span), ("event",)))
    longest = max(spans, key=lambda s: s[1] - s[0], default=None)
    whole = dict(longest[2]).get("event", "") if longest else ""
    own = [w for w in events if w.text.endswith(_TAILS) or w.tag in {"v", "o"}]
    last = (own or events)[-1]
    return whole if longest and longest[1] - longest[0] > len(last.text) else last.senses["event"]


def _unlisted(segment: Segment, clause: Clause, first: int, last: int) -> list[tuple[int, int, str]]:
    """Return a clause that tells of a sound the vocabulary doesn't know, as it stands."""
    words = [n for n in range(first, last + 1) if n not in clause.consumed]
    texts = {clause.words[n].text for n in words}
    plain = [
        n
        for n in words
        if (not clause.words[n].senses or _PERSON & clause.words[n].senses.keys())
        and clause.words[n].tag.startswith(("n", "v", "o", "z", "b", "i", "l"))
    ]
    if _silent(clause, first, last) or texts & (set(topics())) or any(clause.words[n].tag == "r" for n in words):
        return []
    sounds = any(
        w.tag == "o" or (w.text.endswith(("声", "响", "音效")) and w.text not in {"声音"})
        for w in (clause.words[n] for n in plain)
    )
    acts = any(clause.words[n].tag in {"v", "vn", "vi"} for n in plain) and any(
        clause.words[n].tag.startswith("n") for n in plain
    )
    told = segment.context == "sound" or segment.label == "event"
    if len(plain) > _LONGEST_CLAUSE:
        return []
    plain = [n for n in plain if clause.words[n].text not in _NO_PART]
    if not plain or not (sounds or (acts and told)):
        return []
    start, end = plain[0], plain[-1]
    found = vocabulary.longest(vocabulary.candidates(_core(clause.words[start : end + 1]), ("event",)))
    value = dict(found[-1][2]).get("event", "") if found else ""
    return [(start, end, value)] if sum(len(clause.words[n].text) for n in plain) > 1 else []
