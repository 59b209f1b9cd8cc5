"""Chinese question frames. Yes (是) always means that the caption is satisfied."""

from __future__ import annotations

AUDIO = {"speech": "声音", "music": "音乐", "sound": "声音"}

BY_VALUE: dict[str, dict[str, str]] = {
    "speaker_sex": {
        "male": "{whose}是否为男性{said}？",
        "female": "{whose}是否为女性{said}？",
        "androgynous": "声音是否偏中性{said}？",
    },
    "age": {
        "baby": "听起来是否像婴儿{said}？",
        "toddler": "听起来是否像幼儿{said}？",
        "child": "说话人听起来是否是孩子{said}？",
        "teen": "说话人听起来是否是青少年{said}？",
        "young": "说话人听起来是否年轻{said}？",
        "adult": "说话人听起来是否是成年人{said}？",
        "middle_aged": "说话人听起来是否是中年人{said}？",
        "old": "说话人听起来是否是老年人{said}？",
    },
    "instrument": {"solo": "是否为独奏{said}？"},
    "rate": {"pause": "说话中是否有停顿{said}？"},
    "component": {
        "music": "是否有音乐{said}？",
        "speech": "是否有人声{said}？",
        "effects": "是否有音效或环境声{said}？",
    },
    "noise": {"clean": "录音是否干净{said}？", "noisy": "是否能听到{x}？"},
    "vocals": {"instrumental": "是否为纯音乐{said}？", "vocals": "是否有演唱{said}？", "choir": "是否有合唱{said}？"},
    "speaker_count": {
        "one": "是否只有一个说话人{said}？",
        "two": "是否有两个说话人{said}？",
        "three": "是否有三个说话人{said}？",
    },
    "distance": {
        "close": "{subject}是否听起来很近{said}？",
        "distant": "{subject}是否听起来很远{said}？",
        "middle": "{subject}是否在{x}？",
    },
    "level": {
        "background": "{subject}是否处于背景{said}？",
        "foreground": "{subject}是否处于前景{said}？",
    },
    "style": {"whisper": "是否是耳语{said}？", "shout": "是否是喊出来的{said}？"},
    "room": {
        "reverberant": "{echo}？",
        "small": "听起来是否像在{x}？",
        "outdoor": "听起来是否在{x}？",
    },
}

PLAIN: dict[str, str] = {
    "speaker_sex": "说话人是否为{x}？",
    "age": "说话人听起来是否{x}？",
    "pitch": "{pitch}是否{x}？",
    "rate": "语速是否{x}？",
    "volume": "{volume}？",
    "clarity": "{clear}是否{x}？",
    "fluency": "说话是否{x}？",
    "accent": "{accent}？",
    "language": "{sung}的语言是否为{x}？",
    "timbre": "{subject}是否{x}？",
    "emotion": "说话人听起来是否{x}？",
    "intonation": "语调是否{x}？",
    "personality": "说话人是否显得{x}？",
    "style": "{style}？",
    "content": "是否{uttered}{words}？",
    "event": "是否能听到{x}？",
    "scene": "听起来是否像{x}？",
    "intensity": "{subject}是否{x}？",
    "distance": "{subject}是否{x}？",
    "rhythm": "{rhythm}是否{x}？",
    "count": "{count}？",
    "order": "是否按这个顺序出现：“{words}”？",
    "simultaneity": "“{words}”是否同时出现？",
    "duration": "{length}？",
    "genre": "曲风是否为{x}？",
    "mood": "音乐听起来是否{x}？",
    "tempo": "速度是否{x}？",
    "metre": "拍号是否为{x}{said}？",
    "key": "是否为{x}？",
    "instrument": "是否能听到{x}？",
    "vocals": "是否有{x}？",
    "structure": "音乐中是否有“{words}”？",
    "dynamics": "{subject}是否{x}？",
    "production": "制作上是否{x}？",
    "component": "是否有{x}？",
    "level": "各部分的音量关系是否为“{words}”？",
    "transition": "{subject}是否{change}？",
    "noise": "背景是否{x}？",
    "room": "听起来空间是否{x}？",
    "recording": "听起来是否像{x}？",
    "speaker_count": "说话的是否正好是{x}？",
}

DENIED = {
    "content": "是否没有{uttered}{words}？",
    "simultaneity": "说话人是否没有{x}？",
    "volume": "音量是否没有“{words}”的情况？",
    "rate": "语速是否没有“{words}”的情况？",
}
RANGE = {
    "duration": "{words}是否能听到“{x}”？",
    "structure": "各段是否如“{words}”所述？",
    "order": "各段的先后是否如“{words}”所述？",
}
NOTHING_ELSE = {"music": "是否没有音乐？", "speech": "是否没有人声？"}
DENIED_ELSE = "是否没有{x}？"

RELATED = {
    "before": "{first}是否在{second}之前？",
    "first": "是否以{first}开头？",
    "last": "{first}之后，最后是否是{second}？",
    "only_last": "{first}是否在最后？",
    "together": "{first}和{second}是否同时出现？",
    "over": "{first}是否处于前景，盖过{second}？",
}
VOICE, ALL_ELSE = "人声", "其他声音"
