from __future__ import annotations

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from audiojudge_cli.clips.waveform import Waveform
from audiojudge_cli.judges.base import Case
from audiojudge_cli.judges.omni.jobs import TOGETHER, TOGETHER_S, batches, make_jobs
from audiojudge_cli.judges.omni.prompts import bundled_prompts
from audiojudge_cli.judges.omni.windows import RATE

PROMPTS = bundled_prompts("default")


def case(language: str) -> Case:
    return Case(Waveform(np.zeros((1, 400), dtype=np.float32), RATE), (), "", language)


@given(
    st.lists(st.tuples(st.sampled_from(["en", "zh", "mixed"]), st.lists(st.integers(1, 400), max_size=8)), max_size=20)
)
def test_every_window_is_heard_once_with_its_own_kind(clips):
    spans = [[(0, seconds * RATE) for seconds in lengths] for _, lengths in clips]
    jobs = make_jobs([case(language) for language, _ in clips], spans, PROMPTS)
    found = list(batches(jobs))
    assert [job for batch in found for job in batch] == jobs
    heard = sorted((job.number, job.span) for job in jobs)
    assert heard == sorted((number, span) for number, rows in enumerate(spans) for span in rows)
    for batch in found:
        assert len({id(job.wording) for job in batch}) == 1
        assert len(batch) <= TOGETHER
        assert len(batch) == 1 or sum(job.seconds for job in batch) <= TOGETHER_S
    for job in jobs:
        assert job.alone == (len(spans[job.number]) == 1)
        assert job.wording is PROMPTS.wording(clips[job.number][0])


def test_the_audio_of_a_window():
    wave = Waveform(np.linspace(0, 1, 400, dtype=np.float32)[None], RATE)
    first, second = make_jobs([Case(wave, ())], [[(0, 300), (100, 400)]], PROMPTS)
    assert first.audio.tolist() == wave.channels[0, :300].tolist()
    assert second.audio.tolist() == wave.channels[0, 100:].tolist()
