from __future__ import annotations

import json
import subprocess
import sys
import xml.etree.ElementTree as ET

import pytest

from audiojudge_cli.text.terminal import safe_line


@pytest.fixture
def audiojudge(inside):
    """Run the command line in a folder of its own; returns (exit code, stdout, stderr)."""

    def run(*arguments):
        done = inside(*arguments)
        return done.returncode, done.stdout, done.stderr

    return run


GOOD = [{"answers": [0.9, 0.8]} for _ in range(10)]


def test_pass_fail_and_the_three_files(make_run, audiojudge, tmp_path):
    make_run(GOOD)
    code, out, err = audiojudge(
        *("gate", "run", "--require", "score.mean >= 0.80", "--require", "coverage >= 0.9"),
        *("--junit", "g.xml", "--markdown", "g.md", "--json", "g.json"),
    )
    assert (code, err) == (0, "")
    assert "gate passed (2 rules; rule set " in out
    assert out.isascii()
    data = json.loads((tmp_path / "g.json").read_text())
    assert (data["verdict"], data["exit_code"], len(data["rules"])) == ("pass", 0, 2)
    root = ET.parse(tmp_path / "g.xml").getroot()
    assert not list(root.iter("failure"))
    page = (tmp_path / "g.md").read_text(encoding="utf-8")
    for text in (out, page, ET.tostring(root, encoding="unicode")):
        assert data["rules_hash"] in text
    assert audiojudge("gate", "run", "--require", "score.mean >= 0.9")[0] == 1


def test_options_of_a_rule_file_and_of_the_command_line_add_up(make_run, audiojudge, tmp_path):
    make_run(GOOD)
    (tmp_path / "rules.yaml").write_text("pass_at: 0.9\nrules: [pass_rate >= 0.5]\n")
    assert audiojudge("gate", "run", "--gate", "rules.yaml")[0] == 1
    code, out, _ = audiojudge("gate", "run", "--gate", "rules.yaml", "--pass-at", "0.85", "--require", "count == 10")
    assert code == 0
    assert "2 rules" in out


@pytest.mark.parametrize(
    ("arguments", "code", "says"),
    [
        (["run"], 2, "no gate rules"),
        (["run", "--require", ""], 2, "a gate rule is empty"),
        (["run", "--require", "score.maen >= 0.1"], 2, "did you mean 'score.mean'"),
        (["run", "--require", "score.mean[model=a] >= 0.1"], 2, "no metadata column 'model'"),
        (["run", "--gate", "none.yaml"], 2, "cannot read the rule file"),
        (["nowhere", "--require", "score.mean >= 0.1"], 2, "not a run folder"),
        (["run", "--require", "regression.score.mean <= 0.1"], 2, "--baseline"),
        (["run", "--require", "score.mean >= 0.1", "--baseline", "run"], 2, "its own baseline"),
        (["run", "--require", "score.mean >= 0.1", "--baseline", "other"], 2, "another judge"),
        (["run", "--require", "score.mean >= 0.1", "--pass-at", "80"], 2, "pass_at"),
        (["run", "--require", "score.mean >= 0.1", "--markdown", "no/such/folder.md"], 2, "cannot write"),
        (["empty", "--require", "score.mean >= 0.1"], 3, "no clips"),
        (["broken", "--require", "count.error <= 9"], 3, "none of the 2 clips"),
    ],
)
def test_wrong_usage_and_nothing_judged(make_run, audiojudge, tmp_path, arguments, code, says):
    make_run(GOOD)
    make_run(GOOD, "other", judge="j2")
    make_run([], "empty")
    make_run([{"error": "empty"}] * 2, "broken")
    (tmp_path / "g.xml").write_text("<testsuites/>")
    found, out, err = audiojudge("gate", *arguments, "--junit", "g.xml", "--json", "g.json")
    assert (found, out) == (code, "")
    assert says in err
    assert err.count("\n") == 1
    if says != "cannot write":
        # The files of an earlier, green gate do not stay behind.
        assert list(ET.parse(tmp_path / "g.xml").getroot().iter("error"))
        data = json.loads((tmp_path / "g.json").read_text())
        assert (data["verdict"], data["exit_code"]) == ("error", code)


HOSTILE = "x | `y` <script>alert(1)</script> \x1b[31m \u202e **b** [l](http://e.org) @me"


def test_hostile_names_stay_inert_everywhere(make_run, audiojudge, tmp_path):
    clips = [
        {"id": f"c{n}", "answers": [0.9 - 0.6 * (n == 1)], "caption": HOSTILE, "metadata": {"model": HOSTILE},
         "questions": [HOSTILE], "evidence": HOSTILE}
        for n in range(3)
    ]  # fmt: skip
    make_run([{**clip, "answers": [0.9]} for clip in clips], "old")
    make_run([*clips, {"id": HOSTILE.replace("/", "_"), "answers": [0.9]}], "new")
    rule = f"score.mean[model={json.dumps(HOSTILE, ensure_ascii=False)}] >= 0.95"
    code, out, _ = audiojudge(
        *("gate", "new", "--require", rule, "--baseline", "old"),
        *("--junit", "g.xml", "--markdown", "g.md", "--json", "g.json"),
    )
    assert code == 1
    page = (tmp_path / "g.md").read_text(encoding="utf-8")
    more = [audiojudge(*each)[1] for each in (("diff", "old", "new"), ("show", "new", "c1"), ("show", "new"))]
    for text in (out, page, *more):
        assert all(safe_line(line) == line for line in text.splitlines())
    for text in (page, audiojudge("diff", "old", "new", "--format", "markdown")[1]):
        assert "<script" not in text
        assert "](http" not in text
    ET.parse(tmp_path / "g.xml")
    json.loads((tmp_path / "g.json").read_text(encoding="utf-8"))


def test_a_terminal_gets_ticks_and_colour(make_run):
    from audiojudge_cli.gates import RuleSet, evaluate
    from audiojudge_cli.reports.gate_lines import gate_lines
    from audiojudge_cli.results.terminal import Screen

    result = evaluate(
        make_run(GOOD), RuleSet.of(["score.mean >= 0.5", "score.mean >= 0.95", "score.mean >= 0.8 at 95%"])
    )
    lines = gate_lines(result, Screen(200, colour=True), ticks=True)
    assert [line[: line.index(" ")] for line in lines[1:4]] == [
        "\x1b[32m✓\x1b[0m",
        "\x1b[31m✗\x1b[0m",
        "\x1b[32m✓\x1b[0m",
    ]
    assert "10 clips of 10 captions" in lines[1]
    narrow = gate_lines(result, Screen(60), ticks=True)
    assert narrow[2].strip() == "10 clips of 10 captions"


def test_help_is_quick_and_loads_nothing_heavy():
    code = "import sys; import audiojudge_cli.app; print({'numpy', 'scipy', 'yaml', 'pydantic'} & set(sys.modules))"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "set()"
