from __future__ import annotations

import ast
from pathlib import Path

import pytest

from audiojudge_cli import code_digest as module
from audiojudge_cli.code_digest import code_digest
from audiojudge_cli.judges.embedded.judge import SOURCES as EMBEDDED
from audiojudge_cli.judges.endpoint.judge import SOURCES as ENDPOINT
from audiojudge_cli.judges.omni.judge import SOURCES as OMNI

PACKAGE = Path(module.__file__).parent

# What a judge imports and no answer rests on, and why.
ELSEWHERE = {
    "weights": "where weights come from; what they are is hashed with them",
    "servers": "how a server is reached, whoever it is",
    "text": "how things are printed and written",
    "errors": "how failures are told",
    "bundle": "where data lies; what it says has digests of its own",
    "code_digest": "this",
    "cuda": "the device is part of the fingerprint",
    "lazy": "when something is computed",
    "waits": "how long somebody waits",
}
# Modules of other rooms of which a judge takes types or checks only.
TYPES = {
    "clips/clip.py",
    "clips/embedded.py",
    "clips/headers.py",
    "clips/chunks.py",
    "clips/container_lengths.py",
    "clips/frames.py",
    "clips/opened.py",
    "clips/spill.py",
    "clips/decoder_noise.py",
    "clips/row.py",
    "clips/rowmaker.py",
    "clips/ids.py",
    "judges/comparing.py",
    "rubrics/claim.py",
    "rubrics/display.py",
    "rubrics/item.py",
    "rubrics/writer.py",
    # A writer of rubrics, with a fingerprint of its own.
    "rubrics/endpoint.py",
}


def _imported(path: Path) -> set[Path]:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("audiojudge_cli."):
            place = PACKAGE.joinpath(*(node.module or "").split(".")[1:])
            inside = [place / f"{name.name}.py" for name in node.names]
            found |= {one for one in (*inside, place.with_suffix(".py"), place / "__init__.py") if one.is_file()}
    return found


def _rests_on(*starts: str) -> set[str]:
    seen: set[Path] = set()
    todo = [PACKAGE / start for start in starts]
    while todo:
        path = todo.pop()
        if path not in seen:
            seen.add(path)
            todo += _imported(path)
    return {path.relative_to(PACKAGE).as_posix() for path in seen}


@pytest.mark.parametrize(
    ("start", "places"),
    [
        ("judges/embedded/judge.py", EMBEDDED),
        ("judges/endpoint/judge.py", ENDPOINT),
        ("judges/omni/judge.py", OMNI),
    ],
    ids=["embedded", "endpoint", "omni"],
)
def test_every_module_that_answers_is_in_the_fingerprint(start: str, places: tuple[str, ...]) -> None:
    reached = {name for name in _rests_on(start) if name.partition("/")[0].removesuffix(".py") not in ELSEWHERE}
    hashed = {name for name in reached for place in places if name == place or name.startswith(f"{place}/")}
    assert reached - hashed - TYPES == set()


def test_a_digest_follows_every_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "__file__", str(tmp_path / "code_digest.py"))
    digest = code_digest.__wrapped__
    room, file = tmp_path / "room" / "inner", tmp_path / "one.py"
    room.mkdir(parents=True)
    file.write_text("a = 1\n")
    seen = set()
    for name, content in (("a.py", b"x"), ("b.yaml", b"x"), ("b.yaml", b"y"), ("c.npz", b""), ("a.py", b"x\n")):
        (room / name).write_bytes(content)
        seen.add(digest("room", "one.py"))
    assert len(seen) == 5
    before = digest("one.py", "room")
    assert before in seen, "the order of places says nothing"
    (room / "a.py").write_bytes(b"x\r\n")
    (room / "a.pyc").write_bytes(b"compiled")
    assert digest("room", "one.py") == before
    file.rename(tmp_path / "two.py")
    assert digest("room", "two.py") != before
    with pytest.raises(FileNotFoundError, match="no sources"):
        digest("rom")
