"""Whatever JSON audiojudge reads, nested text is bad input and no mistake of its own."""

from __future__ import annotations

import ast
import json
from pathlib import Path

import pytest

import audiojudge_cli
from audiojudge_cli.text.jsonl import MAX_DEPTH, TooDeepError, loads

PACKAGE = Path(audiojudge_cli.__file__).parent
# What reads text that a pattern has found to be one quoted string, or a file whose SHA-256 is known.
CANNOT_NEST = {
    "gates/grammar.py": "a quoted string",
    "runs/clip_filter.py": "a quoted string",
    "results/index.py": "a quoted string",
    "probes/phrases.py": "checked weights",
    "signals/parameters.py": "bundled data",
}
READERS = {"load", "loads", "raw_decode", "decode"}


def calls(tree: ast.AST) -> list[ast.Call]:
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in READERS:
            of = node.func.value
            if isinstance(of, ast.Name) and of.id in {"json", "JSONDecoder"}:
                found.append(node)
    return found


def guarded(tree: ast.AST) -> set[ast.Call]:
    """Return the calls inside a `try` that catches RecursionError."""
    found: set[ast.Call] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Try):
            caught = {name.id for each in node.handlers for name in ast.walk(each) if isinstance(name, ast.Name)}
            if "RecursionError" in caught:
                found |= {call for inner in node.body for call in calls(inner)}
    return found


@pytest.mark.parametrize("path", sorted(PACKAGE.rglob("*.py")), ids=lambda path: str(path.relative_to(PACKAGE)))
def test_every_reader_of_json_expects_nested_text(path):
    tree = ast.parse(path.read_text(encoding="utf-8"))
    name = path.relative_to(PACKAGE).as_posix()
    bare = [call.lineno for call in calls(tree) if call not in guarded(tree)]
    assert bool(bare) == (name in CANNOT_NEST), (name, bare)


@pytest.mark.parametrize("pair", [("[", "]"), ('{"a": ', "}"), ('[{"a": [', "]}]")])
@pytest.mark.parametrize("levels", [1, 10, 90, 101, 200, 900, 1_000, 20_000, 100_000])
@pytest.mark.parametrize("closed", [True, False])
@pytest.mark.parametrize("as_bytes", [True, False])
def test_depth(pair, levels, closed, as_bytes):
    per_round = sum(pair[0].count(sign) for sign in "[{")
    rounds = -(-levels // per_round)
    text = pair[0] * rounds + ("1" + pair[1] * rounds if closed else "")
    given = text.encode() if as_bytes else text
    if closed and rounds * per_round <= MAX_DEPTH:
        assert loads(given) == json.loads(text)
    else:
        with pytest.raises(ValueError, match=r"nested too deeply|Expecting"):
            loads(given)


def test_many_brackets_side_by_side_are_not_deep():
    rows = [[{"a": [number]}] for number in range(1_000)]
    assert loads(json.dumps(rows)) == rows
    assert loads(json.dumps("[" * 500)) == "[" * 500
    deep = "[" * MAX_DEPTH + "[]" + "]" * MAX_DEPTH
    with pytest.raises(TooDeepError):
        loads(deep)
    assert loads(deep[1:-1])
