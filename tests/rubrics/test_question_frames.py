"""Questions that others wrote, frame by frame: what they are read as, and what they must not be read as."""

import itertools

import pytest

from audiojudge_cli.judges.embedded.judge import claim_of
from audiojudge_cli.rubrics.claim import Claim
from audiojudge_cli.rubrics.english.asking import Related, related, statement
from audiojudge_cli.rubrics.item import RubricItem


def read(dimension: str, question: str, basis: str = "") -> Claim:
    claim = claim_of(RubricItem(dimension, question, basis))
    assert claim is not None, question
    return claim


ACTING = {
    "a dog barking": "dog_bark",
    "a door slamming": "door_slam",
    "a vacuum cleaner running": "vacuum_cleaner",
    "a chainsaw running": "chainsaw",
    "an owl hooting": "owl",
    "a rooster crowing": "rooster",
    "glass shattering": "glass_breaking",
    "water dripping": "drip",
    "a phone ringing": "telephone",
    "a clock ticking": "clock_tick",
    "a horn honking": "car_horn",
    "an engine revving": "engine",
    "a baby crying": "baby_cry",
}
PRESENT = ("Is {} audible?", "Is {}?", "Can you hear {}?", "Is there {}?", "Do you hear the sound of {}?")


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(PRESENT, ACTING)))
def test_what_somebody_or_something_does_is_one_event(frame: str, thing: str) -> None:
    claim = read("event", frame.format(thing))
    assert (claim.dimension, claim.value, claim.negated) == ("event", ACTING[thing], False)


@pytest.mark.parametrize("thing", ACTING)
def test_heard_between_a_thing_and_what_it_does_changes_nothing(thing: str) -> None:
    name, _, act = thing.rpartition(" ")
    claim = read("event", f"Is {name} heard {act}?")
    assert (claim.dimension, claim.value) == ("event", ACTING[thing])


DEEDS = {
    "a dog bark": "dog_bark",
    "a door slam": "door_slam",
    "glass shatter": "glass_breaking",
    "a phone ring": "telephone",
    "a cat meow": "cat_meow",
    "a whistle blow": "whistle",
}


@pytest.mark.parametrize("deed", DEEDS)
def test_does_asks_for_what_is_done(deed: str) -> None:
    claim = read("event", f"Does {deed}?")
    assert (claim.dimension, claim.value) == ("event", DEEDS[deed])


PLAYED = {"cymbals": "cymbal", "drums": "drums", "an acoustic guitar": "acoustic_guitar", "a piano": "piano"}
MADE = ("{be} {x} being hit?", "{be} {x} being played?", "{be} {x} playing?", "{be} there {x}?", "{be} {x} heard?")


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(MADE, PLAYED)))
def test_an_instrument_stays_one_whatever_is_done_to_it(frame: str, thing: str) -> None:
    be = "Are" if thing in {"cymbals", "drums"} else "Is"
    claim = read("instrument", frame.format(be=be, x=thing))
    assert (claim.dimension, claim.value) == ("instrument", PLAYED[thing])


SOUNDS = {
    "the man's voice": "male",
    "the applause": "applause",
    "the hitting sound": "impact",
    "the motorcycle": "motorcycle",
    "a car driving past": "car",
    "a door slamming shut": "door_slam",
    "the sound of the approaching train": "train",
    "footsteps": "footsteps",
    "a gong being struck": "gong",
    "thunder rumbling": "thunder",
}
ORDERED = {
    "Does {} come before {}?": True,
    "Does {} come right after {}?": False,
    "Does {} start before {}?": True,
    "Does {} happen after {}?": False,
    "Does {} occur before {}?": True,
    "Is {} heard before {}?": True,
    "Is {} followed by {}?": True,
    "Is {} preceded by {}?": False,
    "Does {} precede {}?": True,
    "Does {} follow {}?": False,
}
PAIRS = [(one, list(SOUNDS)[at - 1]) for at, one in enumerate(SOUNDS)]


@pytest.mark.parametrize(("frame", "pair"), list(itertools.product(ORDERED, PAIRS)))
def test_order_names_both_sounds_in_their_order(frame: str, pair: tuple[str, str]) -> None:
    claim = read("order", frame.format(*pair))
    assert claim.other is not None
    first, second = (claim.subject, claim.other) if ORDERED[frame] else (claim.other, claim.subject)
    assert claim.dimension == "order"
    assert (first.concept, second.concept) == (SOUNDS[pair[0]], SOUNDS[pair[1]])
    assert (first.words, second.words) == pair


TOGETHER = (
    "Do {} and {} overlap?",
    "Are {} and {} heard at the same time?",
    "Do {} and {} happen simultaneously?",
    "Is {} heard at the same time as {}?",
    "Does {} play while {}?",
    "Is {} heard during {}?",
)


@pytest.mark.parametrize(("frame", "pair"), list(itertools.product(TOGETHER, PAIRS[:6])))
def test_simultaneity_names_both_sounds(frame: str, pair: tuple[str, str]) -> None:
    claim = read("simultaneity", frame.format(*pair))
    assert claim.dimension == "simultaneity"
    assert claim.other is not None
    assert {claim.subject.concept, claim.other.concept} == {SOUNDS[pair[0]], SOUNDS[pair[1]]}


PLACED = {
    "Is {} heard first?": "start",
    "Does {} come last?": "end",
    "Is the first sound {}?": "start",
    "Is the last sound heard {}?": "end",
    "Does the clip begin with {}?": "start",
    "Does it end with {}?": "end",
}


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(PLACED, list(SOUNDS)[1:6])))
def test_first_and_last_are_places(frame: str, thing: str) -> None:
    claim = read("order", frame.format(thing))
    assert (claim.dimension, claim.place, claim.subject.concept) == ("order", PLACED[frame], SOUNDS[thing])
    assert claim.other is None


@pytest.mark.parametrize(
    "question",
    [
        "Does the ding come before the disclaimer?",
        "Is there silence after the shout?",
        "Do the strikes follow the plim?",
    ],
)
def test_order_of_what_nobody_knows_is_not_read_as_something_else(question: str) -> None:
    claim = read("order", question)
    assert claim.dimension == "order"
    assert not claim.value


@pytest.mark.parametrize("question", ["Is a dog barking?", "Does the dog bark twice?", "Is the last chord loud?"])
def test_other_questions_relate_nothing(question: str) -> None:
    assert related(question) is None


def test_what_stands_between_is_no_part_of_a_sound() -> None:
    told = related("Does the bark come right after the shot?")
    assert told == Related("the bark", "after", "the shot")


GIVEN = {
    ("vocals", "Is the singer male with a deep voice?"): ("speaker_sex", "male"),
    ("vocals", "Is the singer female?"): ("speaker_sex", "female"),
    ("vocals", "Is the vocalist male?"): ("speaker_sex", "male"),
    ("vocals", "Is the vocal whispered?"): ("style", "whisper"),
    ("timbre", "Is the singing raspy?"): ("timbre", "raspy"),
    ("vocals", "Is the music free of singing?"): ("vocals", "vocals"),
    ("vocals", "Is a choir singing?"): ("vocals", "choir"),
    ("vocals", "Is there singing?"): ("vocals", "vocals"),
    ("volume", "Is the speaker shouting?"): ("style", "shout"),
    ("timbre", "Does the narrator sound warm?"): ("emotion", "tender"),
    ("speaker_sex", "Is the speaker male?"): ("speaker_sex", "male"),
    ("speaker_sex", "Is the narrator a woman?"): ("speaker_sex", "female"),
    ("accent", "Is the accent American?"): ("accent", "american"),
    ("accent", "Is the accent British?"): ("accent", "british"),
    ("emotion", "Does the speaker sound delighted?"): ("emotion", "happy"),
    ("emotion", "Does the woman sound panicked?"): ("emotion", "afraid"),
    ("genre", "Is this hip-hop?"): ("genre", "hip_hop"),
    ("genre", "Is the music drum and bass?"): ("genre", "drum_and_bass"),
    ("tempo", "Is the tempo medium?"): ("tempo", "moderate"),
}


@pytest.mark.parametrize("asked", GIVEN)
def test_what_a_question_takes_for_granted_is_not_its_answer(asked: tuple[str, str]) -> None:
    claim = read(*asked)
    assert (claim.dimension, claim.value) == GIVEN[asked]
    assert claim.negated == ("free of" in asked[1])


SAID = {"distant": ("distance", "distant"), "close": ("distance", "close"), "faint": ("intensity", "soft")}
THINGS = {
    "siren": "siren",
    "rain": "rain",
    "thunder": "thunder",
    "footsteps": "footsteps",
    "church bell": "church_bell",
}


@pytest.mark.parametrize(("thing", "said"), list(itertools.product(THINGS, SAID)))
def test_an_attribute_belongs_to_what_is_asked_about(thing: str, said: str) -> None:
    dimension, value = SAID[said]
    many = thing == "footsteps"
    for question in (
        f"{'Do' if many else 'Does'} the {thing} sound {said}?",
        f"{'Are' if many else 'Is'} the {thing} {said}?",
    ):
        claim = read(dimension, question)
        assert (claim.dimension, claim.value, claim.subject.concept) == (dimension, value, THINGS[thing])


@pytest.mark.parametrize("name", ["the announcer", "the narrator", "the boy"])
def test_who_speaks_is_no_answer_to_how(name: str) -> None:
    claim = claim_of(RubricItem("emotion", f"Does {name} sound zorbed?", ""))
    assert claim is None


@pytest.mark.parametrize(
    ("dimension", "question", "value"),
    [
        ("event", "Is the recording free of thunder?", "thunder"),
        ("event", "Is the church bell absent?", "church_bell"),
        ("event", "Are there no screams?", "screaming"),
        ("instrument", "Are there no drums?", "drums"),
        ("instrument", "Is the music without drums?", "drums"),
        ("component", "Is there no music?", "music"),
    ],
)
def test_what_must_be_absent_is_denied(dimension: str, question: str, value: str) -> None:
    claim = read(dimension, question)
    assert (claim.value, claim.negated) == (value, True)


LONG = {"about 20 seconds": "about", "more than 5 seconds": "more", "less than 10 seconds": "less"}


@pytest.mark.parametrize(
    ("frame", "amount"),
    list(itertools.product(["Does it last {}?", "Is it {} long?", "Does the audio last {}?"], LONG)),
)
def test_lengths_keep_their_number(frame: str, amount: str) -> None:
    claim = read("duration", frame.format(amount))
    assert (claim.dimension, claim.unit, claim.comparator) == ("duration", "s", LONG[amount])
    assert claim.number == float(amount.split()[-2])


TIMES = {"exactly three times": ("exactly", 3), "at least twice": ("at_least", 2), "only once": ("exactly", 1)}


@pytest.mark.parametrize("often", TIMES)
def test_counts_keep_number_and_subject(often: str) -> None:
    claim = read("count", f"Does the dog bark {often}?")
    assert (claim.dimension, claim.comparator, claim.number) == ("count", *TIMES[often])
    assert claim.subject.concept == "dog_bark"


@pytest.mark.parametrize(
    ("question", "value"),
    [("Does the man sound younger than the woman?", "young"), ("Is the woman older than the man?", "old")],
)
def test_a_comparison_names_both(question: str, value: str) -> None:
    claim = read("age", question)
    assert (claim.value, claim.comparator) == (value, "more")
    assert claim.other is not None
    assert {claim.subject.concept, claim.other.concept} == {"male", "female"}


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("Is a dog heard barking?", "a dog barking"),
        ("Does the siren sound distant?", "the siren sounds distant"),
        ("Is the accent American?", "the accent is American"),
        ("Is the hum subtle?", "the hum is subtle"),
        ("Is the guitar palm-muted?", "the guitar is palm-muted"),
        ("Is there no rain?", "some rain"),
        ("Does the fan hum run from start to finish?", "the fan hum runs from start to finish"),
        ("Is the coin sparkle tiny?", "the coin sparkle is tiny"),
        ("Does a baby cry?", "a baby cries"),
        ("Does the phone ring exactly twice?", "the phone rings exactly twice"),
        ("Does a door creak open?", "a door creaks open"),
        ("Does the guest laugh at her own jokes?", "the guest laughs at her own jokes"),
        ("Is the voice barely audible?", "the voice is barely audible"),
        ("Is the clock quieter than the typing?", "the clock is quieter than the typing"),
        ("Two knocks?", "Two knocks"),
        ("", ""),
        ("Is?", "Is"),
        ("Is the?", "the"),
    ],
)
def test_a_question_becomes_what_it_asks_for(question: str, text: str) -> None:
    assert statement(question).text == text


def test_long_questions_are_read_in_bounded_time() -> None:
    for piece in ("is heard before ", "Does the ", "and at the same time ", "heard "):
        related((piece * 2000)[:2000])
        statement((piece * 2000)[:2000])


ABSENT = (
    "Is there no {}?",
    "Does the recording contain no {}?",
    "Is there an absence of {}?",
    "Does the audio lack {}?",
    "Is {} absent?",
    "Is {} not heard?",
    "Are no sounds of {} heard?",
    "Is the clip without {}?",
)
CONTAINED = (
    "Does the clip contain {}?",
    "Does the audio include {}?",
    "Does the recording feature {}?",
    "Can {} be heard?",
)
HEARABLE = {
    "thunder": "thunder",
    "water flowing": "water",
    "goat bleating": "goat",
    "chainsaw revving": "chainsaw",
    "birdsong": "bird",
    "crackling fire": "fire",
    "sirens": "siren",
}


@pytest.mark.parametrize(("frame", "thing"), list(itertools.product(ABSENT + CONTAINED, HEARABLE)))
def test_presence_and_absence_keep_the_sound_and_the_direction(frame: str, thing: str) -> None:
    claim = read("event", frame.format(thing))
    assert (claim.dimension, claim.value, claim.negated) == ("event", HEARABLE[thing], frame in ABSENT)


@pytest.mark.parametrize("but", ["other than the bowl", "besides the bowl", "except the bowl", "apart from the bowl"])
def test_what_is_excepted_is_not_asked_for(but: str) -> None:
    assert claim_of(RubricItem("event", f"Is the audio free of any sound {but}?", "bowl")) is None


@pytest.mark.parametrize(
    ("dimension", "question", "value"),
    [
        ("room", "Is there no reverb tail?", "dry"),
        ("noise", "Is there no background noise between the lines?", "clean"),
    ],
)
def test_a_value_that_denies_by_itself_is_denied_once(dimension: str, question: str, value: str) -> None:
    claim = read(dimension, question)
    assert (claim.value, claim.negated) == (value, False)
