"""No caption, name or message of others reaches a terminal as it stands: nothing moves its cursor or turns its text."""

from __future__ import annotations

import json

import pytest

ESCAPE = "\x1b[31m"
HOSTILE = f"A dog {ESCAPE}barks\x1b]0;x\x07 \x9b31m\x7f \u202e\u2066 and \r rain"
ITEM = {"dimension": ESCAPE, "question": f"Is it {HOSTILE}?", "basis": HOSTILE}


@pytest.fixture
def folder(tmp_path, make_run):
    hostile = {"id": f"a{ESCAPE}", "audio": f"{ESCAPE}.wav", "caption": HOSTILE, "evidence": HOSTILE, "answers": [0.2]}
    more = {"questions": [HOSTILE], "dimensions": [ESCAPE], "subset": ESCAPE, "metadata": {ESCAPE: HOSTILE}}
    failed = {"id": f"b{ESCAPE}", "audio": f"{ESCAPE}.mp3", "error": ESCAPE, "caption": HOSTILE}
    make_run([hostile | more, failed], "run")
    make_run([hostile | more | {"answers": [0.9]}, failed], "old")
    (tmp_path / "captions.jsonl").write_text(json.dumps({"id": ESCAPE, "audio": "x.wav", "caption": HOSTILE}) + "\n")
    (tmp_path / "rubrics.jsonl").write_text(json.dumps({"id": ESCAPE, "caption": "x", "items": [ITEM, ITEM]}) + "\n")
    (tmp_path / "bad.jsonl").write_text(json.dumps({"items": [HOSTILE]}) + "\n" + f'{{"{ESCAPE}": }}\n')
    return tmp_path


COMMANDS = [
    *(["rubric", HOSTILE], ["rubric", HOSTILE, "--format", "jsonl"], ["rubric", "captions.jsonl"]),
    *(["rubric", "captions.jsonl", "--format", "jsonl"], ["rubric", "check", "rubrics.jsonl"]),
    *(["rubric", "check", "rubrics.jsonl", "--format", "jsonl"], ["rubric", "check", "bad.jsonl"]),
    *(["rubric", "check", f"{ESCAPE}.jsonl"], ["rubric", HOSTILE, "--expander", ESCAPE]),
    ["rubric", HOSTILE, "--expander", "llm", "--llm-endpoint", ESCAPE, "--llm-model", ESCAPE],
    *(["show", "run"], ["show", "run", f"a{ESCAPE}"], ["show", "run", f"a{ESCAPE}", "--format", "json"]),
    *(["show", "run", "--format", "json"], ["show", "run", ESCAPE], ["show", ESCAPE], ["show", "run", f"z{ESCAPE}"]),
    *(
        ["diff", "old", "run"],
        ["diff", "old", "run", "--format", "json"],
        ["diff", "old", "run", "--format", "markdown"],
    ),
    *(["diff", ESCAPE, "run"], ["report", "run", "--format", "md"], ["report", ESCAPE]),
    *(
        ["table", "run", "old", "--format", layout, "--rows", rows, "--columns", columns]
        for layout in ("table", "csv", "json")
        for rows, columns in (("subset", ESCAPE), (ESCAPE, "dimension"), ("dimension", "run"))
    ),
    *(["table", "run", "--rows", f"x{ESCAPE}"], ["table", ESCAPE]),
    *(["gate", "run", "--require", "score.mean >= 0.5", "--baseline", "old"], ["gate", ESCAPE, "--require", ESCAPE]),
    *(["gate", "run", "--gate", f"{ESCAPE}.yaml"], ["gate", "run", "--require", f"score.mean['{ESCAPE}'=x] >= 0.5"]),
    *(["score", ESCAPE], ["score", "captions.jsonl", "--rubrics", "bad.jsonl"], ["score", "--preset", ESCAPE]),
    *(["score", "captions.jsonl", "--judge", ESCAPE], ["score", "captions.jsonl", "--gate", f"{ESCAPE}.yaml"]),
    *(["score", "captions.jsonl", "--caption-field", ESCAPE], ["models", "list", ESCAPE], ["models", "path", ESCAPE]),
    [ESCAPE],
]


@pytest.mark.parametrize("command", COMMANDS, ids=lambda command: " ".join(command).encode().hex()[:60])
def test_what_a_command_prints_is_harmless(folder, inside, command):
    done = inside(*command)
    told = done.stdout + done.stderr
    assert told
    assert [char for char in told if not (char.isprintable() or char == "\n")] == []


def test_a_run_over_hostile_names_and_captions(folder, inside, tones):
    tones([HOSTILE, "100 Hz"])
    done = inside("score", "outputs", "--captions", "captions.jsonl", "--judge", "tone", "--expander", "tones")
    told = done.stdout + done.stderr
    assert "clips     2" in told
    assert [char for char in told if not (char.isprintable() or char == "\n")] == []
