import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audiojudge_cli.rubrics.dimensions import NAMES
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.rubrics.rules import detect_language, detect_subset, load


def dims(rubric: Rubric) -> set[tuple[str, str]]:
    return {(item.dimension, item.basis) for item in rubric.items}


def asked(rubric: Rubric) -> list[str]:
    return [item.question for item in rubric.items]


@pytest.mark.parametrize(
    ("caption", "expected"),
    [
        (
            "A cat meows three times, then a door slams.",
            {("event", "A cat meows"), ("count", "three times"), ("event", "a door slams"), ("order", "then")},
        ),
        (
            "A calm waltz in G minor at 96 BPM.",
            {("mood", "calm"), ("key", "in G minor"), ("tempo", "96 BPM"), ("genre", "waltz")},
        ),
        ("Speaker: elderly woman\nSpeed: very slow\nAccent: Irish", {("age", "elderly"), ("rate", "very slow")}),
        ('{"voice": "young man, raspy", "pace": "fast"}', {("age", "young"), ("timbre", "raspy"), ("rate", "fast")}),
        ("cello, melancholic, slow, minor key", {("instrument", "cello"), ("tempo", "slow"), ("key", "minor key")}),
        ("一位年轻女性用粤语快速地说话", {("speaker_sex", "女性"), ("language", "粤语"), ("age", "年轻")}),
        ("海浪声，远处有海鸥", {("event", "海浪声"), ("event", "海鸥"), ("distance", "远处")}),
        ("Two women whisper in a cathedral.", {("speaker_count", "Two women"), ("style", "whisper")}),
        ("Speaker: maybe a robot", set()),
        ("Three seconds of silence.", {("duration", "Three seconds")}),
        ("A steady pure tone, no speech.", {("event", "pure tone"), ("component", "speech")}),
        ("0-4s: rain; 4-9s: thunder", {("order", "0-4s"), ("order", "4-9s"), ("event", "rain"), ("event", "thunder")}),
    ],
)
def test_claims_are_found(rules: Expander, caption: str, expected: set[tuple[str, str]]) -> None:
    found = dims(rules.expand(caption))
    assert expected <= found
    assert {dimension for dimension, _ in found} <= set(NAMES)


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A dog barking.", "Can you hear a dog barking?"),
        ("Birds chirping.", "Can you hear birds chirping?"),
        ("A dog barks, then a cow moos.", "Do you hear a dog barking before a cow mooing?"),
        ("A piano tune, no drums.", "Is the music free of drums?"),
        ("Music at about 120 BPM.", "Is the tempo about 120 BPM?"),
        ("A slow piano piece.", "Is the tempo slow?"),
        ('A man says "hello there".', "Does the speaker say “hello there”?"),
        ("A woman speaks in French.", "Is French spoken?"),
        ("钢琴曲，没有鼓", "是否没有鼓？"),
        ("一个女人说：“明天见。”", "是否说了“明天见。”？"),
        ("一个男人小声地说话。", "男人是否小声说话？"),
        ("一位男性用很小的声音说话。", "男声是否用很小的声音说话？"),
        ("女人轻声细语地说", "女人是否轻声细语说话？"),
        ("音量较低的男声", "男声的音量是否较低？"),
    ],
)
def test_questions_carry_the_captions_words(rules: Expander, caption: str, question: str) -> None:
    assert question in asked(rules.expand(caption))


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A toilet flushing; a moment later, a man coughing.", "Do you hear a toilet flushing before a man coughing?"),
        ("After the thunder, rain falls.", "Do you hear thunder before rain falling?"),
        ("A cat meows, preceded by a dog barking.", "Do you hear a dog barking before a cat meowing?"),
        ("A horn honks, and finally a door slams.", "Do you hear a horn honking before a door slamming?"),
        (
            "A cow mooing, with rain falling at the same time.",
            "Do you hear a cow mooing and rain falling at the same time?",
        ),
        ("While rain falls, a man speaks.", "Do you hear rain falling and a man speaking at the same time?"),
        ("A crow cawing over the sound of rain.", "Do you hear a crow cawing and rain at the same time?"),
        ("Frogs croaking over the rain.", "Do you hear frogs croaking and rain at the same time?"),
        ("A woman speaks over flute music.", "Do you hear a woman speaking and the flute music at the same time?"),
        ("雨声之后传来雷声", "雷声是否在雨声之后出现？"),
        ("先有雷声，同时有狗叫", "雷声和狗叫是否同时出现？"),
    ],
)
def test_relations_name_both_sounds(rules: Expander, caption: str, question: str) -> None:
    assert question in asked(rules.expand(caption))


@pytest.mark.parametrize(
    ("caption", "question"),
    [
        ("A tune with a steady drum beat.", "Does the drum beat sound steady?"),
        ("A woman speaks very slowly.", "Is the speech very slow?"),
        ("A whale calling underwater.", "Does the whale sound underwater?"),
        ("A man in his thirties speaks.", "Does the speaker sound like someone in their thirties?"),
        ("A man with crisp diction speaks.", "Is the voice clear?"),
        ("Phones ringing occasionally.", "Are the phones heard only now and then?"),
        ("Faint, distant thunder.", "Does the thunder sound distant?"),
        ("A dog barks at least twice.", "Is a dog barking heard at least 2 times?"),
        ("A woman speaks, never raising the voice; nobody talks.", "Is the audio free of speech?"),
        ("A door slams in an empty cathedral.", "Can you hear reverberation?"),
        ("Rain at the beach for ten seconds.", "Does rain last about 10 seconds?"),
        ("直升机从头顶掠过", "直升机的声音是否来自头顶？"),
        ("门铃响三声", "门铃是否正好响三声？"),
        ("用四川话念", "是否说四川话？"),
    ],
)
def test_questions_stand_on_their_own(rules: Expander, caption: str, question: str) -> None:
    assert any(question in text for text in asked(rules.expand(caption)))


@pytest.mark.parametrize(
    "caption",
    [
        "A church bell tolling before a rooster crowing, in that order.",
        "First a cat meowing, then a dog barking.",
        "While a cat meows, a dog barks at the same time.",
    ],
)
def test_a_pair_is_asked_about_once(rules: Expander, caption: str) -> None:
    assert sum(item.dimension in {"order", "simultaneity"} for item in rules.expand(caption).items) == 1


def test_no_question_is_asked_twice(rules: Expander) -> None:
    questions = asked(rules.expand("A man shouts. Then he shouts again, shouting loudly and loudly."))
    assert len(set(questions)) == len(questions)


def test_a_word_describes_the_noun_behind_it(rules: Expander) -> None:
    questions = asked(rules.expand("A deep-voiced man whispers over slow piano music."))
    assert {"Is the voice low-pitched?", "Is the tempo slow?"} <= set(questions)


def test_questions_in_another_language_keep_the_words(rules: Expander) -> None:
    assert "Is the speech slow?" in asked(rules.expand("她慢悠悠地说话", language="en"))
    assert any("barking dog" in text for text in asked(rules.expand("a barking dog", language="zh")))


@pytest.mark.parametrize(
    ("caption", "denied"),
    [
        ("Soft rain without thunder or wind.", {"thunder", "wind"}),
        ("Avoid insects, traffic or birds.", {"insects", "traffic", "birds"}),
        ("不要鼓，也没有吉他", {"鼓", "吉他"}),
    ],
)
def test_denials_reach_over_lists(rules: Expander, caption: str, denied: set[str]) -> None:
    negated = [item for item in rules.expand(caption).items if item.negated]
    assert {word for word in denied if any(word in item.question for item in negated)} == denied


def test_a_denial_ends_at_but(rules: Expander) -> None:
    items = rules.expand("No drums but a loud piano.").items
    assert {item.basis: item.negated for item in items}["piano"] is False


def test_quoted_words_are_no_claims(rules: Expander) -> None:
    items = rules.expand('A man says "the dog barks and the piano plays".').items
    assert {item.dimension for item in items} == {"speaker_sex", "content"}


@pytest.mark.parametrize(
    ("caption", "subset"),
    [
        ("A young woman speaks slowly with a British accent.", "speech"),
        ("Thunder and heavy rain.", "sound"),
        ("Upbeat funk with slap bass and brass.", "music"),
        ("A man narrates while a piano plays softly.", "mix"),
        ("用低沉的嗓音慢慢朗读", "speech"),
        ("欢快的钢琴曲", "music"),
    ],
)
def test_subset_is_detected(caption: str, subset: str) -> None:
    assert detect_subset(caption) == subset


@pytest.mark.parametrize(
    ("caption", "language"), [("a dog", "en"), ("一只狗在叫", "zh"), ("一只 dog 在 bark loudly", "mixed"), ("", "en")]
)
def test_language_is_detected(caption: str, language: str) -> None:
    assert detect_language(caption) == language


def test_empty_captions_have_no_items(rules: Expander) -> None:
    for caption in ("", "   ", "\n\t", "!!!", "\x00"):
        assert rules.expand(caption).items == ()


def test_given_subset_is_kept(rules: Expander) -> None:
    assert rules.expand("a slow voice", subset="music").subset == "music"


PIECES = (
    *(
        "a dog barks",
        "then",
        "slow",
        "piano",
        "no drums",
        "“quoted”",
        '"',
        "'",
        "120 BPM",
        "Tempo: fast",
        "远处",
        "雨声",
    ),
    *(
        "没有",
        "女声",
        "{",
        "}",
        "0-3s:",
        ",",
        ".",
        "，",
        "。",
        "\n",
        "🎵",
        "\u202eאבג",
        "\x07",
        "while",
        "twice",
        "—",
        "not",
    ),
)
WORDS = st.sampled_from(PIECES)
CAPTIONS = st.one_of(st.text(max_size=120), st.lists(WORDS, max_size=30).map(" ".join))


@settings(suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(CAPTIONS)
def test_every_basis_is_a_span_and_expansion_is_idempotent(caption: str) -> None:
    rules = load()
    rubric = rules.expand(caption)
    assert rubric == rules.expand(caption)
    for item in rubric.items:
        assert item.basis
        assert item.basis in caption
        assert item.dimension in NAMES
        assert item.question.endswith(("?", "？"))


SENTENCES = [
    "A dog barks twice.",
    "A young man whispers in German.",
    "The tempo is about 90 BPM.",
    "A distant siren wails.",
    "There are no drums.",
    "一位老奶奶在讲故事。",
    "远处有雷声。",
    '"Close the gate" is shouted by a woman.',
    "A cello plays in D minor.",
    "Rain falls on a tin roof.",
]


@settings(deadline=None)
@given(st.sampled_from(SENTENCES), st.sampled_from(SENTENCES))
def test_adding_a_sentence_removes_nothing(first: str, second: str) -> None:
    rules = load()
    before = {item.basis for item in rules.expand(first).items}
    after = {item.basis for item in rules.expand(f"{first} {second}").items}
    assert before <= after


@pytest.mark.parametrize(
    "caption",
    [
        "a" * 1_000_000,
        '"' * 20_000,
        "“" * 20_000,
        "'a " * 5_000,
        "a dog barks " * 2_500,
        "no no no " * 2_500,
        "{" * 20_000,
        "狗叫" * 10_000,
        "0-1s: " * 5_000,
        "Tempo: " * 5_000,
        "," * 50_000,
        "🎵\u202e\x00" * 10_000,
        "in the key of " * 2_500,
        "\n" * 100_000,
    ],
    ids=lambda caption: repr(caption[:8]),
)
def test_hostile_captions_are_bounded(rules: Expander, caption: str) -> None:
    rubric = rules.expand(caption)
    assert len(rubric.items) <= len(caption) // 3 + 1
    assert all(item.basis in caption for item in rubric.items[:50])


def test_time_grows_with_length_only(rules: Expander) -> None:
    """Work is counted, not timed: lines executed for twice the text stay near twice as many."""
    import sys

    def lines(caption: str) -> int:
        count = 0

        def trace(*_: object) -> object:
            nonlocal count
            count += 1
            return trace

        sys.settrace(trace)  # type: ignore[arg-type]
        try:
            rules.expand(caption)
        finally:
            sys.settrace(None)
        return count

    text = "A dog barks twice, then a slow piano plays in A minor; no drums. "
    lines(text)
    assert lines(text * 80) < 2.6 * lines(text * 40)


def test_fingerprint_is_stable(rules: Expander) -> None:
    assert rules.fingerprint == load().fingerprint
    assert rules.fingerprint.startswith("rules-")
    assert rules.name == "rules"
