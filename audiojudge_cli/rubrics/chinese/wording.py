"""Chinese questions for claims: natural enough to be read aloud, yes always means that the caption is satisfied."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics import vocabulary

if TYPE_CHECKING:
    from audiojudge_cli.rubrics.claim import Claim, Subject

# what reads as written: names, and coarse values whose first Chinese word may say something else (funky)
_OWN_NAMES = frozenset(
    [
        "event",
        "instrument",
        "genre",
        "scene",
        "content",
        "style",
        "simultaneity",
        "order",
        "count",
        "overall",
        "accent",
        "rhythm",
        "production",
        "recording",
        "structure",
        "transition",
        "timbre",
    ]
)
_KINDS = {
    "speaker": "说话人",
    "vocals": "演唱者",
    "music": "音乐",
    "instrument": "乐器",
    "sound": "声音",
    "clip": "录音",
}
_SEX = {"male": "男性", "female": "女性", "androgynous": "偏中性"}
_AGES = {
    "baby": "婴儿",
    "toddler": "幼儿",
    "child": "孩子",
    "teen": "青少年",
    "young": "年轻人",
    "adult": "成年人",
    "middle_aged": "中年人",
    "old": "老年人",
}
_COMPARED = {
    "exactly": "正好是",
    "at_least": "至少",
    "at_most": "最多",
    "more": "超过",
    "less": "不到",
    "about": "大约",
    "between": "在",
}
_UNITS = {"times": "次", "s": "秒", "bpm": "拍每分钟", "voices": "人", "years": "岁", "beats": "拍", "hz": "赫兹"}
_MINUTE = 60  # seconds; whole and half minutes are said as minutes
_IDIOM = 4  # characters; 奶声奶气 is no noun
_NAMES_SOUND = re.compile(
    r"(?:声|音|响|音效|叫|鸣)$"
)  # 雨声 and 狗叫 are heard as they stand; 木门打开 is 木门打开的声音
# the question brings its own marks
_MARKS = str.maketrans("", "", '“”"「」『』')
# adverbs and verbs that can't follow 是否 (略带沙哑 can, 的 at the end can't)
_TRAILING = re.compile(r"[地的了]$")
_LEADING = re.compile(r"^(?:要|得|是|为)(?=.)")
# begins with a verb of its own, so that 是否 may stand in front of it
_HAS = re.compile(r"^(?:有|带|充满|没有|像|是|在|由|从|先|越|用|显得|能|会)")
# a quality as a noun (沧桑感, 鼻音), which a voice has (带) and is not; 伤感, 动感, 性感 and 好感 are adjectives too
_NOUNISH = re.compile(r"(?:(?<![伤动性好])感|腔|音|气声|味|磁性|共鸣|[笑歉睡]意|嗓|[活魅]力|质|效果|处理)$")
# a place, which a sound comes from (来自)
_PLACES = re.compile(r"(?:处|方|边|外|里|内|中|上|下|隔壁|近|远|前|后|头顶|空|岸|侧|耳)$")
# a movement, which needs no 来自 though some of its words also end a place (远, 近)
_PAST = re.compile(r"(?:来|去|过|近|远|离|拢|动|移|入|出|失|隐|止|绕|散|到)$")


def question(claim: Claim, basis: str) -> str:
    """Return the question that asks for `claim`.

    Args:
        claim: What is asked.
        basis: The words of the caption it rests on; stands in where the claim has no words of its own.
    """
    words = _fit(_chinese(claim) or basis)
    asked = _measured(claim, words) if claim.number is not None and not claim.other else ""
    asked = asked or _ASKED.get(claim.dimension, _plain)(claim, words)
    return f"{_when(claim)}{asked}？"


def _chinese(claim: Claim) -> str:
    """Return the words of a claim; an English trait in a Chinese caption reads as the vocabulary's Chinese word."""
    if (
        not claim.words.isascii()
        or claim.dimension in _OWN_NAMES
        or claim.value not in vocabulary.table(claim.dimension)
    ):
        return claim.words
    chinese = vocabulary.table(claim.dimension)[claim.value][1]
    return chinese[0] if chinese else claim.words


def _fit(words: str) -> str:
    text = " ".join(words.translate(_MARKS).split())
    text = _LEADING.sub("", text)
    return _TRAILING.sub("", text) if len(text) > 1 else text


def _when(claim: Claim) -> str:
    if claim.dimension in {"order", "count"}:
        return ""
    if claim.from_s is not None and claim.to_s is not None:
        return f"在{_span(claim)}，"
    return {"start": "开头，", "end": "结尾，", "last_line": "说最后一句时，", "middle": "中间，"}.get(claim.place, "")


def _span(claim: Claim) -> str:
    low, high = claim.from_s or 0.0, claim.to_s
    if high is None or high == low:
        return f"第{low:g}秒左右"
    return f"第{low:g}秒到第{high:g}秒之间"


def _name(subject: Subject | None) -> str:
    """Return how a subject reads: by its own words, else by its kind."""
    if subject is None:
        return "声音"
    words = _fit(subject.words)
    if not words or words in {"人声", "声音", "唱", "唱着", "演唱", "唱歌"}:
        words = _KINDS[subject.kind]
    words = words.replace("男性", "男声").replace("女性", "女声")
    if subject.kind == "sound" and subject.words and not _NAMES_SOUND.search(words):
        words = f"{words}的声音"
    return f"第{_ORDINALS[subject.which]}个{words}" if 0 < subject.which < len(_ORDINALS) else words


_ORDINALS = "零一二三四五六七八九"


def _not(claim: Claim) -> str:
    return "不" if claim.negated else ""


def _none(claim: Claim) -> str:
    return "没有" if claim.negated else ""


def _has(claim: Claim) -> str:
    return "是否没有" if claim.negated else "是否有"


def _amount(claim: Claim) -> str:
    unit = _UNITS.get(claim.unit, "")
    if claim.comparator == "between" and claim.upper is not None:
        return f"在{claim.number:g}到{claim.upper:g}{unit}之间"
    number = claim.number or 0.0
    told = f"{number:g}{unit}"
    if claim.unit == "s" and number >= _MINUTE and number % 30 == 0:
        told = f"{number // _MINUTE:g}分{'半' if number % _MINUTE else ''}钟"
    if claim.comparator == "less" and claim.unit == "bpm":
        return f"低于{told}"
    return f"{_COMPARED.get(claim.comparator, '')}{told}"


def _measured(claim: Claim, words: str) -> str:  # noqa: C901, PLR0911 - one case after another, each a line
    name, how, no = _name(claim.subject), _amount(claim), "不" if claim.negated else ""
    what = claim.dimension
    if what == "tempo":
        return f"音乐的速度是否{no}{'为' if how[0].isdigit() else ''}{how}"
    if what == "count":
        named = name.removesuffix("的声音")
        if words and not words.isascii():  # 三声, 至少一次
            just = "正好" if claim.comparator == "exactly" and words[0] not in "只仅正刚恰共就总" else ""
            return f"{named}是否{no}{just}{words}"
        return f"{named}是否{no}{how.replace('正好是', '正好出现') if claim.comparator == 'exactly' else '出现' + how}"
    if what == "duration":
        if claim.subject.kind == "clip" or not claim.subject.words:
            return f"录音的时长是否{no}{how}"
        return f"{name}是否{no}持续{how}"
    if what == "age":
        return f"{name}听起来是否{no}{words if words and not words.isascii() else how}"
    if what == "speaker_count":
        if words and not words.isascii() and claim.comparator == "exactly":
            return f"说话的是否{no}是{words if words[-1] not in '个位名' else words + '人'}"
        return f"说话的人数是否{no}{how}"
    if what == "rate":
        return f"{name}是否{no}停顿{how}"
    if what == "metre":
        return f"拍号是否{no}为{words}"
    if what == "key":
        return f"调性是否{no}为{words}"
    return f"{name}是否{no}每隔{claim.number:g}秒出现一次" if claim.unit == "s" else ""


def _heard(claim: Claim, words: str) -> str:
    if not claim.value and claim.dimension == "event" and not _NAMES_SOUND.search(words):
        return f"是否{'没有' if claim.negated else '能听到'}“{words}”的声音"
    if claim.dimension == "event" and not _NAMES_SOUND.search(words):
        words = f"{words}的声音"
    return f"是否没有{words}" if claim.negated else f"是否能听到{words}"


def _instrument(claim: Claim, words: str) -> str:
    if claim.value == "solo" and claim.words.startswith(("没", "无", "不")):
        return f"除了{_fit(claim.subject.words)}，是否没有其他乐器"
    if claim.value == "solo":
        return f"是否{_not(claim)}是{_fit(claim.subject.words)}{words}"
    return _heard(claim, words)


def _vocals(claim: Claim, words: str) -> str:
    if claim.value == "instrumental":
        return f"是否{_not(claim)}是没有人声的纯音乐" if "无" in words else f"是否{_not(claim)}是纯音乐"
    return f"{_has(claim)}{'演唱' if words in {'唱', '唱着', '唱歌'} else words}"


def _component(claim: Claim, words: str) -> str:
    named = words if words not in {"说话", "讲话"} else "人说话"
    return f"{_has(claim)}{named}"


def _scene(claim: Claim, words: str) -> str:
    return f"听起来是否{'不像' if claim.negated else '像'}在{words.removeprefix('在')}"


def _genre(claim: Claim, words: str) -> str:
    return f"音乐是否{_not(claim)}属于{words}"


def _sex(claim: Claim, words: str) -> str:
    named = _SEX.get(claim.value, words)
    return f"{_name(claim.subject)}是否{_not(claim)}{'' if claim.value == 'androgynous' else '为'}{named}"


def _age(claim: Claim, words: str) -> str:
    named = _AGES.get(claim.value, words)
    return f"{_name(claim.subject)}听起来是否{_not(claim)}像{named}"


def _content(claim: Claim, words: str) -> str:
    verb = "唱" if claim.subject.kind == "vocals" else "说"
    quoted = f"“{claim.words.translate(_MARKS)}”"
    if claim.value == "topic":
        return f"{verb}的内容是否{'不是' if claim.negated else '是'}关于{words}"
    return f"是否{_none(claim)}{verb}{'' if claim.negated else '了'}{quoted}"


def _language(claim: Claim, words: str) -> str:
    verb = "演唱" if claim.subject.kind == "vocals" else "说"
    return f"是否{'没有用' if claim.negated else '用'}{words}{verb}"


def _accent(claim: Claim, words: str) -> str:
    if words.endswith("话"):
        return f"是否{_not(claim)}说{words}"
    words = re.sub(r"^(?:带点儿?|带着|带有|带|有点儿?|有)", "", words)  # the question has its own 带
    return (
        f"{_has(claim)}{words}"
        if claim.negated
        else f"是否带有{words}"
        if "口音" in words or words.isascii() or _NOUNISH.search(words)
        else f"口音是否{words}"
    )


def _order(claim: Claim, words: str) -> str:
    name = _name(claim.subject)
    if claim.other is not None:
        return f"{_name(claim.other)}是否{_not(claim)}在{name}之后出现"
    if claim.from_s is not None:
        return f"{name}是否{_none(claim)}出现在{_span(claim)}"
    where = {"start": "开头", "end": "最后", "middle": "中间"}.get(claim.place, "")
    return f"{name}是否{_not(claim)}在{where}出现" if where else f"先后是否如“{words}”所说"


def _together(claim: Claim, words: str) -> str:
    if claim.other is None:
        return f"说话人是否{_none(claim)}{words.removesuffix('说话')}说话"
    return f"{_name(claim.subject)}和{_name(claim.other)}是否{_none(claim)}同时出现"


def _level(claim: Claim, words: str) -> str:
    name = _name(claim.subject)
    if claim.value == "background" and words.startswith("背景"):
        return f"{name}是否{_not(claim)}处于背景中"
    if claim.value == "foreground" and words.startswith("前景"):
        return f"{name}是否{_not(claim)}处于前景中"
    if claim.other is not None:
        return f"{name}是否{_none(claim)}{words}"
    if re.search(r"下面|底下|之下|后景|远景", words) and not re.match(r"压|垫|衬|铺", words):
        words = f"处于{words}"
    words = words.replace("不能", "不").replace("不要", "不")
    if words in {"铺底", "打底", "衬底", "垫底"}:
        words = f"用来{words}"
    if words == "主奏":
        words = "担任主奏"
    return f"{name}是否{_none(claim)}{words}"


def _distance(claim: Claim, words: str) -> str:
    name = _name(claim.subject)
    if words in {"近距离", "近场", "远距离", "近距离收音"}:
        return f"{name}是否{_not(claim)}为{words}"
    if _PLACES.search(words) and not _PAST.search(words) and not re.match(r"由|从|越|渐|忽|距离|很|贴|靠", words):
        return f"{name}是否{_not(claim)}来自{words}"
    return f"{name}是否{_not(claim)}{words}"


def _transition(claim: Claim, words: str) -> str:
    name = _name(claim.subject)
    if words in {"突然", "忽然", "骤然", "猛然", "陡然", "一下子", "瞬间", "顿时"}:
        return f"{name}的变化是否{_not(claim)}突然"
    if claim.value == "pan" and not words.startswith(("由", "从", "自", "环")):
        return f"{name}是否{_not(claim)}在{words}"
    if claim.value == "pan" and words.startswith(("由", "从", "自")) and not re.search(r"[开走飞驶跑移掠滑]", words):
        words += "移动"
    return f"{name}是否{_none(claim)}{words}"


def _room(claim: Claim, words: str) -> str:
    if words.startswith("无"):
        return f"是否{words}"
    if re.search(r"混响|回声|回音|回响|余音|感$", words):
        return (
            f"{_has(claim)}{words.removeprefix('有')}"
            if not re.search(r"[大长强短重小]$", words)
            else f"是否{_none(claim)}{words}"
        )
    return (
        f"听起来是否{_not(claim)}像在{words.removeprefix('有').removeprefix('在')}"
        if _nounlike(claim)
        else f"空间听起来是否{_not(claim)}{words}"
    )


def _nounlike(claim: Claim) -> bool:
    return claim.value in {"reverberant", "small", "outdoor", "dry"} and not re.search(
        r"小的?$|闷$|狭|窄|干$|空旷$|空荡", claim.words
    )


def _noise(claim: Claim, words: str) -> str:
    if claim.value == "clean" and words.startswith("录音"):
        return f"录音是否{_not(claim)}{words.removeprefix('录音')}"
    if claim.value == "clean":
        return f"背景是否{_not(claim)}{words.removeprefix('背景').removeprefix('要')}"
    told = re.match(r"(底噪|噪音|噪声|杂音)(?:要|得)?(.*[低小大高少])$", words)
    if told:
        return f"{told[1]}是否{told[2]}"
    if words == "嘈杂":
        return f"环境是否{_not(claim)}嘈杂"
    return f"{_has(claim)}{words}"


def _recording(claim: Claim, words: str) -> str:
    return (
        f"听起来是否{_not(claim)}像{words.removeprefix('像')}"
        if re.search(r"[话里机音感带唱片录质声]$", words)
        else f"录音是否{_not(claim)}{words}"
    )


def _structure(claim: Claim, words: str) -> str:
    return f"音乐中{_has(claim)}{words}" if len(words) < _IDIOM else f"音乐是否{_not(claim)}如“{words}”所说"


def _overall(claim: Claim, words: str) -> str:
    return f"整体上是否{_not(claim)}符合“{words}”的描述"


def _style(claim: Claim, words: str) -> str:
    if claim.subject.kind not in {"speaker", "vocals"}:
        return f"{_has(claim)}{words}{'' if words.endswith(('风', '感', '风格', '音')) else '的风格'}"
    if words.startswith(("像", "好像", "仿佛")):
        return f"听起来是否{_not(claim)}{words}"
    if words.startswith(("边", "一边")):
        return f"{_name(claim.subject)}是否{_none(claim)}{words}"
    if claim.value in {"whisper", "shout", "murmur"}:
        return f"{_name(claim.subject)}是否{'没有' if claim.negated else '在'}{words}"
    like = "" if words.endswith(("然", "张", "化", "意", "式")) else "像"
    return f"{_name(claim.subject)}的表达是否{_not(claim)}{like}{words}"


_TOPICS = {
    "pitch": "音高",
    "rate": "语速",
    "clarity": "吐字",
    "fluency": "说话",
    "timbre": "音色",
    "emotion": "语气",
    "intonation": "语调",
    "personality": "性格",
    "mood": "气氛",
    "tempo": "速度",
    "rhythm": "节奏",
    "dynamics": "力度",
    "volume": "音量",
    "production": "制作",
    "intensity": "声音",
    "duration": "时长",
}
# says itself what it is about (语速很慢), so that no topic is put in front
_OWN_TOPIC = re.compile(
    r"^(?:语速|音[量高调色]|语[调气]|速度|节奏|力度|声音|嗓[门音子]?|吐字|咬字|发音|口齿|尾音|句尾|混响|说话|动态)"
)


def _plain(claim: Claim, words: str) -> str:  # noqa: C901, PLR0911, PLR0912 - one case after another, each a line
    """Return what asks for most traits: whose, of what, whether it is so."""
    no, name, topic = "不" if claim.negated else "", _name(claim.subject), _TOPICS.get(claim.dimension, "")
    if claim.other is not None and claim.comparator in {"more", "less"}:
        than = words[words.index("比") :] if "比" in words else f"比{_name(claim.other)}{words}"
        return f"{name}的{topic}是否{no}{than}"
    own = _OWN_TOPIC.match(words)
    if claim.dimension == "speaker_count":
        return f"说话的是否{no}是{words}"
    if claim.dimension == "rate" and claim.value == "pause":
        return f"{name}是否{_none(claim)}{words.removeprefix('先')}"
    if claim.dimension == "rhythm" and words in {"偶尔", "时不时", "不时", "间或", "时而", "偶有", "反复"}:
        return f"{name}是否{no}{words}出现"
    if claim.dimension == "rhythm" and words in {"慢慢", "缓缓", "徐徐", "慢", "快", "缓慢", "快速"}:
        return f"{name}的节奏是否{no}{'快' if claim.value == 'fast' else '缓慢'}"
    if len(words) > 1 and words[-1] == words[-2]:
        words += "的"  # 隐隐的, 懒洋洋的
    if claim.dimension in {"production", "structure"} and claim.negated:
        no = "没有"
    if words.endswith("响") and len(words) < 3:
        words = f"是{words}"
    if claim.dimension == "pitch" and not re.search(r"[高低](?![沉亢])", words):
        topic = "声音"
    if own:
        return f"{name}的{own.group()}是否{no}{words.removeprefix(own.group()) or '如此'}"
    if claim.dimension in {"volume", "dynamics", "intensity"} and words in {
        "小声",
        "轻声",
        "低声",
        "大声",
        "太大声",
        "轻",
        "轻轻",
        "很轻",
    }:
        if claim.subject.kind in {"speaker", "vocals"}:
            verb = "说话" if claim.subject.kind == "speaker" else "演唱"
            return f"{name}是否{_none(claim)}{words.removesuffix('地')}{verb}"
        return f"{name}的音量是否{no}{'很大' if '大' in words else '很小'}"
    if _NOUNISH.search(words) and not _HAS.match(words) and len(words) != _IDIOM:
        sounds = "听起来" if claim.subject.kind in {"speaker", "vocals"} else ""
        return f"{name}{sounds}{_has(claim)}{words}"
    if claim.subject.kind in {"speaker", "vocals"}:
        if claim.dimension == "personality":
            return f"{name}的性格是否{no}显得{words.removeprefix('显得')}"
        if claim.dimension in {"emotion", "timbre"}:
            return f"{name}听起来是否{no}{words}"
        if claim.dimension == "volume" and words.endswith(("声", "嗓子", "嗓门", "声音", "细语", "细气")):
            return f"{name}是否{_none(claim)}{words}说话"
        return f"{name}的{topic}是否{no}{words}" if topic else f"{name}是否{no}{words}"
    if claim.dimension in {"tempo", "dynamics", "production"} and claim.subject.kind == "music":
        return f"音乐的{topic}是否{no}{words}"
    return f"{name}是否{no}{words}"


_ASKED = {
    "event": _heard,
    "instrument": _instrument,
    "vocals": _vocals,
    "component": _component,
    "scene": _scene,
    "genre": _genre,
    "speaker_sex": _sex,
    "age": _age,
    "content": _content,
    "language": _language,
    "accent": _accent,
    "order": _order,
    "simultaneity": _together,
    "level": _level,
    "distance": _distance,
    "transition": _transition,
    "room": _room,
    "noise": _noise,
    "recording": _recording,
    "structure": _structure,
    "overall": _overall,
    "style": _style,
}
