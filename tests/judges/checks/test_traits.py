"""Items about manner, course, space and recording become typed checks; what is out of reach says why."""

from __future__ import annotations

import pytest
from audiojudge_cli.judges.checks import kinds, traits
from audiojudge_cli.judges.checks.kinds import Asked, NotHeard
from audiojudge_cli.judges.checks.numbers import number_of, seconds_in
from audiojudge_cli.judges.checks.read import READERS, read
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.vocabulary import dimensions


def ask(dimension: str, question: str, basis: str = "") -> Asked | NotHeard:
    return read(RubricItem(dimension, question, basis))


def test_every_dimension_of_the_vocabulary_has_a_reader() -> None:
    assert set(dimensions()) <= set(READERS)


@pytest.mark.parametrize(
    ("dimension", "question", "basis", "check", "negated"),
    [
        ("age", "Is the speaker a child?", "child", traits.Child(), False),
        ("age", "Does the boy sound about eight?", "about eight", traits.Child(), False),
        ("age", "孙女听起来是否大概十岁?", "大概十岁", traits.Child(), False),
        ("speaker_count", "Is there only a single speaker?", "single speaker", traits.SeveralSpeakers(), True),
        ("speaker_count", "Are there two speakers?", "two speakers", traits.SeveralSpeakers(), False),
        ("emotion", "Does the speaker sound furious?", "furious", traits.Arousal("angry", 1.0), False),
        ("emotion", "Does the speaker sound calm?", "calm", traits.Arousal("calm", -1.0), False),
        ("intonation", "Is the intonation monotone?", "monotone", traits.Intonation("flat"), False),
        ("timbre", "Is the voice raspy?", "raspy", traits.VoiceTimbre("raspy"), False),
        ("timbre", "Are the synth pads bright?", "bright", traits.SoundTimbre("bright"), False),
        ("timbre", "声音是否奶声奶气?", "奶声奶气", traits.Child(), False),
        ("clarity", "Is the speech mumbled?", "mumbling", traits.Clarity(), True),
        ("clarity", "吐字是否含含糊糊?", "含含糊糊", traits.Clarity(), True),
        ("clarity", "Does the audio sound muffled?", "muffled", traits.Muffled(), False),
        ("fluency", "Does the speaker stutter?", "stutters", traits.Fluent(), True),
        ("rate", "Are there long silences in the speech?", "long silences", traits.LongPause(), False),
        ("duration", "说完后是否停顿约两秒?", "停顿约两秒", traits.LongPause(2.0), False),
        ("duration", "时长是否约为十五秒?", "十五秒", kinds.Duration(15.0), False),
        ("duration", "Does it close with about three seconds of silence?", "", traits.FinalSilence(3.0), False),
        ("duration", "Does the rain continue throughout?", "throughout", traits.Continuous(), False),
        ("rhythm", "Are the hammer strikes in a regular rhythm?", "regular", traits.Rhythm("regular"), False),
        ("rhythm", "Are the knocks irregular?", "irregular", traits.Rhythm("regular"), True),
        ("rhythm", "Do the pings speed up?", "speed up", traits.Rhythm("accelerating"), False),
        ("rhythm", "Do the phones ring only occasionally?", "occasionally", traits.Continuous(), True),
        ("rhythm", "Is the music free of a steady beat?", "no steady beat", traits.SteadyBeat(), True),
        ("dynamics", "Does the music swell?", "swell", traits.LevelTrend("rising"), False),
        ("dynamics", "Is the music quiet?", "quiet", kinds.Loudness("quiet", "music"), False),
        ("dynamics", "音乐的音量是否低?", "音量低", kinds.Loudness("quiet", "music"), False),
        ("structure", "Does it end with a hard stop?", "hard stop", traits.AbruptEnd(), False),
        ("structure", "Does the song avoid ending with a fade?", "a fade", traits.LevelTrend("fade_out"), True),
        ("rate", "语速是否中等?", "中等", kinds.Rate("moderate"), False),
        ("style", "Is it a conversation between the speakers?", "conversation", traits.SeveralSpeakers(), False),
        ("style", "这段话是否是独白?", "独白", traits.SeveralSpeakers(), True),
        ("distance", "Does it sound right beside the listener?", "beside", kinds.Distance("near"), False),
        ("transition", "Does it end with a slow fade-out?", "fade-out", traits.LevelTrend("fade_out"), False),
        ("transition", "民乐是否淡入?", "淡入", traits.LevelTrend("fade_in"), False),
        ("transition", "Does the music stop abruptly?", "stops dead", traits.AbruptEnd(), False),
        ("transition", "Does the breeze move from right to left?", "right to left", traits.Panning("left"), False),
        ("volume", "音量是否没有忽大忽小?", "不要忽大忽小", traits.SteadyLevel(), False),
        ("volume", "音量是否适中?", "适中", traits.MediumLevel(), False),
        ("distance", "Does the train approach?", "approaches", traits.Moving("approaching"), False),
        ("production", "Does it come from the left?", "to the left", traits.Side("left"), False),
        ("production", "Is there hardly any bass?", "hardly any bass", traits.HeavyBass(), True),
        ("production", "Is the track free of distortion?", "not distorted", traits.Distorted(), True),
        ("recording", "Is the audio mono?", "mono", traits.Wide(), True),
        ("recording", "Does it sound like a phone line?", "phone line", traits.NarrowBand(), False),
        ("recording", "Is the recording of studio quality?", "studio quality", traits.HighQuality(), False),
        ("recording", "Does it sound lo-fi?", "lo-fi", traits.HighQuality(), True),
        ("recording", "Is there a lot of tape hiss?", "tape hiss", kinds.Noise(), False),
        ("overall", "Does the speech sound natural?", "natural", traits.HighQuality(), False),
    ],
)
def test_item_becomes_check(dimension: str, question: str, basis: str, check: object, negated: bool) -> None:
    assert ask(dimension, question, basis) == Asked(check, negated)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "what", "place"),
    [
        ("Is the music in the background?", kinds.MusicPresence(), "background"),
        ("Does the voice stay in the foreground?", kinds.SpeechPresence(), "foreground"),
        ("音乐是否在背景?", kinds.MusicPresence(), "background"),
    ],
)
def test_foreground_and_background_keep_what_they_are_about(question: str, what: object, place: str) -> None:
    asked = ask("level", question)
    assert isinstance(asked, Asked)
    assert asked.check == kinds.Prominence(what, place)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("dimension", "question", "words"),
    [
        ("age", "Does the speaker sound middle-aged?", "children and grown-ups"),
        ("age", "Does the woman sound older than the man?", "compares"),
        ("emotion", "Does the second speaker sound excited?", "several speakers"),
        ("emotion", "Does the speaker sound bored at the start?", "moment"),
        ("timbre", "Is the singer's voice husky?", "singing"),
        ("timbre", "Is the voice nasal?", "bright, dark"),
        ("accent", "Is the accent British?", "accents"),
        ("personality", "Does the speaker sound trustworthy?", "character"),
        ("structure", "Is there a bridge before the last chorus?", "parts of a piece"),
        ("rhythm", "Does the music have a swing feel?", "swing"),
        ("production", "Is the vocal free of autotune?", "craft of a mix"),
        ("duration", "Does the intro last eight bars?", "length"),
    ],
)
def test_limits_say_what_they_are(dimension: str, question: str, words: str) -> None:
    asked = ask(dimension, question)
    assert isinstance(asked, NotHeard)
    assert words in asked.reason


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("about two seconds of it", 2.0),
        ("停顿约半秒", 0.5),
        ("十五秒", 15.0),
        ("1.5 min", 90.0),
        ("大约一分钟", 60.0),
        ('"duration_sec": 6', 6.0),
        ("the second speaker", None),
        ("every few seconds", None),
    ],
)
def test_lengths_of_time_are_read(text: str, seconds: float | None) -> None:
    assert seconds_in(text) == seconds


@given(st.integers(1, 99))
def test_chinese_numbers_up_to_99(number: int) -> None:
    digits = "零一二三四五六七八九"
    tens, ones = divmod(number, 10)
    ten = ("" if tens == 1 else digits[tens]) + "十" if tens else ""
    assert number_of(ten + (digits[ones] if ones else "")) == number
