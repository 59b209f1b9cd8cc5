import json

import pytest

from audiojudge_cli.rubrics.check import check_lines
from audiojudge_cli.rubrics.expander import Expander
from audiojudge_cli.rubrics.files import rubric_line


def line(*items: dict[str, object], caption: str = "a dog barks, no drums") -> str:
    return json.dumps({"id": "1", "caption": caption, "items": list(items)})


def item(question: str, basis: str = "a dog barks", **more: object) -> dict[str, object]:
    return {"dimension": "event", "question": question, "basis": basis, **more}


def kinds(*lines: str) -> list[tuple[int, int, str]]:
    return [(finding.line, finding.item, finding.kind) for finding in check_lines(lines)]


def test_a_good_rubric_has_no_findings() -> None:
    good = line(item("Is a dog barking audible?"), item("Is the music free of drums?", "no drums", negated=True))
    assert kinds(good) == []


@pytest.mark.parametrize(
    ("bad", "kind"),
    [
        (item("Is a dog barking and is a cat meowing?"), "double-barrelled"),
        (item("是否有狗叫并且是否有猫叫？"), "double-barrelled"),
        (item("Isn't a dog barking?"), "negated-direction"),
        (item("Are drums playing?", "no drums"), "negated-direction"),
        (item("Are drums playing?", "drums", negated=True), "negated-direction"),
        (item("Is a cat audible?", "a cat"), "basis"),
        (item("Is a cat audible?", ""), "basis"),
        (item("Describe the dog."), "not-a-question"),
        ({**item("Is a dog audible?"), "dimension": "smell"}, "dimension"),
    ],
)
def test_each_finding(bad: dict[str, object], kind: str) -> None:
    assert (1, 1, kind) in kinds(line(bad))


def test_quoted_words_do_not_count_as_a_second_question() -> None:
    said = 'He says "is it and is it not?"'
    assert kinds(line(item("Are the words “is it and is it not?” spoken?", "is it and is it not?"), caption=said)) == []


def test_duplicates_schema_and_empty_lines() -> None:
    twice = item("Is a dog barking audible?")
    assert kinds(line(twice, twice)) == [(1, 2, "duplicate")]
    assert kinds(line(twice), "", line(twice)) == [(3, 0, "duplicate")]
    assert kinds("oops") == [(1, 0, "schema")]
    assert kinds("") == [(1, 0, "empty")]
    assert kinds(line()) == [(1, 0, "empty")]


@pytest.mark.parametrize(
    "caption",
    [
        "A dog barks twice, then a door slams; no music.",
        "一位老爷爷慢慢地讲故事，背景没有音乐。",
        "Slow waltz in A minor, 80 BPM, without drums, cello and harp.",
        'A woman whispers "go now" over rain.',
    ],
)
def test_the_rules_expander_passes_its_own_check(rules: Expander, caption: str) -> None:
    assert list(check_lines([rubric_line("1", caption, rules.expand(caption))])) == []
