from __future__ import annotations

from audiojudge_cli.clips.report import PairingReport
from audiojudge_cli.clips.row import Problem


def test_all_well_says_nothing() -> None:
    assert PairingReport(5, 5, 5, {}, 5, 0).lines() == []


def test_both_sides_are_named_with_lines() -> None:
    report = PairingReport(
        rows=10,
        clips=7,
        paired=6,
        problem_kinds={"ragged": 2, "ambiguous": 1},
        audio_files=8,
        unused=2,
        missing_examples=(Problem("m.csv", 4, "not-found", "no audio file x.wav"),),
        problem_examples=tuple(Problem("m.csv", line, "ragged", "cells") for line in (2, 3, 9)),
        unused_examples=("bad\x1b[31m.wav", "y.wav"),
        notes=("a note",),
    )
    assert (report.missing, report.problems) == (1, 3)
    assert report.lines(limit=1) == [
        "3 of 10 rows left out (2 ragged, 1 ambiguous):",
        "  m.csv:2: cells",
        "  … and 2 more",
        "1 of 10 rows without its audio file:",
        "  m.csv:4: no audio file x.wav",
        "2 of 8 audio files without a caption:",
        "  bad\\x1b[31m.wav",
        "  … and 1 more",
        "a note",
    ]
