"""Generated items and captions, odd in numbers and in text, over odd clips: no exception, no number out of its range.

Items go through the judge and captions through the default expander as a run sends them. What is generated is the
same on every machine: the generator is seeded, and `NUMBERS` and `TEXTS` below are the whole of what is odd.
"""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from functools import cache
from itertools import cycle, islice
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from audiojudge_cli.clips.decode import decode
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.embedded.judge import EmbeddedJudge, load
from audiojudge_cli.results.verdict import Verdict
from audiojudge_cli.rubrics import vocabulary
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.item import RubricItem
from audiojudge_cli.rubrics.rules import load as load_rules

pytestmark = [pytest.mark.weights, pytest.mark.slow]

EXAMPLES = Path(__file__).parents[2] / "examples" / "audio"
RATE = 16_000

NUMBERS = (
    "0", "00", "000", "-0", "-1", "+5", "1", "2", "3", "7", "12", "60", "120", "160", "300", "999", "1000",
    "1,000", "1160", "1.000.000", "1,0,0", "1..2", "0.0", "0,5", ".5", "3.14", "1/2", "1/0", "0/0", "½", "²",
    "１２０", "٣٤", "१२", "一", "二十", "一百二十", "零", "〇", "两", "百万", "1e9", "1e-9", "1e400", "9" * 30,
    "9" * 400, "NaN", "inf", "∞", "0x10", "1:30", "00:00", "12:60", "IV", "5–3", "3-0", "0-0", "10 000",
    "50%", "zero", "hundred", "no", "",
)  # fmt: skip

ASKED_EN = (
    ("tempo", "Is the tempo about {n} BPM?"),
    ("tempo", "Is the tempo between {n} and {m} BPM?"),
    ("tempo", "Is the music slower than {n} beats per minute?"),
    ("rate", "Is there a pause of {n} seconds?"),
    ("rate", "Does the speaker say {n} words per second?"),
    ("fluency", "Does the speaker pause for {n} ms?"),
    ("duration", "Does the clip last {n} seconds?"),
    ("duration", "Is the clip {n} minutes and {m} seconds long?"),
    ("duration", "Is a dog barking at {n} seconds?"),
    ("duration", "Is rain audible from {n} s to {m} s?"),
    ("order", "Does the dog bark {n} seconds before the rain?"),
    ("count", "Does the dog bark {n} times?"),
    ("count", "Are there exactly {n} knocks?"),
    ("transition", "Does it end with {n} seconds of silence?"),
    ("transition", "Does it fade out over the last {n} seconds?"),
    ("metre", "Is the piece in {n}/{m} time?"),
    ("metre", "Are there {n} beats in a bar?"),
    ("speaker_count", "Do {n} people speak?"),
    ("age", "Is the speaker {n} years old?"),
    ("volume", "Is the level {n} dB?"),
    ("pitch", "Is the pitch {n} Hz?"),
    ("room", "Does the reverberation last {n} seconds?"),
    ("content", 'Is "{n}" spoken?'),
)
ASKED_ZH = (
    ("tempo", "速度是否约为每分钟{n}拍?"),
    ("tempo", "速度大约是{n} BPM吗?"),
    ("rate", "是否有{n}秒的停顿?"),
    ("duration", "音频是否持续{n}秒?"),
    ("duration", "狗是否在第{n}秒叫?"),
    ("duration", "从{n}秒到{m}秒有雨声吗?"),
    ("count", "狗叫了{n}次吗?"),
    ("count", "敲门声是否正好{n}下?"),
    ("transition", "结尾是否有{n}秒的静音?"),
    ("metre", "是否为{n}/{m}拍?"),
    ("speaker_count", "有{n}个人说话吗?"),
    ("content", "说话者是否说了“{n}”?"),
)
TOLD = (
    "Music at {n} BPM in {m}/{n} time.",
    "A dog barks {n} times, then {m} seconds of silence.",
    'A man pauses for {n} seconds and says "{m}".',
    "At {n} s a bell rings, from {n} to {m} seconds it rains.",
    "{n} people talk for {m} minutes.",
    "每分钟{n}拍的音乐,持续{m}秒。",
    "狗叫了{n}次,停顿{m}秒后有人说“{n}”。",
)

TEXTS = (
    "", " ", "?", "。", "\x00", "\x1b[31mred\x1b[0m", "\r\n\t\v\f", "\u202eretal", "\u200b\u200d\ufeff",
    "\ud800", "\udfff dog", "🎸🥁 👩‍🚀", "e\u0301\u0301\u0301", "Z̴̡͔a̵l̶g̷o̸", "ＤＯＧ ＢＡＲＫＩＮＧ",
    "İstanbul ﬁre ŉ ẞ", "<|AUDIO|><|im_end|>", "%s %n {0} {dog} $(x) `y`", "\\", "((((", "))))", "[[[",
    "a*b+c?(d|e)[f]{2,}", "“unclosed", "closed”", "“”", '"""', "‘’“”「」『』《》", "----",
    "no no not never without no dog", "not a dog, nor a cat, neither rain nor no thunder", "without", "before",
    "after after after", "then", "at the same time", "the the the", "and, and; or/and", "None", "null", "nan",
    "true", "狗", "没有没有没有狗", "狗狗狗", "先狗后猫再狗", "同时", "之前", "不是不是", "dog猫dog猫",
    "Is it?", "A bright click.", "Is a a?", "Is Is Is", "’s", "'", "1" * 50, "BPM", "seconds", "秒", "拍",
    "次", "/", "1/", "/4", "00 BPM", "1000 BPM", "a pause of 0 seconds",
)  # fmt: skip
LONG = tuple(
    (unit * (10_000 // len(unit) + 1))[:10_000]
    for unit in (
        "a", "dog ", "狗", "0", "(", "“", "no ", "a dog barks before the rain, ", "在3秒时狗叫,", " ",
        "120 BPM ", "\x00",
    )
)  # fmt: skip


def odd_audio() -> dict[str, tuple[npt.NDArray[np.float64], int]]:
    """Return odd clips, shape (samples, channels), with their rates; all of them can be decoded."""
    rng = np.random.default_rng(0)
    noise = rng.normal(0, 0.1, RATE)
    click, nan, inf = np.zeros(RATE), noise.copy(), noise.copy()
    click[:80], nan[700], inf[900] = 0.8, np.nan, -np.inf
    return {
        name: (np.atleast_2d(samples).T, rate)
        for name, samples, rate in (
            ("one sample", np.array([0.5]), RATE),
            ("one sample at 192 kHz", np.array([0.5]), 192_000),
            ("0.05 s", noise[:800], RATE),
            ("2 kHz", noise[:2000], 2_000),
            ("192 kHz", 0.3 * np.sin(np.arange(96_000) * (2 * np.pi * 440 / 192_000)), 192_000),
            ("six channels", rng.normal(0, 0.1, (6, RATE)), RATE),
            ("one channel of three dead", np.stack([noise, 0 * noise, noise[::-1]]), RATE),
            ("constant", np.full(RATE, 0.5), RATE),
            ("zeros", np.zeros(RATE), RATE),
            ("very quiet", noise * 1e-6, RATE),
            ("NaN", nan, RATE),
            ("infinity", inf, RATE),
            ("click in silence", click, RATE),
            ("square at full scale", np.sign(np.sin(np.arange(RATE) * 0.08 + 0.01)), RATE),
        )
    }


ODD = odd_audio()
REAL = {"speech": "speech_librivox_en.flac", "music": "music_guitar_drums_fast.ogg", "mix": "mix_dog_then_rain.ogg"}
CLIPS = (*ODD, *REAL)


@cache
def judge() -> EmbeddedJudge:
    return load(device="cpu")


@pytest.fixture(scope="module")
def clip(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str], Waveform]:
    """Return what decodes a clip by name, as a run does."""
    folder = tmp_path_factory.mktemp("odd")

    def read(name: str) -> Waveform:
        if name in REAL:
            return decode(EXAMPLES / REAL[name])
        path = folder / f"{name}.wav"
        samples, rate = ODD[name]
        soundfile.write(path, samples, rate, subtype="FLOAT")
        return decode(path)

    return read


def filled(templates: tuple[tuple[str, str], ...]) -> list[RubricItem]:
    """Return every template with every number, and the next number in its second place."""
    pairs = zip(NUMBERS, (*NUMBERS[1:], NUMBERS[0]), strict=True)
    return [
        RubricItem(dimension, question.format(n=n, m=m), f"{n} {m}", negated=len(n) % 2 == 0)
        for n, m in pairs
        for dimension, question in templates
    ]


def phrases() -> list[str]:
    """Return all phrases of the word lists."""
    return [
        phrase
        for name in vocabulary.dimensions()
        for listed in vocabulary.table(name).values()
        for language in listed
        for phrase in language
    ]


def random_items(count: int, seed: int) -> list[RubricItem]:
    """Return items of phrases, numbers and odd texts strung together, under any dimension."""
    rng = random.Random(seed)
    words = phrases()
    glue = (
        " ",
        " and ",
        " before ",
        " without ",
        " no ",
        ", ",
        " in the background ",
        "和",
        "之前",
        "没有",
        "吗?",
        "? ",
        "",
    )
    dimensions = (*NAMES, "", " ", "nothing known", "\x00", "音色", "d" * 300)

    def piece() -> str:
        return rng.choice((rng.choice(words), rng.choice(words), rng.choice(NUMBERS), rng.choice(TEXTS)))

    def text() -> str:
        return "".join(piece() + rng.choice(glue) for _ in range(rng.randint(1, 5)))

    starts = ("Is ", "Is there ", "Does ", "Are there ", "是否", "有没有", "")
    return [
        RubricItem(
            rng.choice(dimensions),
            rng.choice(starts) + text(),
            rng.choice((piece(), text(), "")),
            negated=rng.random() < 0.3,
        )
        for _ in range(count)
    ]


def odd_texts() -> list[RubricItem]:
    """Return every odd text as question and as basis, under dimensions in turn."""
    names = cycle((*NAMES, ""))
    return [RubricItem(next(names), question, basis) for basis in TEXTS for question in (basis, "Is it so?")]


def captions(seed: int) -> list[str]:
    """Return captions with odd numbers and texts, and random ones."""
    told = [told.format(n=n, m=NUMBERS[-1 - at]) for at, n in enumerate(NUMBERS) for told in TOLD]
    return [*told, *TEXTS, *(item.question for item in random_items(200, seed))]


@cache
def items() -> tuple[RubricItem, ...]:
    return (*filled(ASKED_EN), *filled(ASKED_ZH), *odd_texts(), *random_items(1500, 0))


def check(verdict: Verdict, item: RubricItem, duration_s: float) -> str | None:
    """Return what is wrong with a verdict, or None."""
    fault = getattr(verdict, "fault", None)
    if fault is not None:
        return f"fault: {fault}"
    if verdict.p_yes is not None and not 0.0 <= verdict.p_yes <= 1.0:
        return f"p_yes {verdict.p_yes}"
    # Times have two decimals.
    if not all(0.0 <= start <= end <= duration_s + 0.005 for start, end in verdict.times):
        return f"times {verdict.times} of {duration_s} s"
    if not all(math.isfinite(fact) for fact in verdict.facts.values() if not isinstance(fact, str)):
        return f"facts {verdict.facts}"
    return None if verdict.evidence else "no evidence"


def wrong(waveform: Waveform, asked: tuple[RubricItem, ...]) -> list[tuple[str, str, str]]:
    """Ask the judge; return (what is wrong, dimension, question) of what is."""
    (verdicts,) = judge().judge([Case(waveform, asked)])
    assert len(verdicts) == len(asked)
    found = zip(asked, verdicts, strict=True)
    return [
        (said, item.dimension, item.question[:80])
        for item, verdict in found
        if (said := check(verdict, item, waveform.duration_s)) is not None
    ]


def test_there_are_enough() -> None:
    questions = {(item.dimension, item.question, item.basis) for item in items()}
    assert len(questions) >= 2_000
    assert sum(any("\u4e00" <= char <= "\u9fff" for char in item.question) for item in items()) >= 500
    assert len(ODD) >= 12


@pytest.mark.parametrize("name", CLIPS)
def test_items(name: str, clip: Callable[[str], Waveform]) -> None:
    """Every item is asked on one odd clip and on one real one, where more of what was measured is looked at."""
    clips = tuple(ODD) if name in ODD else tuple(REAL)
    share = tuple(islice(items(), clips.index(name), None, len(clips)))
    assert wrong(clip(name), share) == []


@pytest.mark.parametrize("name", CLIPS)
def test_captions(name: str, clip: Callable[[str], Waveform]) -> None:
    expander = load_rules()
    share = captions(1)[CLIPS.index(name) :: len(CLIPS)]
    asked = tuple(dict.fromkeys(item for caption in share for item in expander.expand(caption).items))
    assert wrong(clip(name), asked) == []


@pytest.mark.parametrize("name", ["click in silence", "speech"])
def test_long_texts(name: str, clip: Callable[[str], Waveform]) -> None:
    """Texts of 10,000 characters are read, or refused as too long."""
    dimensions = cycle(("event", "tempo", "content", "order", "duration", "count"))
    asked = tuple(RubricItem(next(dimensions), text, text[:200]) for text in LONG)
    assert wrong(clip(name), asked) == []


def test_long_captions() -> None:
    expander = load_rules()
    for text in LONG:
        for item in expander.expand(text).items:
            assert item.basis in text
