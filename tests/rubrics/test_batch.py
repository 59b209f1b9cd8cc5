import json
from pathlib import Path

import pytest

from audiojudge_cli.clips.row import Problem
from audiojudge_cli.rubrics.batch import Expanded, expand_file
from audiojudge_cli.rubrics.expander import Expander


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("c.jsonl", '{"id": "a", "caption": "a dog barks", "subset": "sound"}\n{"id": "b", "caption": ""}\n'),
        ("c.csv", "id,caption\na,a dog barks\nb,\n"),
        ("c.tsv", "id\tcaption\na\ta dog barks\nb\t\n"),
    ],
)
def test_rows_and_their_problems(rules: Expander, tmp_path: Path, name: str, text: str) -> None:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    first, second = expand_file(path, rules)
    assert isinstance(first, Expanded)
    assert (first.id, first.caption, first.rubric.items[0].basis) == ("a", "a dog barks", "a dog barks")
    assert isinstance(second, Problem)
    assert second.kind == "caption"


def test_captions_read_together_are_read_as_one_by_one(rules: Expander, tmp_path: Path) -> None:
    captions = [
        "A dog barks twice, then a cow moos.",
        "  ",
        "女声轻声说话，背景有雨声",
        "It is a man. He whispers.",
        '"Hello there" says a calm woman',
        "Slow jazz, no drums",
        "一个男人 says hello",
    ] * 20
    path = tmp_path / "c.jsonl"
    path.write_text("".join(json.dumps({"caption": caption}) + "\n" for caption in captions), encoding="utf-8")
    rows = list(expand_file(path, rules))
    assert [isinstance(row, Problem) for row in rows] == [not caption.strip() for caption in captions]
    for row, caption in zip(rows, captions, strict=True):
        if isinstance(row, Expanded):
            assert row.rubric == rules.expand(caption)
