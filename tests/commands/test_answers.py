"""`audiojudge answers`, with a real local server that marks."""

from __future__ import annotations

import contextlib
import csv
import json
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import jsonschema
import pytest

DOCS = Path(__file__).parents[2] / "docs"
SCHEMA = json.loads((DOCS / "schemas" / "answers.schema.json").read_text("utf-8"))


def marked(number: object) -> str:
    return json.dumps({"reason": "so", "mark": number})


@dataclass
class Server:
    """Replies as `reply` says to the answer it is asked about: a text, or a status with a text."""

    base: str = ""
    asked: list[str] = field(default_factory=list)
    reply: Callable[[str], str | int] = lambda answer: marked(4)
    schemas: set[str] = field(default_factory=set)


@pytest.fixture
def server() -> Iterator[Server]:
    chat = Server()

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            body = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            answer = json.loads(body["messages"][1]["content"])["answer"]
            chat.asked.append(answer)
            chat.schemas.add(body["response_format"]["json_schema"]["name"])
            found = chat.reply(answer)
            status, text = (found, "no") if isinstance(found, int) else (200, found)
            data = json.dumps({"choices": [{"message": {"content": text}}]}).encode()
            with contextlib.suppress(BrokenPipeError, ConnectionResetError):
                self.send_response(status)
                self.send_header("Content-Length", str(len(data)))
                self.send_header("Retry-After", "0")
                self.end_headers()
                self.wfile.write(data)

        def log_message(self, *_: object) -> None:
            return

    listening = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    chat.base = f"http://127.0.0.1:{listening.server_port}/v1"
    thread = threading.Thread(target=listening.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield chat
    listening.shutdown()
    thread.join()
    listening.server_close()


def write(path: Path, *rows: object) -> str:
    path.write_text("".join((one if isinstance(one, str) else json.dumps(one)) + "\n" for one in rows), "utf-8")
    return path.name


def row(answer: str, reference: object = "yes", **more: object) -> dict[str, object]:
    return {"model_prediction": answer, "reference": reference, **more}


def summary(folder: Path) -> dict[str, Any]:
    data: dict[str, Any] = json.loads((folder / "audiojudge-answers" / "answers.json").read_text("utf-8"))
    jsonschema.Draft202012Validator(SCHEMA).validate(data)
    return data


def rows_of(folder: Path) -> list[dict[str, str]]:
    with (folder / "audiojudge-answers" / "answers.csv").open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def llm(server: Server) -> tuple[str, ...]:
    return "--llm-endpoint", server.base, "--llm-model", "m", "--workers", "1"


def test_word_error_rates_of_a_transcript_task(inside, tmp_path):
    write(
        tmp_path / "p.jsonl", row("a big cat", "a big dog", id="1"), row("Hello, 2 of you", "hello two of you", id="2")
    )
    done = inside("answers", "p.jsonl", "--task", "asr")
    assert done.returncode == 0, done.stderr
    assert "asr  wer     0.1429" in done.stdout
    assert max(map(len, done.stdout.splitlines())) <= 80
    [figure] = summary(tmp_path)["figures"]
    assert (figure["value"], figure["rows"], figure["better"]) == (round(1 / 7, 4), 2, "lower")
    assert [(one["errors"], one["words"], one["value"]) for one in rows_of(tmp_path)] == [
        ("1", "3", "0.3333"),
        ("0", "4", "0.0"),
    ]


@pytest.mark.parametrize("suffix", ["csv", "tsv", "parquet", "json"])
def test_all_forms_of_files_say_the_same(inside, tmp_path, suffix):
    rows = [{"id": "1", "answer": "a cat", "target": '["a cat", "a dog"]'}, {"id": "2", "answer": "x", "target": "y z"}]
    path = tmp_path / f"p.{suffix}"
    if suffix == "parquet":
        import pyarrow as pa
        from pyarrow import parquet

        parquet.write_table(pa.Table.from_pylist(rows), path)
    elif suffix == "json":
        path.write_text(json.dumps(rows), "utf-8")
    else:
        with path.open("w", encoding="utf-8", newline="") as file:
            sheet = csv.DictWriter(file, list(rows[0]), delimiter="," if suffix == "csv" else "\t")
            sheet.writeheader()
            sheet.writerows(rows)
    done = inside("answers", path.name, "--metric", "wer")
    assert done.returncode == 0, done.stderr
    assert summary(tmp_path)["figures"][0]["value"] == 0.5


def test_marks_are_rescaled_and_binary_tasks_are_right_or_wrong(inside, tmp_path, server):
    server.reply = lambda answer: marked(1) if answer == "sad" else f"```json\n{marked(4)}\n```"
    write(
        tmp_path / "p.jsonl", row("a man", task="SQA"), row("sad", task_type="ER"), row("", dataset="clotho_aqa_test")
    )
    done = inside("answers", "p.jsonl", *llm(server))
    assert done.returncode == 0, done.stderr
    told = {one["task"]: (one["metric"], one["value"]) for one in summary(tmp_path)["figures"]}
    assert told == {"sqa": ("judge", 80.0), "er": ("judge-binary", 100.0), "asqa": ("judge", 80.0)}
    assert server.schemas == {"answer"}
    assert summary(tmp_path)["text_model"]["name"] == "m"


@pytest.mark.parametrize(
    "reply",
    [
        "4",
        "Rating: 4",
        "",
        "{}",
        marked(6),
        marked(-1),
        marked("4"),
        marked(4.5),
        marked(True),
        marked(None),
        "[" * 999,
    ],
)
def test_a_reply_without_a_mark_is_a_failure_and_never_a_zero(inside, tmp_path, server, reply):
    server.reply = lambda answer: marked(5) if answer == "good" else reply
    write(tmp_path / "p.jsonl", row("good", task="si"), row("bad", task="si"))
    done = inside("answers", "p.jsonl", *llm(server))
    assert done.returncode == 0, done.stderr
    assert "p.jsonl:2: no judge: the reply is no mark, twice" in done.stderr
    [figure] = summary(tmp_path)["figures"]
    assert (figure["value"], figure["rows"], figure["failed"]) == (100.0, 1, 1)
    assert [one["value"] for one in rows_of(tmp_path)] == ["100.0", ""]
    assert server.asked == ["good", "bad", "bad"]
    done = inside("answers", "p.jsonl", *llm(server), "--max-errors", "0")
    assert done.returncode == 3
    assert "1 row of 2 failed, and --max-errors 0 allows no more" in done.stderr
    assert server.asked == ["good", "bad", "bad", "bad", "bad"], "what has a mark is not asked again"


def test_nothing_but_failures_is_exit_3(inside, tmp_path, server):
    server.reply = lambda answer: "no"
    write(tmp_path / "p.jsonl", row("a", task="si"))
    done = inside("answers", "p.jsonl", *llm(server))
    assert done.returncode == 3
    assert "no row has a figure" in done.stderr
    assert summary(tmp_path)["figures"][0]["value"] is None


@pytest.mark.parametrize("status", [429, 500])
def test_overload_is_tried_again(inside, tmp_path, server, status):
    server.reply = lambda answer: status if len(server.asked) < 3 else marked(3)
    write(tmp_path / "p.jsonl", row("a", task="si"))
    done = inside("answers", "p.jsonl", *llm(server))
    assert done.returncode == 0, done.stderr
    assert summary(tmp_path)["figures"][0]["value"] == 60.0


def test_one_request_without_reply_is_one_failure_and_three_in_a_row_end_it(inside, tmp_path, server):
    server.reply = lambda answer: 500 if answer == "b" else 400 if answer == "c" else marked(5)
    write(tmp_path / "p.jsonl", *(row(each, task="si") for each in "abcd"))
    done = inside("answers", "p.jsonl", *llm(server))
    assert done.returncode == 0, done.stderr
    assert [one["value"] for one in rows_of(tmp_path)] == ["100.0", "", "", "100.0"]
    server.reply = lambda answer: 503
    write(tmp_path / "p.jsonl", *(row(each, task="si") for each in "aefghi"))
    asked = len(server.asked)
    done = inside("answers", "p.jsonl", *llm(server))
    assert done.returncode == 3
    assert "no answer 3 times in a row" in done.stderr
    assert len(server.asked) == asked + 3 * 5


def test_marks_are_kept_whatever_was_torn(inside, tmp_path, server):
    name = write(tmp_path / "p.jsonl", *(row(each, task="si") for each in "abc"))
    assert inside("answers", name, *llm(server)).returncode == 0
    first = [(tmp_path / "audiojudge-answers" / each).read_bytes() for each in ("answers.csv", "answers.json")]
    marks = tmp_path / "audiojudge-answers" / "marks.jsonl"
    marks.write_bytes(b"garbage\n" + marks.read_bytes()[:-9])
    assert inside("answers", name, *llm(server)[:-1], "3").returncode == 0
    assert server.asked == ["a", "b", "c", "c"]
    assert first == [(tmp_path / "audiojudge-answers" / each).read_bytes() for each in ("answers.csv", "answers.json")]


def test_broken_rows_are_named_left_out_and_counted(inside, tmp_path):
    write(
        *(tmp_path / "p.jsonl", row("a", id="1"), "not json", row("a"), {"id": "3", "reference": "x"}),
        *(row("a", None, id="4"), row("a", {"x": 1}, id="5"), row("b", id="1"), {**row("a"), "model_prediction": 3}),
    )
    done = inside("answers", "p.jsonl", "--metric", "exact")
    assert done.returncode == 0, done.stderr
    for line, told in {
        2: "not valid JSON",
        4: "no prediction",
        5: "no reference",
        6: "an object",
        7: "(p.jsonl:1)",
    }.items():
        assert any(f"p.jsonl:{line}: " in each and told in each for each in done.stderr.splitlines()), (
            line,
            done.stderr,
        )
    assert "p.jsonl:8: the prediction (column 'model_prediction') is the number 3, not text" in done.stderr
    data = summary(tmp_path)
    assert (data["rows"], data["broken"]) == (2, 6)
    assert inside("answers", "p.jsonl", "--metric", "exact", "--max-errors", "50%").returncode == 3
    strict = inside("answers", "p.jsonl", "--metric", "exact", "--strict")
    assert (strict.returncode, "p.jsonl:2: " in strict.stderr) == (2, True)


@pytest.mark.parametrize(
    ("rows", "options", "told"),
    [
        ([row("a")], [], "the row names no task; give --task or --metric"),
        ([row("a", task="dancing")], [], "the task 'dancing' is not known"),
        ([row("a")], ["--task", "dancing"], "--task 'dancing' is no task"),
        ([row("a", task="si")], [], "needs --llm-model"),
        ([{"text": "a"}], ["--metric", "wer"], "no column of predictions"),
        ([row("a")], ["--metric", "wer", "--prediction-field", "said"], "no column 'said'"),
        ([row("a", None)], ["--metric", "wer"], "no row is an answer"),
        ([row("a")], ["--tasks", "audiobunch"], "did you mean 'audiobench'?"),
        ([row("a")], ["--metric", "wer", "--max-errors", "lots"], "is a number of rows or a percentage of them"),
    ],
)
def test_what_cannot_be_scored_is_one_clear_line(inside, tmp_path, rows, options, told):
    write(tmp_path / "p.jsonl", *rows)
    done = inside("answers", "p.jsonl", *options)
    assert done.returncode == 2
    assert told in done.stderr
    assert not (tmp_path / "audiojudge-answers" / "answers.json").exists()


def test_several_files_are_templates_or_models(inside, tmp_path):
    write(tmp_path / "short.jsonl", row("a b c", "a b c"), row("x", "x y"))
    write(tmp_path / "polite.jsonl", row("a b c", "a b c"), row("x y", "x y"))
    done = inside("answers", "short.jsonl", "polite.jsonl", "--metric", "exact")
    assert done.returncode == 0, done.stderr
    [figure] = summary(tmp_path)["figures"]
    assert [(one["template"], one["value"]) for one in figure["templates"]] == [("short", 0.5), ("polite", 1.0)]
    assert figure["spread"] | {"sd": 0} == {
        "templates": 2,
        "mean": 0.75,
        "low": 0.5,
        "high": 1.0,
        "sd": 0,
        "same": True,
    }
    assert "spread" in done.stdout
    done = inside("answers", "short.jsonl", "polite.jsonl", "--metric", "exact", "--file-is", "model")
    assert [(one["model"], one["value"]) for one in summary(tmp_path)["figures"]] == [("short", 0.5), ("polite", 1.0)]


def test_names_of_others_never_widen_the_table_or_run_in_a_spreadsheet(inside, tmp_path):
    long = "=cmd()\x1b[31m" + "name " * 40
    write(tmp_path / "p.jsonl", row("a", model=long, dataset=long, template=long, id=long), row("a", model="b"))
    done = inside("answers", "p.jsonl", "--metric", "wer")
    assert done.returncode == 0, done.stderr
    assert max(map(len, done.stdout.splitlines())) <= 80
    assert "\x1b" not in done.stdout + done.stderr
    assert all(one["model"].startswith(("'=", "b")) for one in rows_of(tmp_path))


def test_json_is_what_the_file_holds(inside, tmp_path):
    write(tmp_path / "p.jsonl", row("a", "a"))
    done = inside("answers", "p.jsonl", "--metric", "meteor", "--format", "json", "--quiet")
    assert json.loads(done.stdout) == summary(tmp_path)
    assert not done.stderr


def test_a_table_of_ones_own(inside, tmp_path):
    (tmp_path / "t.yaml").write_text("tasks:\n  song:\n    metrics: [cer, exact]\ndatasets: {opera: song}\n")
    write(tmp_path / "p.jsonl", row("a", "a", dataset="Opera-2"))
    done = inside("answers", "p.jsonl", "--tasks", "t.yaml")
    assert done.returncode == 0, done.stderr
    assert [one["metric"] for one in summary(tmp_path)["figures"]] == ["cer", "exact"]
    (tmp_path / "t.yaml").write_text("tasks:\n  song:\n    metrics: [bleu]\n")
    done = inside("answers", "p.jsonl", "--tasks", "t.yaml")
    assert (done.returncode, "t.yaml: tasks.song.metrics.0" in done.stderr) == (2, True)
