"""Speakers and singers: what a noun tells of sex, age and role, and whether it is heard."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING

from audiojudge_cli.rubrics.claim import Claim, Kind, Subject
from audiojudge_cli.rubrics.english.forms import decapitalised, gerund, is_mass, is_plural, with_article
from audiojudge_cli.rubrics.english.sentence import Hit, Sentence, is_word, joined, noun_phrase
from audiojudge_cli.rubrics.english.thing import ROLE_ENDINGS, Thing
from audiojudge_cli.rubrics.stems import stem
from audiojudge_cli.rubrics.vocabulary import index
from audiojudge_cli.rubrics.word_class import dimension_nouns, word_class

if TYPE_CHECKING:
    from spacy.tokens import Token

_MANNER = frozenset({"style", "clarity", "fluency", "volume", "rate", "emotion", "intonation"})


_NEUTRAL_SEX: frozenset[str] = frozenset({"person", "someone", "people"})


def _doing(verb: Token) -> str:
    done = verb.lower_.endswith("ing") and len(verb.text) > len("bring")  # not "people sing"
    return str(verb.lower_) if done else gerund(verb.lemma_.lower())


def voice_of(sentence: Sentence, verb: Token, subject: Token | None, *, sung: bool) -> Thing | None:
    """Return the voice that a verb of speaking or singing names, with what it claims."""
    kind: Kind = "vocals" if sung else "speaker"
    if subject is None:
        heard = verb.tag_ == "VBG" or sentence.segment.context == "music"
        if not sung:  # not "answered by another"; "says slowly": whose voice, the sentence before tells
            answers = verb.tag_ in {"VB", "VBD"} or (verb.tag_ == "VBN" and verb.dep_ != "ROOT")
            heard = not answers and sentence.segment.context != "speech"
        if not heard and not (sung and sentence.segment.context == "speech"):
            return None
        value = "vocals" if sung else "speech"
        words = verb.lower_ if verb.tag_ == "VBG" else gerund(verb.lemma_.lower())
        referent = Subject(kind, "the voice")
        claim = Claim("vocals" if sung else "component", value, words, referent, negated=verb.i in sentence.denied)
        return Thing(referent, verb.i, {verb.i}, verb.i, [claim])
    if subject.pos_ == "PRON" and subject.lemma_.lower() in PERSONAL:
        return Thing(Subject(kind), subject.i, {subject.i}, verb.i)  # who it is, another sentence says
    thing = voice_named(sentence, subject, sung=sung, verb=verb)
    thing.verb = verb.i
    return thing


PERSONAL = frozenset({"he", "she", "they", "it", "we", "i", "you"})


_QUALITIES = frozenset({"accent", "tone", "delivery"})


def voice_named(sentence: Sentence, noun: Token, *, sung: bool, verb: Token | None = None) -> Thing:
    """Return the speaker or singer that a noun names: what it tells of sex and age, else that somebody is heard."""
    phrase = noun_phrase(noun)
    members = _members(noun)
    sex, sexed = _told_sex(sentence, noun, phrase + members)
    aged = {t.i for t in phrase if "age" in _senses(sentence, t) and not _is_owner(noun, t)}
    age = _senses(sentence, sentence.doc[min(aged)])["age"] if aged else ""
    name = " ".join([_bare_name(sentence, noun), *(t.text for t in members)])
    bare = f" {'singer' if sung else 'voice'}" if noun.lemma_.lower() in {"male", "female"} else ""
    called = f"the {name}{bare}" if noun.pos_ != "PRON" else "the speaker"
    order = "" if sung else next((word for t in phrase if (word := _ANOTHER.get(t.lower_))), "")
    if order:
        one = "another" if noun.tag_ in {"NN", "NNP"} and noun.lower_ != "people" else "other"
        called, name = f"the {order} {name}", f"{one if order == 'other' else order} {name}"
    referent = Subject("vocals" if sung else "speaker", called, sex or age, 2 if order else 0)
    denied = noun.i in sentence.denied or (verb is not None and verb.i in sentence.denied)
    spoken = _heard_as(noun, name, verb, sung=sung, acting=sentence.segment.context == "sound")
    own = {noun.i} | ({verb.i} if verb is not None else set())
    listed: list[tuple[Claim, set[int]]] = []
    named = [_senses(sentence, t)["vocals"] for t in phrase if "vocals" in _senses(sentence, t)]
    if sung and (named or is_word(noun, "singer_nouns") or not sex or verb is not None):
        value = named[-1] if named else "vocals"
        listed.append((Claim("vocals", value, _sung_as(noun, name, verb), referent, negated=denied), own))
    if sex and (noun.pos_ != "ADJ" or not denied):
        sampled = noun.lemma_ == "sample"  # which need not sing
        words = spoken if not sung else ""
        words = with_article(name, countable=_counted(noun, name)) if denied or sampled else words
        listed.append((Claim("speaker_sex", sex, words, referent, negated=denied), sexed))
    elif not sung and sentence.segment.context != "speech" and not age and verb is not None and not sex:
        plural = noun.tag_ in {"NNS", "NNPS"} or noun.lower_ in {"people", "crowd"}
        value = "conversation" if plural and verb.lemma_ in {"converse", "chat", "discuss"} else "speech"
        listed.append((Claim("event", value, spoken, Subject("sound", f"the {name}", value), negated=denied), own))
    if _is_speech(sentence, noun) and not (denied or listed or age or sung):
        spoken = spoken if noun.lemma_ == "voice" else spoken.removeprefix("a ")
        listed.append((Claim("component", "speech", spoken, referent), own))
    if denied and not sex and not sung and not listed and _is_refused(noun):
        listed.append((Claim("component", "speech", name, referent, negated=True), own))
    if not denied:
        listed += _register_told(sentence, noun, referent) if sung else _role_told(sentence, phrase, referent)
        if age and age != "adult":
            heard = sentence.segment.context == "sound" and verb is not None and not sex
            listed.append((Claim("age", age, spoken if heard else _age_words(sentence, phrase), referent), aged))
    tokens = {t.i for t in phrase}
    if listed:
        tokens = {noun.i} | sexed | _used_up(sentence, noun, phrase, verb)
    return Thing(referent, noun.i, tokens, -1, [c for c, _ in listed], spoken, [rests for _, rests in listed])


def tells_sex(sentence: Sentence, noun: Token) -> bool:
    """Return whether a noun phrase tells the sex of a voice."""
    return _told_sex(sentence, noun, noun_phrase(noun))[0] != ""


def _sung_as(noun: Token, name: str, verb: Token | None) -> str:
    """Return a singing voice as a question names it; its sex is another question."""
    if verb is not None:
        return _doing(verb)
    plain = " ".join(word for word in name.split() if _own_sex(word) not in {"male", "female"}) or "voice"
    plain = noun.lower_ if noun.lower_ == "singing" else plain
    return "vocals" if plain == "vocal" else with_article(plain, countable=_counted(noun, plain) and not is_mass(plain))


def _is_speech(sentence: Sentence, noun: Token) -> bool:
    """Whether a noun says by itself, among sounds, that somebody speaks: "muffled conversation", not "his voice"."""
    named = sentence.segment.context == "sound" and noun.lemma_.lower() in {
        "speech",
        "conversation",
        "dialogue",
        "voice",
    }
    return named and noun.dep_ in {"pobj", "conj", "ROOT", "nsubj", "appos", "npadvmod"} and _is_refused(noun)


def _members(noun: Token) -> list[Token]:
    """Return of whom a group is: "of men" in "a group of men"."""
    if noun.lemma_.lower() not in {"group", "crowd", "pair", "couple", "number", "audience"}:
        return []
    within = next((c for c in noun.rights if c.lower_ == "of" and c.i == noun.i + 1), None)
    people = next((c for c in within.rights if c.dep_ == "pobj"), None) if within is not None else None
    return [within, *noun_phrase(people)] if within is not None and people is not None else []


def _senses(sentence: Sentence, token: Token) -> Mapping[str, str]:
    hit = sentence.at.get(token.i)
    return hit.senses if hit is not None else {}


def _is_owner(noun: Token, token: Token) -> bool:
    """Whether a token only tells whose a thing is: not "a man's" in "a man's voice", which tells the voice's sex."""
    return token.dep_ == "poss" and noun.lemma_.lower() not in {"voice", "speech", "delivery"}


def _told_sex(sentence: Sentence, noun: Token, phrase: list[Token]) -> tuple[str, set[int]]:
    """Return the sex that a noun phrase tells, and the token that tells it."""
    for token in phrase:
        if token.i in sentence.at and not _is_owner(noun, token):
            told = _senses(sentence, token).get("speaker_sex", "") or _own_sex(token.lower_)
            if told == "androgynous":
                return told, set(range(sentence.at[token.i].first, sentence.at[token.i].last + 1))
            if told in {"male", "female"}:
                return told, {token.i}
    return "", set()


_ANOTHER = {"another": "other", "second": "second", "other": "other"}
"""Words for a second speaker, by how questions name him or her."""


_NO_PERSONS = frozenset({"voice", "male", "female", "speaker", "narrator"})


def _counted(noun: Token, name: str) -> bool:
    return noun.pos_ != "PRON" and not is_plural(name) and noun.tag_ not in {"NNS", "NNPS"}


def _heard_as(noun: Token, name: str, verb: Token | None, *, sung: bool, acting: bool) -> str:
    """Return a voice as a question names it: "a woman speaking", "a male voice"."""
    who = with_article(name, countable=_counted(noun, name))
    telling = verb is not None and verb.lemma_ not in word_class("verbs_with_words")
    doing = _doing(verb) if verb is not None and telling else ("singing" if sung else "speaking")
    if is_word(noun, "person_nouns") and noun.lemma_.lower() not in _NO_PERSONS:
        return f"{who} {doing}"
    if noun.lemma_.lower() in {"male", "female"}:
        return f"{who} {doing}" if acting and verb is not None else f"{who} voice"
    return who


def _is_refused(noun: Token) -> bool:
    """Whether a denied noun says that nobody speaks: "no voices", not "never raises his voice"."""
    owned = any(child.dep_ == "poss" or child.lower_ in {"the", "this"} for child in noun.lefts)
    return not owned and noun.lemma_.lower() not in _QUALITIES


def _role_told(sentence: Sentence, phrase: list[Token], referent: Subject) -> list[tuple[Claim, set[int]]]:
    """Return the manner of a role such as "narrator" or "radio host"."""
    role = next((token for token in phrase if _is_role(sentence, token)), None)
    if role is None:
        return []
    told = sentence.at[role.i]
    words = with_article(joined(sentence.doc[told.first : told.last + 1]).lower(), countable=role.tag_ == "NN")
    return [(Claim("style", told.senses["style"], words, referent), set(range(told.first, told.last + 1)))]


def _register_told(sentence: Sentence, noun: Token, referent: Subject) -> list[tuple[Claim, set[int]]]:
    """Return how high somebody sings whom a noun calls by it: a contralto sings low."""
    height = _senses(sentence, noun).get("pitch", "medium")
    return [] if height == "medium" else [(Claim("pitch", height, noun.lower_, referent), {noun.i})]


def _used_up(sentence: Sentence, noun: Token, phrase: list[Token], verb: Token | None) -> set[int]:
    """Return the tokens that nothing else is read from once a voice is named."""
    used = {t.i for t in phrase if _senses(sentence, t).keys() & {"age", "speaker_sex"}}
    if verb is not None and not _senses(sentence, verb).keys() & _MANNER:
        used.add(verb.i)
    for child in noun.rights:  # "a crowd of people": they are the crowd
        if child.dep_ == "prep" and child.lower_ == "of":
            used |= {t.i for t in child.subtree if t.dep_ in {"prep", "pobj", "det"} and t.i - noun.i < 4}
    return used


@cache
def _own_sex(word: str) -> str:
    """Return the sex that a word tells inside a longer phrase ("little girl")."""
    return dict(index(("speaker_sex",)).english.get(stem(word), ())).get("speaker_sex", "")


def _bare_name(sentence: Sentence, noun: Token) -> str:
    kept = [
        token.text
        for token in noun_phrase(noun)
        if token.i == noun.i
        or token.dep_ in {"compound", "poss"}
        or (token.i in sentence.at and sentence.at[token.i].senses.keys() & {"speaker_sex", "vocals"})
    ]
    if noun.lower_ == "singing" and len(kept) > 1:
        kept.pop()  # "a male vocal singing": who sings
    return decapitalised(" ".join(kept))


def _age_words(sentence: Sentence, phrase: list[Token]) -> str:
    told = [t for t in phrase if t.i in sentence.at and "age" in sentence.at[t.i].senses]
    return " ".join(t.text.lower() for t in told)


def _is_role(sentence: Sentence, token: Token) -> bool:
    hit = sentence.at.get(token.i)
    return hit is not None and hit.root == token.i and hit.senses.get("style") in _ROLES and token.pos_ == "NOUN"


_ROLES = frozenset({"narration", "newsreader", "commercial", "reading"})


def is_person(sentence: Sentence, noun: Token, hit: Hit | None) -> bool:
    """Return whether a noun names somebody who can be heard."""
    own = sentence.at.get(noun.i)
    if own is not None and own.senses.get("style") in _ROLES and noun.lemma_.lower().endswith(ROLE_ENDINGS):
        return noun.pos_ in {"NOUN", "PROPN"}
    inner = {"amod", "compound", "nmod"}
    above = _senses(sentence, noun.head)
    voiced = "vocals" in above or above.get("style") == "narration"  # "male vocals", "a male voiceover"
    if noun.dep_ in inner and noun.head.dep_ not in inner and voiced:
        return False  # "male vocals": the vocals are the voice
    if hit is not None and hit.first != hit.last and "speaker_sex" not in hit.senses and "age" not in hit.senses:
        return False
    told = own is not None and (
        own.senses.keys() & {"speaker_sex"} or own.senses.get("age") in {"baby", "child", "toddler"}
    )
    return (bool(told) or is_word(noun, "person_nouns")) and noun.pos_ in {"NOUN", "PROPN", "PRON", "ADJ"}


def _is_silent(noun: Token, verb: Token | None) -> bool:
    """Whether somebody is named who need not speak: who gets a glass, stands there, or whose cough is heard."""
    if noun.dep_ == "pobj" and noun.head.lower_ == "of":
        return noun.head.head.lemma_.lower() not in _OF_VOICES
    return verb is not None and is_word(verb, "light_verbs") and (verb.lemma_ == "be") == (verb.pos_ == "AUX")


def of_person(sentence: Sentence, noun: Token) -> Thing | None:
    """Return the voice of somebody named, where the sentence lets him or her be heard."""
    context = sentence.segment.context
    verb = noun.head if noun.dep_ in {"nsubj", "nsubjpass"} else None
    if noun.dep_ == "conj" and noun.head.dep_ == "nsubj" and noun.head.head.lemma_ == "be":
        verb = noun.head.head  # "a woman and a child are beside a cart"
    # "with a woman is laughing": the verb behind belongs to her
    behind = noun.doc[noun.i + 1 : noun.i + 2].text
    misread = context == "sound" and noun.dep_ == "pobj" and behind in {"is", "are"}
    if (
        misread
        or noun.dep_ in {"poss", "dobj", "dative"}
        or (noun.dep_ == "pobj" and noun.head.lower_ not in _HEARD_BY)
    ):
        told = is_word(noun.head, "speech_verbs") and any(c.dep_ == "nsubj" for c in noun.head.children)
        light = is_word(noun.head, "light_verbs") or (context != "sound" and not told)
        own = noun.dep_ == "dobj" and light  # not "asks his mother"
        if not own:
            return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})
    introduced = context == "speech" and not any(
        c.lower_ in {"the", "this", "that"} or c.dep_ == "poss" for c in noun.lefts
    )
    if verb is not None and any(c.dep_ == "dobj" and c.lemma_.lower() in _SPEECHES for c in verb.children):
        return voice_named(sentence, noun, sung=False)
    does = verb is not None and verb.pos_ == "VERB" and not is_word(verb, "light_verbs") and not introduced
    if does or (context == "sound" and _is_silent(noun, verb)):
        return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})
    spoken = noun.lemma_.lower() in _SPEECHES | {"speech", "narrator", "narration", "voiceover"}
    spoken = spoken or any(_is_role(sentence, t) for t in noun_phrase(noun))  # "a male narrator" talks
    sung = context == "music" and not spoken and not _talks(noun)
    heard = noun.lemma_.lower() in {"voice", "male", "female", "choir"}  # "speakers" of music are loudspeakers
    heard = heard or (context == "music" and _sings(noun))
    of_event = noun.dep_ == "amod" and "event" in _senses(sentence, noun.head)  # "a male laugh"
    if sung and (not heard or of_event):
        return Thing(Subject("speaker", f"the {noun.lower_}"), noun.i, {noun.i})
    if context == "sound" and noun.lemma_.lower() in _NEUTRAL_SEX | {"crowd", "audience"}:
        return None
    return voice_named(sentence, noun, sung=sung)


def _sings(noun: Token) -> bool:
    """Whether a piece names somebody for the singing: "sung by a woman", "vocals from a young guy"."""
    above = noun.head.head
    from_whom = noun.dep_ == "pobj" and noun.head.lower_ in {"by", "from", "of"}
    return from_whom and any(is_word(above, name) for name in ("sing_verbs", "singer_nouns", "voice_words"))


def _talks(noun: Token) -> bool:
    """Whether a voice does what only speakers do: "a male voice giving instructions"."""
    last = noun.i + (noun.doc[noun.i + 1 : noun.i + 2].text == "voice")  # of "a male voice", "male" may be the noun
    behind = noun.doc[last + 1 : last + 5]  # the verb and its object
    if not len(behind) or behind[0].tag_ != "VBG":
        return False
    gives = behind[0].lemma_ in {"give", "offer", "provide"} and any(t.lemma_.lower() in _TOLD for t in behind)
    return gives or (is_word(behind[0], "speech_verbs") and behind[0].lemma_ not in {"deliver", "voice", "recite"})


_TOLD = frozenset({"instruction", "advice", "direction", "explanation", "information", "introduction", "lecture"})
_SPEECHES = frozenset({"speech", "talk", "lecture", "sermon", "announcement", "presentation", "monologue", "address"})
"""What who gives, holds or makes it speaks."""
_OF_VOICES = frozenset({"voice", "speech", "sound", "group", "crowd", "recording", "pair", "talk", "conversation"})
_HEARD_BY = frozenset({"of", "by", "from", "with", "as", "like"})


def role_of(sentence: Sentence, noun: Token) -> Thing | None:
    """Return the manner of somebody whom a description of a voice names by a role: "like a tired auctioneer"."""
    likened = noun.dep_ == "pobj" and noun.head.lower_ in {"like", "as", "of", "by"}
    shown = noun.dep_ in {"ROOT", "nsubj", "appos"} or likened
    person = noun.lemma_.lower().endswith(ROLE_ENDINGS)
    if not shown or not person or noun.i in sentence.at or noun.pos_ != "NOUN" or noun.i in sentence.denied:
        return None
    if is_word(noun, "speech_verbs") or noun.lemma_.lower() in dimension_nouns():
        return None
    phrase = [t for t in noun_phrase(noun) if t.dep_ in {"compound", "nmod"} or t.i == noun.i]
    words = with_article(decapitalised(" ".join(t.text for t in phrase)), countable=noun.tag_ == "NN")
    referent = Subject("speaker", "the speaker")
    return Thing(referent, noun.i, {t.i for t in phrase}, -1, [Claim("style", "", words, referent)])
