"""What a Chinese clause says is there: voices, instruments, genres, scenes, sounds."""

from __future__ import annotations

from dataclasses import replace

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.clauses import Clause
from audiojudge_cli.rubrics.chinese.memory import OF_MUSICIANS, Memory, is_denied, modifies
from audiojudge_cli.rubrics.chinese.sounds import events
from audiojudge_cli.rubrics.chinese.tokens import Word, word_class
from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.segment import Found, Segment

_SONGS = frozenset(["歌曲", "歌", "乐", "音乐", "曲", "曲子", "乐曲"])  # say of what kind of piece a genre is told
_ONE_OF = frozenset(["其中", "有人"])  # tell of one of several
_ONLY = frozenset(["只有", "仅有", "只用", "仅用"])
_CLOSE = 5  # words from 只用 to the instrument: 只用一把尼龙弦吉他
_OTHERS = frozenset(["其他", "其它", "别的", "另外", "其余"])


def presence(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return claims that something is there, and remember what they name."""
    found: list[Found] = []
    for number, word in enumerate(clause.words):
        made = _named(segment, clause, number, word, memory)
        for claim in made:
            denied = is_denied(clause, number)
            start = clause.deny_start if denied else word.start
            found.append(Found(replace(claim, negated=denied or claim.negated), start, word.end))
        if made or word.start in memory.anchors:
            clause.consumed.add(number)
    found += alone(segment, clause, memory)
    found += events(segment, clause, memory)
    return found


def _named(segment: Segment, clause: Clause, number: int, word: Word, memory: Memory) -> list[Claim]:  # noqa: PLR0911 - a kind of thing each
    word = _sexed(_low(clause, number, word))
    senses = word.senses
    denied = is_denied(clause, number)
    musical = clause.kind in {"music", "vocals", "instrument"} or segment.label in {"instrument", "vocals", "genre"}
    tune = (
        word.text in word_class("music") and segment.context == "music" and not {"genre", "instrument"} & senses.keys()
    )
    if tune and not denied:
        memory.name(word, Subject("music", word.text))
        return []
    if word.text == "男女":
        both = Subject("vocals" if musical else "speaker")
        return [Claim("speaker_sex", sex, name, both) for sex, name in (("male", "男声"), ("female", "女声"))]
    if "speaker_sex" in senses or ("age" in senses and word.tag.startswith(("n", "r"))):
        return _person(segment, clause, word, memory, denied=denied)
    if "component" in senses and (denied or not {"style", "genre"} & senses.keys()):
        return _component(segment, clause, word, memory, denied=denied)
    if "instrument" in senses and (musical or "event" not in senses):
        return [] if modifies(clause, number, OF_MUSICIANS) else _instrument(word, memory, denied=denied)
    if "vocals" in senses and clause.kind in {"music", "vocals", "speaker"} and "event" not in senses:
        kind: Kind = "music" if senses["vocals"] == "instrumental" else "vocals"
        claims = _once(word, Subject(kind, word.text, senses["vocals"]), "vocals", memory, denied=denied)
        return claims if word.text not in {"歌词", "唱词"} else []
    if "genre" in senses and (musical or not {"mood", "style", "event"} & senses.keys()):
        if any(after.text[0] in "般级" for after in clause.words[number + 1 : number + 2]):
            return []  # 史诗般的 is a mood
        memory.name(word, Subject("music", word.text, senses["genre"]), heard=not denied)
        songs = [w.text for w in clause.words[number + 1 : number + 2] if w.start == word.end and w.text in _SONGS]
        return [Claim("genre", senses["genre"], "".join([word.text, *songs])), *_played(word)]
    if "scene" in senses and "event" not in senses and _place_meant(segment, clause, number):
        return [Claim("scene", senses["scene"], word.text)]
    return []


def _low(clause: Clause, number: int, word: Word) -> Word:
    """Return 低音 as the part that plays low (低音很重, 808低音), unless it tells of a voice or an instrument."""
    after = clause.words[number + 1 : number + 2]
    tells = any({"instrument", "speaker_sex", "vocals"} & w.senses.keys() for w in after)
    if word.text not in {"低音", "低频"} or clause.kind not in {"music", "instrument"} or tells:
        return word
    return word._replace(senses={"instrument": "bass_guitar"})


_LONGEST_PERSON = 4  # characters: 男侦探, 女老师


def _sexed(word: Word) -> Word:
    """Return a noun for a person that begins with the sex (女老师) with that sense."""
    person = word.text[0] in "男女" and word.tag.startswith("n") and word.text not in word_class("no_person")
    if not person or word.senses or len(word.text) > _LONGEST_PERSON:
        return word
    return word._replace(senses={"speaker_sex": "male" if word.text[0] == "男" else "female"})


def _once(
    word: Word, subject: Subject, dimension: str, memory: Memory, *, denied: bool, value: str = ""
) -> list[Claim]:
    """Remember what a word names; return that it is there, unless the caption said so before."""
    memory.name(word, subject, heard=not denied)
    again = not denied and memory.again(dimension, value or subject.concept)
    return [] if again else [Claim(dimension, value or subject.concept, word.text)]


def _place_meant(segment: Segment, clause: Clause, number: int) -> bool:
    """Whether a scene is meant: not the first of two (夏夜的池塘边), nor an aside of speech."""
    word = clause.words[number]
    rest = clause.words[number + 1 : number + 3]
    linked = rest[:1] and rest[0].text == "的"
    after = rest[1 if linked else 0 :][:1]
    if after and "scene" in after[0].senses:
        return False
    if any(other.text in word_class("topic_of_speech") for other in clause.words[:number]):
        return False  # 讲在操场重逢的故事
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


def alone(segment: Segment, clause: Clause, memory: Memory) -> list[Found]:
    """Return that an instrument plays alone, where the clause says that there is no other (除了钢琴没有其他乐器)."""
    played = [n for n, word in enumerate(clause.words) if "instrument" in word.senses and word.start in memory.anchors]
    only = [word for n, word in enumerate(clause.words) if word.text in _ONLY and played and n < played[0] < n + _CLOSE]
    part = clause.place or "小节" in segment.text[clause.start : clause.end]
    part = part or any("structure" in word.senses for word in clause.words)
    if len(played) == 1 and not part and only:
        named, before = clause.words[played[0]], only[-1]
        solo = Claim("instrument", "solo", segment.text[before.start : named.end], memory.anchors[named.start])
        return [Found(solo, before.start, named.end)]  # 只有钢琴伴奏
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
    if word.start - 1 in {w.end - 1 for w in clause.words if w.text in word_class("addressed")}:
        memory.anchors[word.start] = memory.voice or Subject("speaker")
        called = any(w.text in {"喊", "叫"} and w.end == word.start for w in clause.words)
        return [Claim("content", "word", word.text, memory.anchors[word.start])] if called else []
    vocal = clause.kind == "vocals" or (segment.context == "music" and clause.kind != "speaker")
    concept = senses.get("speaker_sex", senses.get("age", ""))
    words = word.text if word.text not in {"男", "女"} else f"{word.text}声"
    subject = Subject("vocals" if vocal else "speaker", words, concept)
    if word.text in {"他", "她"}:
        meant = [named for _, _, named in memory.sounding if named.concept == concept]
        memory.anchors[word.start] = meant[-1] if meant else memory.voice or subject
        return []
    if clause.kind == "sound" and not denied and "声" not in word.text:
        return []  # 男人咳嗽 names a cough, not a speaker
    memory.name(word, subject, heard=not denied)
    if not denied and memory.again("person", word.text):
        return []
    told = Subject(subject.kind, concept=concept if any(w.text in _ONE_OF for w in clause.words) else "")
    return [Claim(name, senses[name], word.text, told) for name in ("speaker_sex", "age", "pitch") if name in senses]


def _component(segment: Segment, clause: Clause, word: Word, memory: Memory, *, denied: bool) -> list[Claim]:
    value, at = word.senses["component"], clause.words.index(word)
    before = clause.words[at - 1] if at else None
    behind = [after for after in clause.words[at + 1 : at + 2] if after.start == word.end and after.tag != "v"]
    if any({"event", "vocals", "simultaneity"} & after.senses.keys() for after in behind):
        return []  # 人声广播
    if before is not None and ("level" in before.senses or before.text == "比"):
        if before.text == "比":  # what is compared with: 比人声小
            memory.anchors[word.start] = Subject("music" if value == "music" else "speaker", word.text)
        return []  # 盖过对白
    if value == "speech" and segment.context == "music" and word.text == "人声":
        memory.name(word, Subject("vocals", word.text), heard=not denied)
        return [Claim("vocals", "vocals", word.text)]
    claims = [Claim("component", value, word.text)]
    if value == "music":
        claims = _once(word, Subject("music", word.text), "component", memory, denied=denied, value=value)
        return claims if denied or segment.context != "music" else []
    if value != "speech" or denied:
        return claims if denied else []
    speaker = memory.voice or Subject("speaker", "" if word.tag == "v" else word.text)
    memory.name(word, speaker, heard=memory.voice is None)
    return [] if clause.kind == "speaker" or segment.context == "speech" else claims


def _instrument(word: Word, memory: Memory, *, denied: bool) -> list[Claim]:
    value = word.senses["instrument"]
    if value == "solo":
        subject = memory.subject if memory.subject and memory.subject.kind == "instrument" else Subject("instrument")
        return [Claim("instrument", "solo", word.text, subject)]
    return _once(word, Subject("instrument", word.text, value), "instrument", memory, denied=denied)


def _played(word: Word) -> list[Claim]:
    """Return the instrument that a genre names first (钢琴小品)."""
    for start, end, senses in vocabulary.candidates(word.text, ("instrument",)):
        if start == 0:
            return (
                [Claim("instrument", dict(senses)["instrument"], word.text[:end])]
                if "instrument" in dict(senses)
                else []
            )
    return []
