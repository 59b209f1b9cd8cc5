"""The names of dimensions, and the other names under which rubric files know them."""

from __future__ import annotations

import re

NAMES: dict[str, str] = {
    "speaker_sex": "sex of a voice",
    "age": "age of a voice",
    "pitch": "height of a voice or sound",
    "rate": "speaking rate, pauses",
    "volume": "loudness of a voice",
    "clarity": "how clearly words or sounds come out",
    "fluency": "how smoothly speech runs",
    "accent": "accent or dialect",
    "timbre": "colour of a voice or sound",
    "emotion": "feeling in a voice",
    "intonation": "melody of a voice",
    "personality": "character that a voice conveys",
    "style": "manner of delivery or playing",
    "content": "words that are spoken or sung",
    "language": "language that is spoken or sung",
    "speaker_count": "how many people speak",
    "event": "any source or action",
    "scene": "place or situation",
    "intensity": "strength of a sound",
    "distance": "near, far, moving",
    "rhythm": "regularity and pace",
    "count": "how often something happens",
    "order": "what follows what",
    "simultaneity": "what sounds together",
    "duration": "how long something lasts",
    "genre": "genre of music",
    "mood": "feeling of music",
    "tempo": "speed of music",
    "metre": "beats per bar",
    "key": "key and mode",
    "instrument": "instruments",
    "vocals": "singing",
    "structure": "parts of a piece",
    "dynamics": "loudness in music",
    "production": "how music was produced",
    "component": "speech, music or effects being there at all",
    "level": "foreground and background",
    "transition": "fades, cuts, movement",
    "noise": "unwanted sound",
    "room": "acoustics of the place",
    "recording": "how it was recorded",
    "overall": "the caption as a whole",
}
"""Name of a dimension to what it asks about."""

_ALIASES = {
    "speaker_sex": "sex,gender,speaker_gender,性别,说话人性别",
    "age": "speaker_age,年龄",
    "pitch": "音高,音调",
    "rate": "speaking_rate,speed,speech_rate,pace,语速",
    "volume": "loudness,音量,响度",
    "clarity": "articulation,清晰度,吐字",
    "fluency": "流利度,流畅度",
    "accent": "dialect,口音,方言",
    "timbre": "voice_quality,texture,音色",
    "emotion": "情感,情绪",
    "intonation": "prosody,语调",
    "personality": "性格",
    "style": "speaking_style,delivery,风格,说话风格,语气",
    "content": "spoken_words,words,transcript,lyrics,text,内容,文本,台词,歌词",
    "language": "语言,语种",
    "speaker_count": "speakers,说话人数,人数",
    "event": "sound_event,source,sound,sound_source,声音事件,事件,声源,音效",
    "scene": "environment,场景,环境",
    "intensity": "强度",
    "distance": "距离",
    "rhythm": "节奏",
    "count": "次数,数量",
    "order": "sequence,temporal_order,顺序,时序",
    "simultaneity": "同时性",
    "duration": "length,时长",
    "overall": "naturalness,整体",
    "genre": "曲风,流派,体裁",
    "mood": "氛围,情绪氛围",
    "tempo": "速度",
    "metre": "meter,time_signature,拍号",
    "key": "mode,tonality,调性,调式",
    "instrument": "instruments,instrumentation,乐器",
    "vocals": "vocal,singing,人声,演唱",
    "structure": "结构,曲式",
    "dynamics": "力度",
    "production": "production_quality,制作",
    "component": "element,background,background_sound,成分",
    "level": "foreground,balance,层次,背景",
    "transition": "过渡",
    "noise": "background_noise,噪声,噪音",
    "room": "reverb,acoustics,space,空间,混响",
    "recording": "quality,sound_quality,recording_quality,audio_quality,录音,音质",
}
_BY_ALIAS = {alias: name for name, listed in _ALIASES.items() for alias in listed.split(",")}

FAMILIES: tuple[frozenset[str], ...] = (
    frozenset({"event", "component", "instrument", "vocals", "scene", "genre", "speaker_sex", "age"}),
    frozenset({"volume", "intensity", "dynamics", "distance", "level"}),
    frozenset({"rate", "tempo", "rhythm"}),
    frozenset({"emotion", "mood", "personality", "style", "timbre", "intonation", "clarity", "fluency"}),
    frozenset({"noise", "recording", "room", "production", "overall", "clarity"}),
    frozenset({"order", "simultaneity", "duration", "transition", "structure", "rate"}),
    frozenset({"accent", "language"}),
    frozenset({"count", "speaker_count"}),
    frozenset({"key", "metre"}),
)
"""Dimensions that other people tell apart differently: a claim of the same family answers the question as well."""


def canonical(name: str) -> str:
    """Return the name a dimension has here; an unknown one keeps its own, as a slug."""
    slug = re.sub(r"[^\w\u3400-\u9fff]+", "_", name.strip().lower()).strip("_")
    return slug if slug in NAMES else _BY_ALIAS.get(slug, slug)
