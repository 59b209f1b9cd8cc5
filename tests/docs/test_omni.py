"""docs/omni.md says what the cards say, and its example of prompts can be used."""

from __future__ import annotations

import re
import textwrap
import tomllib
from pathlib import Path

from packaging.requirements import Requirement

from audiojudge_cli.judges.omni.prompts import Wording, read_prompts
from audiojudge_cli.weights.catalog import cards

PAGE = (Path(__file__).parents[2] / "docs" / "omni.md").read_text(encoding="utf-8")


def test_the_table_of_models_is_that_of_the_cards():
    rows = re.findall(r"^\| `([\w.-]+)` \| .* \| (\d+) s \| (.+) GiB \|$", PAGE, re.MULTILINE)
    models = {card.name: card.model for card in cards() if card.model}
    assert {name for name, *_ in rows} == set(models)
    for name, seconds, memory in rows:
        model = models[name]
        assert float(seconds) == model.max_audio_s
        assert [float(part) for part in memory.split(" / ")] == [
            model.memory_gib[kept] for kept in ("bf16", "int8", "int4")
        ]
        assert model.refusal_floor == 0.5


def test_the_page_names_what_the_extra_brings():
    project = tomllib.loads((Path(__file__).parents[2] / "pyproject.toml").read_text(encoding="utf-8"))
    brings = PAGE.split("The extra brings")[1].split("\n\n")[0]
    for line in project["project"]["optional-dependencies"]["omni"]:
        requirement = Requirement(line)
        assert f"`{requirement.name}`" in brings
        lowest = next(each.version for each in requirement.specifier if each.operator == ">=")
        if requirement.name in {"torch", "transformers"}:
            assert f"`{requirement.name}` ({lowest} or later" in brings


def test_the_example_of_prompts_is_one(tmp_path):
    example = PAGE.split("are not part of audiojudge.\n\n")[1].split("\n\n|")[0]
    path = tmp_path / "mine.yaml"
    path.write_text(textwrap.dedent(example), encoding="utf-8")
    wording = read_prompts(path).wording("zh")
    assert wording.question == "\n{question} Answer yes or no."
    keys = re.findall(
        r"^\| `(\w+)(?:\.\w+)?`(?:, `answers.no`)? \| ", PAGE.split("## Prompts")[1].split("## Long")[0], re.MULTILINE
    )
    assert set(keys) == set(Wording.model_fields)
