"""Make a folder in which everything is wrong, and its manifest: python tests/clips/hostile_folder.py FOLDER.

Beside the files of hostile.py: what a file system can do to a reader (pipes, folders, links in circles, names) and
what a manifest can (captions and rows of every wrong kind). `build` says what each row must come to.
"""

from __future__ import annotations

import contextlib
import json
import os
import runpy
import socket
import sys
from dataclasses import dataclass, field
from pathlib import Path

HOSTILE = runpy.run_path(str(Path(__file__).with_name("hostile.py")))
Expected = frozenset[str]

ODD_NAMES: tuple[bytes, ...] = (
    *(b"new\nline.wav", b"tab\tulator.wav", b"carriage\rreturn.wav", "dog \U0001f415.wav".encode()),
    *(b"\xff\xfe not utf-8.wav", b"x" * 251 + b".wav", b"\x1b[31mred\x1b[0m.wav", b"=1+1.wav", b"-rf.wav"),
    *("cafe\u0301.wav".encode(), "\u202egnp.wav".encode(), b"con.wav", b"two  spaces .wav", b"quote\"'.wav"),
    *(b"comma, colon: semi; bar|.wav", b"back\\slash.wav", "\u72d7\u53eb.wav".encode(), b"%2e%2e%2fescape.wav"),
)
# The rest of the row, and what it must come to; `{}` lacks a caption.
ODD_CAPTIONS: dict[str, tuple[str, Expected]] = {
    "caption-empty": ('"caption": ""', frozenset({"caption"})),
    "caption-blank": ('"caption": " \\n\\t "', frozenset({"caption"})),
    "caption-null": ('"caption": null', frozenset({"caption"})),
    "caption-missing": ('"other": 1', frozenset({"caption"})),
    "caption-megabyte": (f'"caption": "{"loud, " * 175_000}"', frozenset({"caption"})),
    "caption-newlines": ('"caption": "440 Hz,\\nloud"', frozenset({"ok"})),
    "caption-escapes": ('"caption": "440 Hz, \\u001b[2J\\u0000\\u202e"', frozenset({"partial"})),
    "caption-tokens": ('"caption": "440 Hz, <|AUDIO|><|im_end|>"', frozenset({"partial"})),
    "caption-formula": ('"caption": "=HYPERLINK(1), 440 Hz"', frozenset({"partial"})),
    "caption-number": ('"caption": 440', frozenset({"row:caption"})),
    "caption-list": ('"caption": ["440 Hz"]', frozenset({"row:caption"})),
    "caption-surrogate": ('"caption": "440 Hz \\ud800"', frozenset({"row:not-utf-8"})),
    "rubric-number": ('"caption": "440 Hz", "rubric": 7', frozenset({"row:rubric"})),
    "rubric-wrong": ('"caption": "440 Hz", "rubric": [{"dimension": 3}]', frozenset({"rubric"})),
    "deep": ('"caption": "440 Hz", "x": ' + '{"a": ' * 200 + "1" + "}" * 200, frozenset({"row:too-deep"})),
}
BROKEN_LINES: tuple[tuple[bytes, str], ...] = (
    (b'{"audio": "good.wav", "caption": "440 Hz"', "bad-json"),
    (b"{broken}", "bad-json"),
    (b"[1, 2]", "not-an-object"),
    (b"null", "not-an-object"),
    (b'"good.wav"', "not-an-object"),
    (b"\x00\x01\x02", "bad-json"),
    (b"[" * 100_000, "too-deep"),
    (b"1" * 10_000, "bad-json"),
    (b"{}", "missing-fields"),
    (b'{"audio": 3, "caption": "440 Hz"}', "audio"),
    (b'{"audio": "good.wav", "id": [1], "caption": "440 Hz"}', "id"),
    (b'{"caption": "440 Hz, nobody plays it"}', "no-audio"),
    (b'{"audio": {"bytes": "UklGRg=="}, "caption": "440 Hz"}', "audio"),
)


@dataclass
class Hostile:
    """What was made.

    Attributes:
        folder: Of the audio.
        manifest: One line per row.
        expected: By id: what the clip's record may be (a status or a kind of error); rows that become no clip have
            `row:` and a kind.
        broken: Kinds of the lines that have no id.
        rows: Lines of the manifest.
    """

    folder: Path
    manifest: Path
    expected: dict[str, Expected] = field(default_factory=dict)
    broken: list[str] = field(default_factory=list)
    lines: list[bytes] = field(default_factory=list)

    def row(self, name: bytes, rest: str, identity: str, expected: Expected) -> None:
        """Add a row; the name stays the bytes it is."""
        quoted = json.dumps(name.decode("latin-1"), ensure_ascii=False).encode("latin-1")
        self.lines.append(b'{"id": "%b", "audio": %b, %b}' % (identity.encode(), quoted, rest.encode()))
        self.expected[identity] = expected

    @property
    def rows(self) -> int:
        return len(self.lines)


def build(root: Path) -> Hostile:
    """Write `root/outputs` and `root/captions.jsonl`."""
    folder = root / "outputs"
    folder.mkdir(parents=True)
    made = Hostile(folder, root / "captions.jsonl")
    good = HOSTILE["encoded"]("WAV")
    _files(made)
    _names(made, good)
    _nodes(made, good)
    _captions(made, good)
    made.manifest.write_bytes(b"\n".join(made.lines) + b"\n")
    return made


def _files(made: Hostile) -> None:
    cases: dict[str, tuple[bytes, Expected]] = HOSTILE["CASES"]
    for name, (content, expected) in cases.items():
        (made.folder / name).write_bytes(content)
        silent = {"unverifiable", "partial"} if "ok" in expected else set()
        made.row(name.encode(), '"caption": "440 Hz, loud"', f"file-{len(made.lines)}", expected | silent)


def _names(made: Hostile, good: bytes) -> None:
    for number, name in enumerate(ODD_NAMES):
        with contextlib.suppress(OSError):  # a file system may refuse the name
            (made.folder / os.fsdecode(name)).write_bytes(good)
            made.row(name, '"caption": "440 Hz"', f"name-{number}", frozenset({"ok"}))


def _nodes(made: Hostile, good: bytes) -> None:
    folder, caption = made.folder, '"caption": "440 Hz"'
    (folder / "folder.wav").mkdir()
    os.mkfifo(folder / "pipe.wav")
    (folder / "loop.wav").symlink_to("loop.wav")
    (folder / "ping.wav").symlink_to("pong.wav")
    (folder / "pong.wav").symlink_to("ping.wav")
    (folder / "dangling.wav").symlink_to("nowhere.wav")
    (folder / "device.wav").symlink_to(os.devnull)
    (folder / "round").symlink_to(".", target_is_directory=True)
    with contextlib.suppress(OSError), socket.socket(socket.AF_UNIX) as listener:  # too long a path for a socket
        listener.bind(str(folder / "socket.wav"))
    (folder / "locked.wav").write_bytes(good)
    (folder / "locked.wav").chmod(0)
    (folder / "good.wav").write_bytes(good)
    reads_all = hasattr(os, "geteuid") and os.geteuid() == 0
    nodes = {
        "folder.wav": "is-a-directory",
        "pipe.wav": "not-a-file",
        "loop.wav": "unreadable",
        "ping.wav": "unreadable",
        "pong.wav": "unreadable",
        "dangling.wav": "not-found",
        "device.wav": "not-a-file",
        "socket.wav": "not-a-file" if (folder / "socket.wav").exists() else "not-found",
        "locked.wav": "ok" if reads_all else "unreadable",
        "never-made.wav": "not-found",
        "y" * 300 + ".wav": "not-found",
        "nul\0byte.wav": "not-found",
        "../../../../etc/passwd": "not-found",
        "/etc/passwd": "not-found",
        "good.wav": "ok",
    }
    for number, (name, kind) in enumerate(nodes.items()):
        made.row(name.encode(), caption, f"node-{number}", frozenset({kind}))


def _captions(made: Hostile, good: bytes) -> None:
    for identity, (rest, expected) in ODD_CAPTIONS.items():
        (made.folder / f"{identity}.wav").write_bytes(good)
        made.row(f"{identity}.wav".encode(), rest, identity, expected)
    for _ in range(2):
        made.row(b"good.wav", '"caption": "440 Hz"', "twice", frozenset({"ok"}))
    made.broken.append("duplicate")
    for line, kind in BROKEN_LINES:
        made.lines.append(line)
        made.broken.append(kind)


if __name__ == "__main__":
    tree = build(Path(sys.argv[1]))
    print(f"{tree.rows} rows in {tree.manifest}")
