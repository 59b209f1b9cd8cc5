from audiojudge_cli.rubrics.display import table
from audiojudge_cli.rubrics.item import Rubric, RubricItem


def test_columns_are_aligned_and_harmless() -> None:
    items = (
        RubricItem("event", "是否能听到狗叫？", "狗叫"),
        RubricItem("tempo", "Is it \x1b[31mfast?", "fast", negated=True),
    )
    text = table(Rubric(items, "mixed", "mix", ("a note",)))
    assert "\x1b" not in text
    assert text.splitlines()[0] == "subset mix, language mixed, 2 items"
    assert "¬ fast" in text
    assert text.splitlines()[-1] == "note: a note"
