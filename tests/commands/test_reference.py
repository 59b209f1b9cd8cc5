from __future__ import annotations

import re
from pathlib import Path

from audiojudge_cli import errors

DOCS = Path(__file__).parents[2] / "docs"


def test_the_reference_in_docs_is_up_to_date(cli):
    done = cli("reference")
    assert done.returncode == 0, done.stderr
    assert done.stdout == (DOCS / "cli.md").read_text(), "run `audiojudge reference > docs/cli.md`"


def test_every_option_of_score_is_explained():
    section = (DOCS / "cli.md").read_text().split("## audiojudge score\n")[1].split("\n## ")[0]
    rows = re.findall(r"^\| (`.*?`) \| (.*?) \| (.*?) \|$", section, re.MULTILINE)
    assert len(rows) > 15
    assert all(meaning for _, _, meaning in rows)
    assert {"`--out`, `-o`", "`--captions`", "`--format`"} <= {names for names, _, _ in rows}


def test_exit_codes_are_documented():
    codes = {int(code) for code in re.findall(r"^\| (\d+) \|", (DOCS / "exit-codes.md").read_text(), re.MULTILINE)}
    kinds = [
        kind for kind in vars(errors).values() if isinstance(kind, type) and issubclass(kind, errors.AudiojudgeError)
    ]
    assert codes == {0, 1, 130, *(kind.exit_code for kind in kinds)}
