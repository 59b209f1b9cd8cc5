"""What a transcript asks for, and what it must not ask for."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.claim import Claim, Subject
from audiojudge_cli.rubrics.item import Rubric, RubricItem
from audiojudge_cli.rubrics.transcripts import content_item, transcript_rubric, with_transcript

LINE = "I heard a dog bark twice."


def rubric(*items: RubricItem) -> Rubric:
    return Rubric(items, "en", "speech")


def asked(item: RubricItem | None) -> str:
    assert item is not None
    return item.question


class TestItem:
    def test_english(self):
        assert content_item(LINE) == RubricItem(
            "content",
            "Does the speaker say “I heard a dog bark twice.”?",
            LINE,
            claim=Claim("content", words=LINE, subject=Subject("speaker", "the speaker")),
        )

    @pytest.mark.parametrize("line", ["你好，世界。", "今天天气很好，我们去公园吧"])
    def test_chinese(self, line):
        item = content_item(line)
        assert asked(item) == f"说话人是否说出“{line}”？"
        assert item is not None
        assert item.claim == Claim("content", words=line, subject=Subject("speaker", "说话人"))

    @pytest.mark.parametrize("line", ["Guten Tag, wie geht's?", "Привет", "こんにちは", "안녕하세요", "42"])
    def test_other_languages_are_asked_for_in_english(self, line):
        assert asked(content_item(line)) == f"Does the speaker say “{line}”?"

    @pytest.mark.parametrize("pair", ["“”", '""', "„“", "„”", "＂＂"])
    def test_quotation_marks_inside_do_not_end_the_quoted_words(self, pair):
        line = f"He said {pair[0]}go{pair[1]} and left"
        item = content_item(line)
        assert not set(asked(item).removeprefix("Does the speaker say “").removesuffix("”?")) & set('“”„"＂')
        assert item is not None
        assert item.claim is not None
        assert item.basis == item.claim.words == line

    def test_line_breaks_and_blanks_do_not_break_the_question(self):
        item = content_item("  one\n two\t three ")
        assert asked(item) == "Does the speaker say “one two three”?"
        assert item is not None
        assert item.basis == "one\n two\t three"

    @pytest.mark.parametrize("line", ["", " \n", "...", "—", "?!", "♪ ♪"])
    def test_nothing_is_asked_where_nothing_could_be_heard(self, line):
        assert content_item(line) is None
        assert transcript_rubric(line).items == ()
        assert with_transcript(rubric(), line, given=False) == rubric()

    def test_a_transcript_is_never_read_as_a_description(self):
        (item,) = transcript_rubric("No drums. A woman shouts: slow jazz at 90 BPM, then thunder.").items
        assert (item.dimension, item.negated) == ("content", False)

    @pytest.mark.parametrize(("subset", "found"), [(None, "speech"), ("mix", "mix"), ("music", "music")])
    def test_the_subset_is_speech_unless_the_row_says_other(self, subset, found):
        assert transcript_rubric(LINE, subset).subset == found

    def test_the_language_is_that_of_the_transcript(self):
        assert [transcript_rubric(line).language for line in (LINE, "你好世界")] == ["en", "zh"]


PITCH = RubricItem("pitch", "Is the pitch low?", "low")
TOPIC = RubricItem(
    "content", "Is the speech about dogs?", "about dogs", claim=Claim("content", "topic", LINE, Subject("speaker"))
)
SAME = [
    RubricItem("content", "Are the words spoken?", "“i HEARD a dog bark, twice”"),
    RubricItem("content", "?", "quote", claim=Claim("content", words="I heard a dog bark twice")),
]
OTHER = [
    RubricItem("content", "?", "“I heard a dog”"),
    RubricItem("content", "?", "quote", claim=Claim("content", words="I heard a cat bark twice.")),
    RubricItem("content", "Is this never said?", LINE, negated=True),
    RubricItem("event", "?", LINE),
    TOPIC,
]


class TestBesideOtherItems:
    @pytest.mark.parametrize("given", [True, False])
    def test_it_comes_last(self, given):
        assert with_transcript(rubric(PITCH), LINE, given=given) == rubric(PITCH, content_item(LINE))  # type: ignore[arg-type]

    @pytest.mark.parametrize("item", SAME)
    @pytest.mark.parametrize("given", [True, False])
    def test_the_same_words_are_not_asked_for_twice(self, item, given):
        assert with_transcript(rubric(PITCH, item), LINE, given=given) == rubric(PITCH, item)

    @pytest.mark.parametrize("item", OTHER)
    def test_other_items_of_a_caption_do_not_stand_in_for_it(self, item):
        assert with_transcript(rubric(item), LINE, given=False).items[1:] == (content_item(LINE),)

    @pytest.mark.parametrize("item", [item for item in OTHER if item.dimension == "content"])
    def test_a_person_who_wrote_about_content_is_taken_at_their_word(self, item):
        assert with_transcript(rubric(item), LINE, given=True) == rubric(item)

    def test_notes_language_and_subset_stay(self):
        before = Rubric((PITCH,), "zh", "mix", ("dropped one",))
        after = with_transcript(before, LINE, given=False)
        assert (after.language, after.subset, after.notes) == ("zh", "mix", ("dropped one",))
