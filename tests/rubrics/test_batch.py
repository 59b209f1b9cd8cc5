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
    assert (first.id, first.caption, first.rubric.items[0].basis) == ("a", "a dog barks", "dog barks")
    assert isinstance(second, Problem)
    assert second.kind == "caption"
