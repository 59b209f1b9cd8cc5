"""Chinese sentences to claims: what is asked, and what must not be."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.chinese.numbers import number
from audiojudge_cli.rubrics.chinese.parser import ChineseParser
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.segment import Context, Found, Segment

PARSER = ChineseParser()


def found(text: str, context: Context = "sound", label: str = "") -> list[Found]:
    return PARSER.claims([[Segment(text, 0, len(text), context, label)]])[0]


def claims(text: str, context: Context = "sound", label: str = "") -> list[Claim]:
    return [made.claim for made in found(text, context, label)]


def values(text: str, context: Context = "sound") -> set[tuple[str, str]]:
    return {(claim.dimension, claim.value) for claim in claims(text, context)}


def only(text: str, dimension: str, context: Context = "sound") -> Claim:
    told = [claim for claim in claims(text, context) if claim.dimension == dimension]
    assert len(told) == 1, told
    return told[0]


# -- numbers


@pytest.mark.parametrize(
    ("text", "context", "dimension", "comparator", "value", "unit"),
    [
        ("节奏超过140BPM", "music", "tempo", "more", 140, "bpm"),
        ("速度不到90BPM", "music", "tempo", "less", 90, "bpm"),
        ("速度在150到180BPM之间", "music", "tempo", "between", 150, "bpm"),
        ("每分钟120拍", "music", "tempo", "about", 120, "bpm"),
        ("120拍左右", "music", "tempo", "about", 120, "bpm"),
        ("速度大约六十", "music", "tempo", "about", 60, "bpm"),
        ("门铃至少响一次", "sound", "count", "at_least", 1, "times"),
        ("敲门声不到五次", "sound", "count", "less", 5, "times"),
        ("枪响不超过三次", "sound", "count", "at_most", 3, "times"),
        ("狗叫了三声", "sound", "count", "exactly", 3, "times"),
        ("远处狗叫两声", "sound", "count", "exactly", 2, "times"),
        ("钟声敲了十二下", "sound", "count", "exactly", 12, "times"),
        ("雨声持续约3秒", "sound", "duration", "about", 3, "s"),
        ("雨声持续一分半钟", "sound", "duration", "about", 90, "s"),
        ("雨声超过两分钟", "sound", "duration", "more", 120, "s"),
        ("雨声不到半分钟", "sound", "duration", "less", 30, "s"),
        ("一位七十多岁的女声", "speech", "age", "about", 70, "years"),
        ("十七八岁的女声", "speech", "age", "about", 17, "years"),
        ("至少三个人说话", "speech", "speaker_count", "at_least", 3, "voices"),
        ("只有一个人说话", "speech", "speaker_count", "exactly", 1, "voices"),
    ],
)
def test_a_number_keeps_its_comparator(
    text: str, context: Context, dimension: str, comparator: str, value: float, unit: str
) -> None:
    claim = only(text, dimension, context)
    assert (claim.comparator, claim.number, claim.unit) == (comparator, value, unit)


@pytest.mark.parametrize(
    ("text", "start", "end"), [("前五秒只有雨声", 0, 5), ("1.0到5.2秒有雷声", 1, 5.2), ("第八秒有雷声", 8, 8)]
)
def test_a_time_in_the_clip(text: str, start: float, end: float) -> None:
    claim = only(text, "order")
    assert (claim.from_s, claim.to_s) == (start, end)


@pytest.mark.parametrize("text", ["速度1160BPM", "速度3BPM", "每分钟99999拍", "敲门声999999次", "雨声持续999999秒"])
def test_a_number_out_of_range_is_no_number_claim(text: str) -> None:
    assert not [claim for claim in claims(text, "sound") if claim.number is not None]


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("十二", 12),
        ("二十", 20),
        ("一百二十", 120),
        ("两", 2),
        ("1,000", 1000),
        ("2.5", 2.5),
        ("三百零五", 305),
        ("十七八", 17),
    ],
)
def test_chinese_numerals(text: str, value: float) -> None:
    assert number(text) == value


@pytest.mark.parametrize(
    ("text", "tonic", "mode"),
    [("C大调", 0, "major"), ("升f小调", 6, "minor"), ("降B大调", 10, "major"), ("c小调", 0, "minor")],
)
def test_keys(text: str, tonic: float, mode: str) -> None:
    claim = only(text, "key", "music")
    assert (claim.number, claim.value) == (tonic, mode)


# -- words and compounds


@pytest.mark.parametrize(
    ("text", "never"),
    [
        ("麦克风里传来女店长的声音", {("event", "wind"), ("duration", "long")}),
        ("雨声持续一分半钟", {("event", "bell")}),
        ("水平很高的男声", {("event", "water")}),
        ("他擅长讲故事", {("duration", "long")}),
        ("牛仔风格的吉他", {("event", "cow_moo"), ("event", "wind")}),
        ("一位钢琴家在说话", {("instrument", "piano")}),
        ("吉他手在说话", {("instrument", "guitar")}),
        ("汽车广告的旁白", {("event", "car")}),
        ("鸡尾酒会上的谈话", {("event", "chicken")}),
    ],
)
@pytest.mark.parametrize("context", ["speech", "sound", "music"])
def test_a_word_inside_another_is_not_found(text: str, never: set[tuple[str, str]], context: Context) -> None:
    assert not values(text, context) & never


_SINGLE = [
    (value, phrase)
    for value, (_, chinese) in vocabulary.table("event").items()
    for phrase in chinese
    if phrase.endswith("声") and len(phrase) > 2
]


@pytest.mark.parametrize(("value", "phrase"), _SINGLE[::7])
def test_every_sound_is_found_by_its_name(value: str, phrase: str) -> None:
    told = [claim for claim in claims(f"远处传来{phrase}") if claim.dimension in {"event", "instrument", "component"}]
    assert told, phrase
    assert any(phrase in claim.words for claim in told), (value, told)


# -- whose attribute


def test_attributes_belong_to_the_voice_beside_them() -> None:
    told = claims("一个低沉而沙哑的男声，语速快，带一点气声", "speech")
    assert {(c.dimension, c.value) for c in told} == {
        ("pitch", "low"),
        ("timbre", "raspy"),
        ("speaker_sex", "male"),
        ("rate", "fast"),
        ("timbre", "breathy"),
    }
    assert {c.subject.concept for c in told if c.dimension != "speaker_sex"} == {"male"}


@pytest.mark.parametrize(
    ("text", "context", "dimension", "value", "kind"),
    [
        ("轻快的钢琴", "music", "mood", "happy", "music"),
        ("语速缓慢", "speech", "rate", "slow", "speaker"),
        ("速度缓慢", "music", "tempo", "slow", "music"),
        ("缓慢的脚步声", "sound", "rhythm", "slow", "sound"),
        ("低沉的大鼓", "music", "pitch", "low", "instrument"),
        ("声音低沉", "speech", "pitch", "low", "speaker"),
        ("很轻的雨声", "sound", "intensity", "soft", "sound"),
        ("语速舒缓", "speech", "rate", "slow", "speaker"),
        ("微弱的鸟鸣", "sound", "intensity", "soft", "sound"),
    ],
)
def test_a_word_takes_the_sense_of_what_it_is_said_of(
    text: str, context: Context, dimension: str, value: str, kind: str
) -> None:
    claim = only(text, dimension, context)
    assert (claim.value, claim.subject.kind) == (value, kind)


def test_what_is_named_again_is_not_asked_again() -> None:
    told = claims("爷爷说话慢，爷爷的声音沙哑", "speech")
    assert [c.dimension for c in told].count("speaker_sex") == 1


def test_a_key_gives_its_dimension_to_unknown_words() -> None:
    told = claims("大大咧咧", "speech", "personality")
    assert [(c.dimension, c.words) for c in told] == [("personality", "大大咧咧")]


def test_comparisons() -> None:
    told = claims("男的急躁，女的始终不紧不慢，音量比他小", "speech")
    claim = next(c for c in told if c.dimension == "volume")
    assert (claim.comparator, claim.other and claim.other.kind) == ("less", "speaker")


# -- negation

_DENY = ["没有", "不要", "不要有", "无", "不含", "避免", "别有", "去掉"]


@pytest.mark.parametrize("deny", _DENY)
@pytest.mark.parametrize(
    ("noun", "dimension"), [("鼓", "instrument"), ("合成器", "instrument"), ("混响", "room"), ("吉他", "instrument")]
)
def test_every_denial_denies(deny: str, noun: str, dimension: str) -> None:
    told = [c for c in claims(f"钢琴独奏，{deny}{noun}", "music") if c.dimension == dimension and c.value != "solo"]
    assert [c.negated or c.value == "dry" for c in told if noun in c.words] == [True]  # 无混响 is listed as dry
    assert not any(c.negated for c in told if c.words == "钢琴")


@pytest.mark.parametrize(
    ("text", "denied", "asserted"),
    [
        ("没有人声和车声，有鸟鸣", {"人声", "车声"}, {"鸟鸣"}),
        ("不要鼓、贝斯、合成器，只要木吉他", {"鼓", "贝斯", "合成器"}, {"木吉他"}),
        ("不是摇滚，而是爵士", {"摇滚"}, {"爵士"}),
        ("没有鼓但有贝斯", {"鼓"}, {"贝斯"}),
    ],
)
def test_the_scope_of_a_denial(text: str, denied: set[str], asserted: set[str]) -> None:
    told = claims(text, "music" if "鼓" in text or "摇滚" in text else "sound")
    assert denied <= {c.words for c in told if c.negated}
    assert asserted <= {c.words for c in told if not c.negated}


def test_what_describes_a_denied_thing_is_no_claim() -> None:
    assert [(c.dimension, c.negated) for c in claims("不要太重的混响", "music")] == [("room", True)]


def test_nothing_else_is_a_solo() -> None:
    told = claims("除了钢琴没有其他乐器", "music")
    assert [(c.value, c.negated) for c in told] == [("piano", False), ("solo", False)]
    assert told[1].subject.concept == "piano"


@pytest.mark.parametrize("text", ["语速不紧不慢", "不停的雨声", "不同的鸟鸣", "特别大的雨声"])
def test_words_that_only_hold_a_denying_character(text: str) -> None:
    assert not any(c.negated for c in claims(text, "speech" if "语速" in text else "sound"))


# -- order and simultaneity


@pytest.mark.parametrize("word", ["然后", "接着", "随后", "紧接着", "之后"])
def test_every_connective_orders_two_sounds(word: str) -> None:
    claim = only(f"狗叫，{word}传来雷声", "order")
    assert claim.other is not None
    assert (claim.subject.words, claim.other.words) == ("狗叫", "雷声")


def test_after_a_noun_turns_the_order() -> None:
    claim = next(c for c in claims("低沉的弦乐从枪响之后才进来") if c.dimension == "order")
    assert claim.other is not None
    assert (claim.subject.words, claim.other.words) == ("枪响", "弦乐")


@pytest.mark.parametrize("text", ["大雨伴随着雷声", "狗叫的同时有雷声", "雨声中有雷声", "一边下雨一边打雷"])
def test_together(text: str) -> None:
    claim = next(c for c in claims(text) if c.dimension == "simultaneity")
    assert claim.other is not None
    assert claim.subject != claim.other


@pytest.mark.parametrize(("text", "place"), [("最后有一声枪响", "end"), ("开头有雷声", "start")])
def test_a_place_in_the_clip(text: str, place: str) -> None:
    assert only(text, "order").place == place


@pytest.mark.parametrize("text", ["然后", "最后淡出", "接着走", "同时"])
def test_a_connective_without_both_sides_makes_no_claim(text: str) -> None:
    assert not {"order", "simultaneity"} & {c.dimension for c in claims(text)}


# -- nothing invented

_STORY = [
    "一只橘猫趴在窗台上",
    "天空是灰的",
    "画面一黑",
    "阳光很好",
    "她站在窗前回忆着过去",
    "适合助眠应用",
    "用于短视频",
    "墙上挂着一幅画",
    "他穿着红色的衣服",
    "主角想起了童年",
]


@pytest.mark.parametrize("text", _STORY)
@pytest.mark.parametrize("context", ["speech", "sound", "music"])
def test_looks_purpose_and_story_make_no_claim(text: str, context: Context) -> None:
    assert claims(text, context) == []


def test_an_unknown_sound_stays_one_clause() -> None:
    told = claims("限压阀转动喷汽")
    assert [(c.dimension, c.value, c.words) for c in told] == [("event", "", "限压阀转动喷汽")]


def test_who_is_called_is_not_who_speaks() -> None:
    told = claims("小男孩喊妈妈", "speech")
    assert {c.value for c in told if c.dimension == "speaker_sex"} == {"male"}
    assert ("content", "word") in {(c.dimension, c.value) for c in told}


# -- any text


@settings(max_examples=150, deadline=None)
@given(
    st.text(
        alphabet=st.sampled_from("狗叫雨声没有不要三声然后的、，。：一边比钢琴男女很140BPM/秒“”说像在 \nab"),
        max_size=60,
    ),
    st.sampled_from(["speech", "music", "sound"]),
)
def test_any_text_gives_claims_inside_the_segment(text: str, context: Context) -> None:
    padded = f"前{text}后"
    for made in PARSER.claims([[Segment(padded, 1, len(padded) - 1, context)]])[0]:
        assert 1 <= made.start < made.end <= len(padded) - 1
        assert Claim.from_dict(made.claim.as_dict()) == made.claim


@settings(max_examples=60, deadline=None)
@given(st.text(max_size=80))
def test_any_characters_at_all(text: str) -> None:
    found(text)


@pytest.mark.parametrize("piece", ["狗叫，雨声，", "的", "没有人声和", "1", "很快然后"])
def test_time_is_linear(piece: str) -> None:
    def seconds(size: int) -> float:
        text = (piece * size)[:size]
        start = time.process_time()
        found(text, "speech")
        return time.process_time() - start

    found(piece)
    assert seconds(60_000) < 18 * max(seconds(6_000), 0.02)


@pytest.mark.parametrize(
    ("text", "dimension", "value"),
    [("远处的箫声", "instrument", "dizi"), ("二胡声", "instrument", "erhu"), ("卡车声", "event", "truck")],
)
def test_the_sound_of_a_thing_has_its_sense(text: str, dimension: str, value: str) -> None:
    assert (dimension, value) in values(text)
