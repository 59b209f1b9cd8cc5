"""English question frames. Yes always means that the caption is satisfied."""

from __future__ import annotations

import re

from audiojudge_cli.rubrics.grammar.labels import word_class

AUDIO = {"speech": "voice", "music": "music", "sound": "sound"}

BY_VALUE: dict[str, dict[str, str]] = {
    "speaker_sex": {
        "male": "{is_voice} male{said}?",
        "female": "{is_voice} female{said}?",
        "androgynous": "Does the voice sound androgynous{said}?",
    },
    "age": {
        "baby": "Does the voice sound like a baby{said}?",
        "toddler": "Does the voice sound like a toddler{said}?",
        "child": "Does the voice sound like a child{said}?",
        "teen": "Does the speaker sound like a teenager{said}?",
        "young": "Does the speaker sound young{said}?",
        "adult": "Does the speaker sound like an adult{said}?",
        "middle_aged": "Does the speaker sound middle-aged{said}?",
        "old": "Does the speaker sound old{said}?",
    },
    "pitch": {
        "low": "Is the pitch of {subject} low{said}?",
        "medium": "Is the pitch of {subject} medium{said}?",
        "high": "Is the pitch of {subject} high{said}?",
        "falling": "Does the pitch of {subject} fall{said}?",
        "rising": "Does the pitch of {subject} rise{said}?",
    },
    "rate": {
        "very_slow": "Is the speech very slow{said}?",
        "slow": "Is the speech slow{said}?",
        "moderate": "Is the speech at a moderate, even pace{said}?",
        "fast": "Is the speech fast{said}?",
        "very_fast": "Is the speech very fast{said}?",
        "pause": "Is there a pause in the speech{said}?",
    },
    "volume": {
        "very_quiet": "Is the voice very quiet{said}?",
        "quiet": "Is the voice quiet{said}?",
        "medium": "Is the voice at a medium volume{said}?",
        "loud": "Is the voice loud{said}?",
        "stable": "Is the volume of the voice even{said}?",
        "rising": "Does the voice get louder{said}?",
        "falling": "Does the voice get quieter{said}?",
    },
    "clarity": {"clear": "Is {subject} clear{said}?", "unclear": "Is {subject} unclear{said}?"},
    "fluency": {"fluent": "Is the speech fluent{said}?", "disfluent": "Is the speech halting{said}?"},
    "intonation": {
        "flat": "Is the intonation flat{said}?",
        "expressive": "Is the intonation expressive{said}?",
        "rising": "Does the intonation rise{said}?",
        "falling": "Does the intonation fall{said}?",
    },
    "style": {
        "whisper": "Is the speech whispered{said}?",
        "shout": "Is the speech shouted{said}?",
        "murmur": "Is the speech murmured{said}?",
        "narration": "Is the speech a narration{said}?",
        "newsreader": "Is the delivery that of a broadcast announcer{said}?",
        "conversational": "Is the delivery conversational{said}?",
    },
    "distance": {
        "close": "Does {subject} sound close{said}?",
        "distant": "Does {subject} sound distant{said}?",
        "middle": "Does {subject} sound as if placed “{words}”?",
        "approaching": "Does {subject} come closer{said}?",
        "receding": "Does {subject} move away{said}?",
        "passing": "Does {subject} pass by{said}?",
    },
    "room": {
        "reverberant": "Is reverberation or echo heard, as in “{words}”?",
        "dry": "Does it sound acoustically dry{said}?",
        "small": "Does it sound like a room as in “{words}”?",
        "outdoor": "Does it sound outdoors{said}?",
    },
    "noise": {"noisy": "Is {x} heard in the recording?", "clean": "Is the recording clean{said}?"},
    "recording": {
        "studio": "Is the recording of studio quality{said}?",
        "phone": "Does it sound as if transmitted or played as in “{words}”?",
        "degraded": "Does the recording sound {x}?",
    },
    "intensity": {
        "loud": "Is {subject} loud or strong{said}?",
        "soft": "Is {subject} soft or faint{said}?",
        "rising": "Does {subject} grow stronger{said}?",
        "falling": "Does {subject} grow weaker{said}?",
    },
    "rhythm": {
        "regular": "Is the rhythm of {subject} regular{said}?",
        "irregular": "Is the rhythm of {subject} as described: “{words}”?",
        "fast": "Is {subject} quick in rhythm{said}?",
        "slow": "Is {subject} slow in rhythm{said}?",
    },
    "level": {
        "background": "Is {subject} in the background{said}?",
        "foreground": "Is {subject} in the foreground{said}?",
        "balanced": "Are the parts of the mix balanced{said}?",
    },
    "transition": {
        "fade_in": "Does {subject} fade in{said}?",
        "fade_out": "Does {subject} fade out{said}?",
        "cut": "Does {subject} change abruptly{said}?",
        "gradual": "Does {subject} change gradually{said}?",
        "pan": "Does {subject} move or sit in the stereo image as described: “{words}”?",
    },
    "duration": {
        "long": "Is {subject} long{said}?",
        "short": "Is {subject} short{said}?",
        "continuous": "Does {subject} continue the whole time{said}?",
        "silence": "Is there silence{said}?",
    },
    "speaker_count": {
        "one": "Is there exactly one speaker{said}?",
        "two": "Are there exactly two speakers{said}?",
        "three": "Are there exactly three speakers{said}?",
        "four": "Are there exactly four speakers{said}?",
        "many": "Are there several speakers{said}?",
    },
    "component": {
        "music": "Is music present{said}?",
        "speech": "Is speech present{said}?",
        "effects": "Are sound effects or ambience present{said}?",
    },
    "tempo": {
        "slow": "Is the tempo slow{said}?",
        "moderate": "Is the tempo moderate{said}?",
        "fast": "Is the tempo fast{said}?",
    },
    "key": {
        "major": "Is the music in a major key{said}?",
        "minor": "Is the music in a minor key{said}?",
        "modal": "Is the harmony {x}?",
    },
    "vocals": {
        "vocals": "Is there singing{said}?",
        "choir": "Is a choir singing{said}?",
        "rap_vocals": "Are there rapped vocals{said}?",
        "harmony_vocals": "Are there vocal harmonies{said}?",
        "instrumental": "Is the music purely instrumental{said}?",
    },
    "instrument": {"solo": "Is it played solo{said}?"},
    "dynamics": {
        "soft": "Is {subject} soft{said}?",
        "loud": "Is {subject} loud{said}?",
        "crescendo": "Does {subject} build up in loudness{said}?",
        "diminuendo": "Does {subject} become softer{said}?",
    },
}

PLAIN: dict[str, str] = {
    "speaker_sex": "Is the speaker {x}?",
    "age": "Does the speaker sound to be {x}?",
    "pitch": "Is the pitch of {subject} {x}?",
    "rate": "Is the speaking rate as described: “{words}”?",
    "volume": "Is the volume of the voice as described: “{words}”?",
    "clarity": "Is the clarity as described: “{words}”?",
    "fluency": "Is the fluency as described: “{words}”?",
    "accent": "Is the accent {x}?",
    "language": "Is the {sung} in {x}?",
    "timbre": "Does {subject} sound {x}?",
    "emotion": "Does the speaker sound {x}?",
    "intonation": "Is the intonation as described: “{words}”?",
    "personality": "Does the speaker come across as {x}?",
    "style": "Is the style or delivery as described: “{words}”?",
    "content": "Are the words {words} {uttered}?",
    "event": "{is_are} {x} audible?",
    "scene": "Does it sound like this scene: “{words}”?",
    "intensity": "Is {subject} {x}?",
    "distance": "Is the distance of {subject} as described: “{words}”?",
    "rhythm": "Is the rhythm of {subject} as described: “{words}”?",
    "count": "Is it heard exactly as often as described: “{words}”?",
    "order": "Does this happen in the described order: “{words}”?",
    "simultaneity": "Are these heard at the same time, as described: “{words}”?",
    "duration": "Is the length as described: “{words}”?",
    "genre": "Is the genre {x}?",
    "mood": "Does the music sound {x}?",
    "tempo": "Is the tempo {x}?",
    "metre": "Is the metre {x}{said}?",
    "key": "Is the music in {x}?",
    "instrument": "{is_are} {x} playing?",
    "vocals": "Are vocals heard as described: “{words}”?",
    "structure": "Does the music have this part: “{words}”?",
    "dynamics": "Are the dynamics of {subject} as described: “{words}”?",
    "production": "Is the production as described: “{words}”?",
    "component": "Is {x} present?",
    "level": "Is the balance as described: “{words}”?",
    "transition": "Is the transition as described: “{words}”?",
    "noise": "Is the background or noise as described: “{words}”?",
    "room": "Does the room sound as described: “{words}”?",
    "recording": "Does the recording sound as described: “{words}”?",
    "speaker_count": "Is the number of speakers as described: “{words}”?",
}

DENIED: dict[str, str] = {
    "instrument": "Is the music free of {x}?",
    "vocals": "Is the music free of {x}?",
    "event": "Is the audio free of {x}?",
    "component": "Is the audio free of {x}?",
    "noise": "Is the recording free of {x}?",
    "room": "Is the recording free of {x}?",
    "scene": "Is the audio free of {x}?",
    "content": "Are the words {words} never {uttered}?",
    "style": "Is the delivery free of “{words}”?",
    "accent": "Is the speech free of {x}?",
    "fluency": "Is the speech free of “{words}”?",
    "emotion": "Does the speaker avoid sounding {x}?",
    "mood": "Does the music avoid sounding {x}?",
    "speaker_sex": "Is the audio free of {x} voices?",
    "language": "Is the audio free of {x}?",
    "genre": "Is the music free of {x}?",
    "rhythm": "Is the rhythm not “{words}”?",
    "rate": "Is the speech not “{words}”?",
    "tempo": "Is the tempo not “{words}”?",
    "volume": "Is the voice never “{words}”?",
}
NOTHING_ELSE = {"music": "Is the audio free of music?", "speech": "Is the audio free of speech?"}
DENIED_ELSE = "Is it free of what the caption rules out: “{words}”?"

_ARTICLE = re.compile(r"^(?:an?|the|some|two|three|several|many|his|her|their|its|\d+)\b", re.IGNORECASE)


def naming(words: str) -> tuple[str, bool]:
    """Return `words` with the article they need, and whether they are plural."""
    text = words.strip()
    lower = text.lower()
    parts = re.findall(r"[^\W_]+", lower)
    if not parts:
        return text, False
    head = next((part for part in parts if not part.endswith("ing")), parts[-1])
    last = parts[-1]
    noun = head if last.endswith("ing") else last
    plural = noun in word_class("plurals") or (
        noun.endswith("s") and not noun.endswith(("ss", "us", "is")) and len(noun) > 3
    )
    if _ARTICLE.match(lower):
        return text, plural
    if (
        plural
        or noun in word_class("mass_nouns")
        or last in word_class("mass_nouns")
        or not lower.isascii()
        or parts[0].endswith("ing")
    ):
        return text, plural
    return ("an " if lower[0] in "aeiou" else "a ") + text, False
