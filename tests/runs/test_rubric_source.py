from __future__ import annotations

from pathlib import Path

import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.errors import ClipError, InputError
from audiojudge_cli.rubrics.files import FiledRubric, parse_items
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.runs.rubric_source import RubricSource


def clip(caption: str = "440 Hz", **fields: object) -> Clip:
    return Clip("a", Path("a.wav"), "a.wav", caption, **fields)  # type: ignore[arg-type]


def filed(name: str, *, identity: str = "", caption: str = "") -> FiledRubric:
    return FiledRubric(identity, caption, Rubric((RubricItem("other", name, ""),), "en", "sound"), 1)


def question(source: RubricSource, wanted: Clip) -> tuple[str, str]:
    rubric, maker = source.rubric(wanted)
    return maker.name, rubric.items[0].question


@pytest.fixture
def source(tone_judge):
    def make(*entries):
        return RubricSource(tone_judge.load_expander(), entries)

    return make


def test_the_row_comes_before_the_file_and_the_file_before_the_expander(source):
    own = ({"question": "Own?"},)
    both = source(filed("Filed?", caption="440 Hz"))
    assert question(both, clip(rubric=own)) == ("manifest", "Own?")
    assert question(both, clip()) == ("file", "Filed?")
    assert question(both, clip("loud")) == ("tones", "Is it loud?")


def test_a_line_about_another_caption_is_not_taken_by_its_id(source):
    entries = source(filed("Old?", identity="a", caption="an older caption"), filed("Right?", caption="440 Hz"))
    assert question(entries, clip()) == ("file", "Right?")


@pytest.mark.parametrize("fields", [{"identity": "a"}, {"identity": "a.wav"}, {"identity": "own-id"}])
def test_lines_are_found_by_id_and_by_file_name(fields, source):
    assert question(source(filed("Filed?", **fields)), clip(metadata={"id": "own-id"})) == ("file", "Filed?")


def test_the_fingerprint_of_a_given_rubric_follows_its_items(source):
    prints = {source().rubric(clip(rubric=({"question": q},)))[1].fingerprint for q in ("One?", "Two?", "One?")}
    assert len(prints) == 2


def test_an_empty_rubric_of_the_row_is_taken_at_its_word(source):
    rubric, maker = source().rubric(clip("", rubric=()))
    assert (rubric.items, maker.name) == ((), "manifest")


@pytest.mark.parametrize(
    ("wanted", "kind"), [(clip(""), "caption"), (clip(" \n"), "caption"), (clip(rubric=({"basis": "x"},)), "rubric")]
)
def test_what_cannot_be_asked_is_an_error_of_the_clip(wanted, kind, source):
    with pytest.raises(ClipError) as caught:
        source().rubric(wanted)
    assert caught.value.kind == kind


def test_one_id_with_two_rubrics_is_refused_and_a_repetition_is_not(source):
    with pytest.raises(InputError, match="lines 1 and 1 give a different rubrics"):
        source(filed("One?", identity="a"), filed("Two?", identity="a"))
    assert question(source(filed("One?", identity="a"), filed("One?", identity="a")), clip()) == ("file", "One?")


def test_a_file_about_other_clips_does_not_fit(source):
    assert source(filed("One?", identity="a")).fits([clip()])
    assert not source(filed("One?", identity="b", caption="other")).fits([clip()])


SAID = "Does the speaker say “hello there”?"


class TestTranscripts:
    @staticmethod
    def asked(source: RubricSource, wanted: Clip) -> tuple[str, list[str]]:
        rubric, maker = source.rubric(wanted)
        return maker.name, [item.question for item in rubric.items]

    def test_one_item_beside_those_of_the_caption(self, source):
        assert self.asked(source(), clip("loud", transcript="hello there")) == ("tones", ["Is it loud?", SAID])

    @pytest.mark.parametrize("caption", ["", " \n"])
    def test_alone_it_is_the_rubric_and_nothing_is_expanded(self, caption, source):
        wanted = clip(caption, transcript="hello there")
        assert source().is_given(wanted)
        assert self.asked(source(), wanted) == ("manifest", [SAID])

    def test_beside_a_caption_the_expander_is_asked(self, source):
        assert not source().is_given(clip("loud", transcript="hello there"))

    @pytest.mark.parametrize(("dimension", "more"), [("pitch", [SAID]), ("content", []), ("lyrics", [])])
    def test_a_rubric_about_content_stands_alone(self, dimension, more, source):
        own = ({"dimension": dimension, "question": "Own?"},)
        wanted = clip(rubric=own, transcript="hello there")
        assert self.asked(source(), wanted) == ("manifest", ["Own?", *more])
        entry = FiledRubric("a", "", Rubric(parse_items(own), "en", "speech"), 1)
        assert self.asked(source(entry), clip(transcript="hello there")) == ("file", ["Own?", *more])

    def test_a_rubric_by_caption_does_not_carry_the_words_of_another_clip(self, source):
        entries = source(filed("Filed?", caption="loud"))
        for line in ("one", "two"):
            assert self.asked(entries, clip("loud", transcript=line))[1] == [
                "Filed?",
                f"Does the speaker say “{line}”?",
            ]

    def test_the_fingerprint_follows_the_words(self, source):
        rows = [clip("", transcript=line) for line in ("one", "two", "one")]
        assert len({source().rubric(row)[1].fingerprint for row in rows}) == 2

    def test_mere_punctuation_leaves_nothing_to_ask(self, source):
        assert self.asked(source(), clip("", transcript="...")) == ("manifest", [])
