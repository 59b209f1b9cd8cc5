"""Every template of questions can be filled in, and what is denied is asked as denied."""

from __future__ import annotations

import re
from dataclasses import replace
from string import Formatter

import pytest

from audiojudge_cli.rubrics import chinese, english
from audiojudge_cli.rubrics.chinese import wording as in_chinese
from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.english import wording as in_english
from audiojudge_cli.rubrics.templates import chosen, templates

CLAIM = Claim("event", "dog_bark", "a dog barking", Subject("sound", "the dog", "dog_bark"))
SLOTS = {"english": in_english.Slots(CLAIM), "chinese": in_chinese._slots(CLAIM, "狗叫")}
# How a denied question says so.
DENIES = re.compile(r"\b(?:not|never|no|free of|unlike)\b")


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_every_slot_of_every_template_is_known(language: str) -> None:
    for key, rows in templates(language)[0].items():
        for pattern, asked in rows:
            slots = {name for _, name, _, _ in Formatter().parse(asked) if name}
            assert slots <= SLOTS[language].keys() | pattern.groupindex.keys(), (key, asked)


@pytest.mark.parametrize("language", ["english", "chinese"])
def test_every_key_is_about_a_dimension(language: str) -> None:
    for key in templates(language)[0]:
        assert re.split(r"[#/:@+]", key.removeprefix("-"))[0] in {*NAMES, ""}, key


def test_rows_are_tried_from_the_first_key_on_and_tell_what_their_groups_found() -> None:
    rows = {"b": [(re.compile("^x (?P<x>.+)"), "one")], "a": [(re.compile("^z"), "two"), (re.compile(""), "three")]}
    assert chosen(rows, ["b", "a"], "x y") == ("b", "one", {"x": "y"})
    assert chosen(rows, ["b", "a"], "z") == ("a", "two", {})
    assert chosen(rows, ["b", "a"], "w") == ("a", "three", {})
    assert chosen(rows, ["c"], "w") is None


CLAIMS = [
    *(Claim(name, words="a low hum", subject=Subject("sound", "the fan")) for name in ("event", "scene", "genre")),
    *(Claim(name, words="choir", subject=Subject("vocals", "the choir")) for name in ("vocals", "speaker_sex")),
    *(Claim(name, words=words) for name, words in (("tempo", "medium fast"), ("structure", "a bridge"))),
    *(Claim(name, words="warm", subject=Subject("speaker", "the man")) for name in ("emotion", "timbre", "style")),
    *(Claim("content", value, "the sea is calm", Subject("speaker", "he")) for value in ("", "topic", "word")),
    *(Claim("recording", value, value) for value in ("live", "mono", "stereo", "degraded")),
    Claim("instrument", "solo", "solo", Subject("instrument", "the cello", "cello")),
    Claim("speaker_count", "two", "two people", Subject("speaker", "the speakers")),
    Claim("count", "", "twice", Subject("sound", "the bell"), comparator="exactly", number=2, unit="times"),
    Claim("tempo", "", "120 BPM", Subject("music"), comparator="about", number=120, unit="bpm"),
    Claim("order", "then", subject=Subject("sound", "a bark"), other=Subject("sound", "a meow")),
    Claim("simultaneity", "while", subject=Subject("sound", "a bark"), other=Subject("sound", "a meow")),
]


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: f"{claim.dimension}-{claim.value}")
def test_what_is_denied_is_asked_as_denied(claim: Claim) -> None:
    plain, denied = english.question(claim, ""), english.question(replace(claim, negated=True), "")
    assert plain
    assert not DENIES.search(plain)
    assert DENIES.search(denied)
    assert chinese.question(claim, claim.words) != chinese.question(replace(claim, negated=True), claim.words)
