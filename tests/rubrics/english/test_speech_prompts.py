"""What English prompts for speech ask: who speaks, how, which words, and what must not be heard."""

from __future__ import annotations

import pytest

from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.expander import Expander


def claims(rules: Expander, caption: str) -> list[Claim]:
    return [item.claim for item in rules.expand(caption).items if item.claim is not None]


def values(rules: Expander, caption: str) -> set[tuple[str, str, bool]]:
    return {(claim.dimension, claim.value, claim.negated) for claim in claims(rules, caption)}


def questions(rules: Expander, caption: str) -> list[str]:
    return [item.question for item in rules.expand(caption).items]


def heard_at_all(rules: Expander, caption: str) -> bool:
    """Whether something was read, and not only the whole caption asked as it stands."""
    return any(claim.words != caption for claim in claims(rules, caption))


@pytest.mark.parametrize("place", ["environment", "setting", "surroundings"])
@pytest.mark.parametrize("quiet", ["clear", "quiet", "silent"])
def test_a_quiet_place_is_a_clean_recording(rules: Expander, quiet: str, place: str) -> None:
    asked = values(rules, f"A woman speaks slowly in a {quiet} {place}.")
    assert ("noise", "clean", False) in asked
    assert ("clarity", "clear", False) not in asked
    assert {("speaker_sex", "female", False), ("rate", "slow", False)} <= asked


@pytest.mark.parametrize("noun", ["pace", "speed", "rate", "tempo"])
@pytest.mark.parametrize("word", ["measured", "normal", "typical", "steady", "natural", "average"])
def test_a_middling_pace(rules: Expander, word: str, noun: str) -> None:
    for caption in (f"A man speaks at a {word} {noun}.", f"His speaking {noun} is {word}."):
        rates = {claim.value for claim in claims(rules, caption) if claim.dimension in {"rate", "tempo", "rhythm"}}
        assert rates <= {"moderate"}, caption
    assert ("rate", "moderate", False) in values(rules, f"A man speaks at a {word} {noun}.")


@pytest.mark.parametrize(
    "said",
    [
        'Yes, "The King\'s Speech" is popular.',
        '"That\'s right", approved the great Personage, over his double chin.',
        'He told me "never again" and left.',
    ],
)
def test_a_quotation_within_the_spoken_line_is_a_part_of_it(rules: Expander, said: str) -> None:
    found = claims(rules, f'A female speaks with a clear voice. "{said}"')
    assert [claim.words for claim in found if claim.dimension == "content"] == [said.strip('"')]
    assert {claim.value for claim in found if claim.dimension == "speaker_sex"} == {"female"}


def test_two_quoted_lines_stay_two(rules: Expander) -> None:
    found = claims(rules, 'A man says "stay right here" and a woman says "no, I will go".')
    assert [c.words for c in found if c.dimension == "content"] == ["stay right here", "no, I will go"]


@pytest.mark.parametrize("word", ["normal", "usual", "regular", "typical", "ordinary"])
def test_an_ordinary_voice_says_nothing(rules: Expander, word: str) -> None:
    asked = questions(rules, f"Please ask a woman with a {word} voice to say: The tide comes back at night.")
    assert len(asked) == 2
    assert not [question for question in asked if word in question]


@pytest.mark.parametrize(("name", "sex"), [("Boy", "male"), ("Girl", "female"), ("Man", "male"), ("Lady", "female")])
def test_a_speaker_named_by_one_word(rules: Expander, name: str, sex: str) -> None:
    asked = values(rules, f'{name} "THE DEPARTURE WAS NOT AT ALL AGREEABLE"')
    assert ("speaker_sex", sex, False) in asked
    assert not {dimension for dimension, _, _ in asked} - {"speaker_sex", "age", "content"}


@pytest.mark.parametrize("kind", ["speech", "talk", "lecture", "sermon", "presentation"])
def test_who_gives_a_speech_is_heard(rules: Expander, kind: str) -> None:
    asked = questions(rules, f"A woman gives a {kind} followed by applause")
    assert asked[0] == "Can you hear a woman speaking?"
    assert any("applause" in question for question in asked)


@pytest.mark.parametrize("noun", ["murmur", "whisper", "mutter"])
def test_low_of_what_is_said_under_the_breath_is_quiet(rules: Expander, noun: str) -> None:
    asked = values(rules, f"The speaker spoke in a low {noun}.")
    assert ("volume", "quiet", False) in asked
    assert ("pitch", "low", False) not in asked


@pytest.mark.parametrize("feeling", ["awe", "fear", "sadness", "joy", "grief", "panic", "tenderness", "contempt"])
def test_feelings_are_heard_in_a_voice(rules: Expander, feeling: str) -> None:
    asked = [q for q in questions(rules, f"A woman speaks slowly, her voice filled with {feeling}.") if feeling in q]
    assert len(asked) == 1
    assert asked[0].startswith(f"Can you hear {feeling} in the ")


@pytest.mark.parametrize("word", ["gravelly", "growly", "nasally"])
def test_adjectives_in_ly_stay_whole(rules: Expander, word: str) -> None:
    assert f"Does the voice sound {word}?" in questions(rules, f"A man speaks in a {word} voice.")


def test_each_verb_has_its_own_subject(rules: Expander) -> None:
    asked = values(rules, "Her speaking rate is steady, and her contemptuous voice has a high pitch.")
    assert {("rate", "moderate", False), ("pitch", "high", False), ("emotion", "disgusted", False)} <= asked


@pytest.mark.parametrize("quality", ["Studio quality", "Dry studio sound", "Close mic", "Clean recording"])
def test_no_reverb_beside_a_quality(rules: Expander, quality: str) -> None:
    assert any(dimension == "room" for dimension, _, _ in values(rules, f"A man speaks slowly. {quality}, no reverb."))


@pytest.mark.parametrize(
    ("denial", "question"),
    [
        ("Don't whisper.", "Is the speech free of whispering?"),
        ("He must not shout.", "Is the speech free of shouting?"),
        ("No emotion at all.", "Is the voice free of emotion?"),
        ("Avoid: vocal fry", "Is the voice free of vocal fry?"),
        ("No laughter, no warmth.", "Is the voice free of warmth?"),
        ("He never raises his voice.", "Is the voice never raised?"),
    ],
)
def test_what_must_not_be_heard(rules: Expander, denial: str, question: str) -> None:
    asked = {item.question: item for item in rules.expand(f"A man speaks slowly. {denial}").items}
    assert question in asked
    assert asked[question].negated
    assert {"Can you hear a man speaking?", "Is the speech slow?"} <= asked.keys()


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A woman speaks with long silences.", "Are there long silences in the speech?"),
        ("A woman speaks with a long pause.", "Is there a long pause in the speech?"),
        ("A woman speaks, leaving unhurried gaps between sentences.", "Are there unhurried gaps in the speech?"),
        ("A woman speaks slowly, pausing between sentences.", "Are there pauses in the speech?"),
        ("Two women arguing loudly.", "Can you hear the speakers arguing?"),
        ("A woman speaks, her energy is very high.", "Does the delivery have very high energy?"),
        ("A woman speaks. Energy: low to moderate", "Does the delivery have low to moderate energy?"),
        ("A woman speaks. Pitch: medium, steady", "Is the voice of medium pitch?"),
        ("A woman speaks as if holding back tears.", "Does the speaker sound as if holding back tears?"),
        ("A woman speaks. Voice velvety and hushed.", "Does the voice sound velvety?"),
    ],
)
def test_delivery(rules: Expander, caption: str, question: str) -> None:
    assert question in questions(rules, caption)


@pytest.mark.parametrize("energy", ["very high", "low", "high"])
def test_energy_is_no_pitch(rules: Expander, energy: str) -> None:
    for caption in (f"A man speaks, his energy is {energy}.", f"A man speaks.\nEnergy: {energy}"):
        dimensions = {claim.dimension for claim in claims(rules, caption)}
        assert "pitch" not in dimensions
        assert "style" in dimensions


@pytest.mark.parametrize(
    ("caption", "dry"),
    [
        ("Read it dry, at a brisk pace.", False),
        ("A woman speaks in a dry voice.", False),
        ("A man speaks, dry and unimpressed.", False),
        ("A man speaks. Dry recording.", True),
        ("A man speaks, dry and close-mic'd.", True),
        ("A man speaks, recorded bone dry.", True),
    ],
)
def test_dry_delivery_and_dry_room(rules: Expander, caption: str, dry: bool) -> None:
    assert (("room", "dry", False) in values(rules, caption)) == dry
    assert any(claim.words.endswith(("dry", "Dry", "dry voice")) for claim in claims(rules, caption))


@pytest.mark.parametrize(
    ("caption", "subset"),
    [
        ("Two kids arguing over who goes first", "speech"),
        ("An excited auctioneer calls bids at breakneck speed, single words only.", "speech"),
        ("a voice with a little vocal fry, fast and clipped", "speech"),
        ("a rapper over a trap beat", "music"),
    ],
)
def test_subset(rules: Expander, caption: str, subset: str) -> None:
    assert rules.expand(caption).subset == subset


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A flat female voice reading a list of names", "Can you hear the speaker reading a list of names?"),
        ("A man reads the news, unhurried and calm.", "Can you hear the speaker reading the news?"),
        ("She counts from one to five.", "Can you hear the speaker counting from one to five?"),
        ("Two kids arguing over who goes first", "Can you hear the speakers arguing over who goes first?"),
        (
            "A nurse tells a man gently that the hours are over.",
            "Can you hear the speaker saying that the hours are over?",
        ),
    ],
)
def test_what_is_said_without_being_quoted(rules: Expander, caption: str, question: str) -> None:
    assert question in questions(rules, caption)


@pytest.mark.parametrize("line", ["the following line", "this line", "it", "the words"])
def test_the_request_to_read_is_no_content(rules: Expander, line: str) -> None:
    asked = questions(rules, f'A man reads {line} slowly: "The tide comes back."')
    assert "Is the speech slow?" in asked
    assert not [question for question in asked if "reading" in question and "hear a man" not in question]


@pytest.mark.parametrize("answers", ["answers", "replies", "responds"])
@pytest.mark.parametrize(("first", "second"), [("woman", "man"), ("man", "girl"), ("boy", "woman")])
def test_who_answers_comes_after(rules: Expander, first: str, second: str, answers: str) -> None:
    for caption in (
        f'The old {first} says slowly, "Call me." The {second}, about eight, {answers} quickly, "I will."',
        f'A {first} says, "Call me." A beat later a {second} {answers}, "I will."',
        f"An older {first} with a shrill voice, and a {second} who {answers} in a tired tone.",
    ):
        orders = [claim for claim in claims(rules, caption) if claim.dimension == "order"]
        assert [(c.subject.words.split()[1], c.other.words.split()[1]) for c in orders if c.other] == [(first, second)]


@pytest.mark.parametrize(
    ("caption", "words"),
    [
        ("A man speaks, then another man replies", "another man replying"),
        ("A woman and another woman are talking", "another woman speaking"),
        ("The first man whispers. The second man shouts angrily.", "a second man shouting"),
    ],
)
def test_second_speaker_of_the_same_sex(rules: Expander, caption: str, words: str) -> None:
    told = [claim for claim in claims(rules, caption) if claim.dimension == "speaker_sex"]
    assert [claim.subject.which for claim in told] == [0, 2]
    assert told[1].words == words


@pytest.mark.parametrize("clause", ["A woman speaks softly to a patient.", "A woman softly tells a patient to wait."])
def test_a_person_is_no_trait(rules: Expander, clause: str) -> None:
    asked = values(rules, clause)
    assert not [dimension for dimension, _, _ in asked if dimension == "personality"]
    assert {("speaker_sex", "female", False), ("volume", "quiet", False)} <= asked


def test_a_basis_names_its_place(rules: Expander) -> None:
    caption = "An older woman with a shrill voice, and a man who answers in a tired tone."
    found = [item.basis for item in rules.expand(caption).items if item.dimension == "speaker_sex"]
    assert found == ["woman", "a man"]
    assert all(basis in caption for basis in found)


@pytest.mark.parametrize(
    "thing", ["a western trailer", "an audiobook scene of forty seconds", "a kids' audiobook", "an old recording"]
)
def test_things_have_no_age_that_is_heard(rules: Expander, thing: str) -> None:
    asked = values(rules, f"Make it sound like {thing}. A woman speaks slowly.")
    assert not [dimension for dimension, _, _ in asked if dimension == "age"]
    assert {("speaker_sex", "female", False), ("rate", "slow", False)} <= asked


@pytest.mark.parametrize(
    ("caption", "age"),
    [
        ("An old man speaks.", "old"),
        ("A weary woman, elderly and frail, speaks.", "old"),
        ("A young British narrator speaks.", "young"),
        ("A man around fifty speaks.", "middle_aged"),
        ("The voice of a child speaks.", "child"),
    ],
)
def test_people_have(rules: Expander, caption: str, age: str) -> None:
    assert ("age", age, False) in values(rules, caption)


@pytest.mark.parametrize(("adverb", "adjective"), [("gently", "amused"), ("warmly", "excited"), ("quietly", "furious")])
def test_an_adverb_grades_the_adjective_behind_it(rules: Expander, adverb: str, adjective: str) -> None:
    asked = questions(rules, f"A woman speaks, she sounds {adverb} {adjective}.")
    assert f"Does the speaker sound {adverb} {adjective}?" in asked
    assert len([question for question in asked if adjective in question or adverb.removesuffix("ly") in question]) == 1


@pytest.mark.parametrize("feeling", ["bitterness", "anger", "panic"])
def test_a_feeling_does_not_fade(rules: Expander, feeling: str) -> None:
    found = claims(rules, f"A man speaks in a calm tone. A {feeling} creeps in.")
    assert "transition" not in {claim.dimension for claim in found}
    assert any(feeling in claim.words for claim in found)


@pytest.mark.parametrize(
    "opening", ["Deliver the following", "Read this", "Voice this", "I need a character voice and"]
)
def test_a_request_for_a_voice_is_speech(rules: Expander, opening: str) -> None:
    rubric = rules.expand(f'{opening} like thunder: "Boots on, packs up, and go!"')
    assert rubric.subset == "speech"


@pytest.mark.parametrize("role", ["smoker", "preacher", "dispatcher", "teacher"])
def test_the_voice_of_a_role(rules: Expander, role: str) -> None:
    assert f"Does the speaker sound like a {role}?" in questions(rules, f"A man speaks slowly in a {role}'s voice.")


@pytest.mark.parametrize("how", ["Smooth, no filler words", "Calm, no shouting"])
def test_what_stands_in_front_of_a_denial_is_there(rules: Expander, how: str) -> None:
    asked = questions(rules, f"A man speaks. {how}.")
    first = how.partition(",")[0].lower()
    assert not [question for question in asked if first in question and ("free of" in question or " not " in question)]
    assert [question for question in asked if "free of" in question]


def test_neither_male_nor_female(rules: Expander) -> None:
    sexes = {
        (claim.value, claim.negated)
        for claim in claims(rules, 'A voice, neither clearly male nor female, says "I can see you".')
        if claim.dimension in {"speaker_sex", "clarity"}
    }
    assert sexes == {("androgynous", False)}


@pytest.mark.parametrize(("grown", "child"), [("woman", "girl"), ("man", "boy"), ("lady", "girl")])
def test_a_grown_up_and_a_child_of_one_sex_are_two(rules: Expander, grown: str, child: str) -> None:
    asked = questions(rules, f"A {grown} speaks followed by a {child} speaking faintly")
    assert f"Can you hear a {grown} speaking?" in asked
    assert f"Can you hear a {child} speaking?" in asked
    assert len(questions(rules, f"A {child} speaks. The {child} laughs, the {child} speaks slowly.")) < 6


def test_two_things_read_out_are_two(rules: Expander) -> None:
    asked = questions(rules, "A man reads the news in a calm tone. He describes the weather.")
    assert "Can you hear the speaker reading the news?" in asked
    assert "Can you hear the speaker describing the weather?" in asked


@pytest.mark.parametrize("noun", ["music", "speech", "murmur"])
def test_low_as_quiet(rules: Expander, noun: str) -> None:
    asked = values(rules, f"A man speaks slowly, low {noun} in the background.")
    assert "pitch" not in {dimension for dimension, _, _ in asked}
    assert ("rate", "slow", False) in asked


@pytest.mark.parametrize(
    ("caption", "never", "question"),
    [
        ("A man speaks, loud even on the loudest words.", "foreground", "Is the voice loud?"),
        ("A man speaks slowly, and music ducks under the host's voice.", "like a host", "Is the speech slow?"),
        ("One small voice, high and terrified, answers slowly.", "answers", "Does the speaker sound terrified?"),
        ("A man in a flat drawl says hello", "Drawl", "Is the intonation flat?"),
        (
            "He starts composed, but halfway through a bitterness creeps in.",
            "fade",
            "Does the speaker sound composed at the start?",
        ),
        ("A man speaks with every syllable punched.", "clear", "Is the intonation lively?"),
    ],
)
def test_words_that_only_look_like_claims(rules: Expander, caption: str, never: str, question: str) -> None:
    asked = questions(rules, caption)
    assert question in asked
    assert not [one for one in asked if never in one]


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("They never talk over each other.", "Do the speakers never talk over each other?"),
        ("They overlap now and then.", "Do the speakers talk over each other?"),
        ("Two speakers arguing: a woman who keeps interrupting", "Can you hear the speakers interrupting?"),
        ("A man with a high, reedy voice who hesitates", "Does the speech sound halting?"),
        ("A young guy, out of breath, stammering", "Does the speaker sound out of breath?"),
        ("A man speaks.\nvolume: quiet but never a whisper", "Is the voice quiet?"),
    ],
)
def test_speakers_together_and_by_themselves(rules: Expander, caption: str, question: str) -> None:
    assert question in questions(
        rules, caption if "speak" in caption or "guy" in caption else f"Two men talk. {caption}"
    )


def test_each_clause_is_denied_by_itself(rules: Expander) -> None:
    asked = values(rules, "The drums are not loud and the singer is never harsh.")
    assert {("instrument", "drums", False), ("vocals", "vocals", False)} <= asked
    assert not [dimension for dimension, _, negated in asked if negated and dimension in {"instrument", "vocals"}]
