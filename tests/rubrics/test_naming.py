import pytest

from audiojudge_cli.rubrics.grammar.naming import happening, naming


@pytest.mark.parametrize(
    ("words", "named"),
    [
        ("dog barking", ("a dog barking", False)),
        ("owl hooting", ("an owl hooting", False)),
        ("Birds chirping", ("birds chirping", True)),
        ("barking dog", ("a barking dog", False)),
        ("typing on a keyboard", ("typing on a keyboard", False)),
        ("thunder", ("thunder", False)),
        ("someone snoring", ("someone snoring", False)),
        ("the glass breaking", ("the glass breaking", False)),
        ("狗叫", ("狗叫", False)),
        ("", ("", False)),
    ],
)
def test_articles_and_number(words: str, named: tuple[str, bool]) -> None:
    assert naming(words) == named


@pytest.mark.parametrize(
    ("words", "participle"),
    [("dog barks", "dog barking"), ("door slams", "door slamming"), ("dogs bark", "dogs barking"), ("rain", "rain")],
)
def test_verbs_become_participles(words: str, participle: str) -> None:
    assert happening(words) == participle
