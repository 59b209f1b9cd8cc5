from __future__ import annotations

import numpy as np
import pytest

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.errors import ClipError
from audiojudge_cli.results.build import Makers, failed_record, judged_record
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import Rule
from audiojudge_cli.results.verdict import answered, unverifiable
from audiojudge_cli.rubrics.item import Rubric, RubricItem

MAKERS = Makers(JudgeRef("test", "j1"), JudgeRef("rules", "e1"), Rule())


@pytest.fixture
def makers():
    return MAKERS


@pytest.fixture
def waveform():
    return Waveform(np.zeros((2, 22050), dtype=np.float32), 44100, "ab" * 32, ("the clip is silent",))


@pytest.fixture
def make_clip(tmp_path):
    def make(clip_id="clip", caption="A dog barks.", **fields):
        return Clip(clip_id, tmp_path / f"{clip_id}.wav", f"{clip_id}.wav", caption, **fields)

    return make


@pytest.fixture
def make_rubric():
    def make(count=2, dimension="event", subset="sound"):
        items = tuple(RubricItem(dimension, f"Question {n}?", f"basis {n}") for n in range(count))
        return Rubric(items, "en", subset)

    return make


@pytest.fixture
def make_record(make_clip, make_rubric, waveform):
    def make(answers=(0.9, 0.4), *, error=None, subset="sound", dimension="event", **fields):
        clip, rubric = make_clip(**fields), make_rubric(len(answers), dimension, subset)
        if error:
            return failed_record(clip, ClipError(error, "no such file"), MAKERS, rubric=rubric)
        verdicts = [unverifiable("nobody can", "test") if p is None else answered(p, "heard", "test") for p in answers]
        return judged_record(clip, waveform, rubric, verdicts, MAKERS)

    return make
