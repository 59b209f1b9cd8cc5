"""What must not move an answer: other clips, other items, their order, earlier calls, short memory."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from audiojudge_cli.errors import ClipError
from audiojudge_cli.judges.omni.session import Session

ARCHITECTURES = ("qwen2_audio", "qwen2_5_omni", "qwen3_omni_moe", "audioflamingo3", "jastin")
HEAD = (40, 50, 60, 70)
# Different lengths, one pair with a common beginning.
SUFFIXES = ((80, 81, 82, 83, 84, 85, 86), (90, 91), (80, 81, 82, 99), (100, 101, 102, 103, 104))
YES, NO = (265, 266), (300, 301)
CLOSE = 2e-5


def sound(seconds: float, seed: int = 0) -> Any:
    rng = np.random.default_rng(seed)
    t = np.arange(int(seconds * 16_000)) / 16_000
    return (0.3 * np.sin(2 * np.pi * (200 + 70 * seed) * t) + 0.05 * rng.standard_normal(len(t))).astype(np.float32)


CLIPS = [sound(seconds, seed) for seed, seconds in enumerate((2.0, 2.05, 1.9, 2.2, 0.7))]


@pytest.fixture(params=ARCHITECTURES)
def loaded(request, library_model):
    return library_model(request.param)


def start(loaded: Any, **options: Any) -> Session:
    session = Session(loaded, **options)
    session.prefill(HEAD)
    return session


def answers(session: Session, clips: Any, suffixes: Any = SUFFIXES) -> Any:
    odds = session.ask(session.hear(clips), [suffixes] * len(clips), YES, NO)
    return np.array([[(one.p_yes, one.mass) for one in clip] for clip in odds])


def test_many_clips_at_once_equal_one_at_a_time(loaded):
    one = np.concatenate([answers(start(loaded, batch_tokens=1), [clip]) for clip in CLIPS])
    many = answers(start(loaded, batch_tokens=100_000), CLIPS)
    np.testing.assert_allclose(many, one, atol=CLOSE)


def test_on_a_cpu_other_clips_do_not_move_the_last_bit(loaded):
    session = start(loaded)
    one = np.concatenate([answers(session, [clip]) for clip in CLIPS])
    np.testing.assert_array_equal(answers(session, CLIPS), one)


def test_rows_are_really_batched(loaded):
    rows = []
    hook = loaded.model.model.language_model.layers[0].register_forward_pre_hook(
        lambda _module, args: rows.append(len(args[0]))
    )
    try:
        answers(start(loaded, batch_tokens=100_000), CLIPS)
    finally:
        hook.remove()
    assert max(rows) >= 3
    assert len(rows) <= 7  # head, two lengths of audio or three, two of prefix or three


def test_items_in_any_order_and_alone(loaded):
    session = start(loaded)
    base = answers(session, CLIPS[:1])[0]
    np.testing.assert_allclose(answers(session, CLIPS[:1], SUFFIXES[::-1])[0][::-1], base, atol=CLOSE)
    for suffix, expected in zip(SUFFIXES, base, strict=True):
        np.testing.assert_allclose(answers(session, CLIPS[:1], (suffix,))[0][0], expected, atol=CLOSE)


def test_clips_in_any_order(loaded):
    session = start(loaded, batch_tokens=100_000)
    np.testing.assert_allclose(answers(session, CLIPS[::-1])[::-1], answers(session, CLIPS), atol=CLOSE)


def test_second_call_equals_the_first_whatever_came_between(loaded):
    import torch

    session = start(loaded)
    heard = session.hear(CLIPS[:2])
    before = [tensor.clone() for tensor in heard[0].prefix.keys]
    first = session.ask(heard, [SUFFIXES] * 2, YES, NO)
    session.write(heard[0], SUFFIXES[0], 5, ())
    session.write(None, SUFFIXES[1], 5, ())
    session.hear([sound(3.1, 9)])
    # The library's forward leaves positions behind for the next call (rope_deltas).
    ids = torch.tensor([[1, 2, 3, 4, 5]] * 3)
    library = loaded.model.model.language_model if loaded.architecture == "jastin" else loaded.model
    with torch.inference_mode():
        library(input_ids=ids, attention_mask=torch.tensor([[0, 0, 1, 1, 1]] * 3))
    assert session.ask(heard, [SUFFIXES] * 2, YES, NO) == first
    assert session.ask(session.hear(CLIPS[:2]), [SUFFIXES] * 2, YES, NO) == first
    assert all(torch.equal(now, then) for now, then in zip(heard[0].prefix.keys, before, strict=True))


def test_another_head_and_back(loaded):
    session = start(loaded)
    first = answers(session, CLIPS[:1])
    session.prefill((*HEAD, 71))
    other = answers(session, CLIPS[:1])
    session.prefill(())
    bare = session.hear(CLIPS[:1])[0]
    session.prefill(HEAD)
    np.testing.assert_array_equal(answers(session, CLIPS[:1]), first)
    assert np.abs(other - first).max() > CLOSE
    assert bare.head == 0


def test_more_questions_than_fit_a_row(loaded):
    rng = np.random.default_rng(1)
    many = tuple(tuple(map(int, rng.integers(20, 250, 45))) for _ in range(30))
    session = start(loaded)
    whole = answers(session, CLIPS[4:], many)[0]
    np.testing.assert_allclose(whole[-3:], answers(session, CLIPS[4:], many[-3:])[0], atol=CLOSE)


def test_short_memory_halves_and_says_so_once(loaded):
    import torch

    def little(_module: Any, args: Any) -> None:
        rows, width, _ = args[0].shape
        if rows * width > 70:
            raise torch.OutOfMemoryError("not enough")

    whole = answers(start(loaded), CLIPS, SUFFIXES * 6)
    told: list[str] = []
    session = start(loaded, notice=told.append, batch_tokens=100_000)
    hook = loaded.model.model.language_model.layers[0].register_forward_pre_hook(little)
    try:
        short = answers(session, CLIPS, SUFFIXES * 6)
        with pytest.raises(ClipError, match="Out of memory with"):
            session.hear([sound(9.0)])
    finally:
        hook.remove()
    np.testing.assert_allclose(short, whole, atol=CLOSE)
    assert len(told) == 1


def test_audio_and_text_that_do_not_fit_are_that_clips_error(loaded):
    import torch

    def none(_module: Any, _args: Any) -> None:
        raise torch.OutOfMemoryError("not enough")

    session = start(loaded)
    heard = session.hear(CLIPS[:1])[0]
    for part, run in (
        (loaded.model.model.audio_tower.layers[0], lambda: session.hear(CLIPS[:1])),
        (loaded.model.model.language_model.layers[0], lambda: session.write(heard, SUFFIXES[0], 4, ())),
    ):
        hook = part.register_forward_pre_hook(none)
        try:
            with pytest.raises(ClipError, match=r"Out of memory with ([12] s of audio|a text of 7 to 11 tokens)\."):
                run()
        finally:
            hook.remove()


def test_text_alone_needs_no_audio(loaded):
    session = start(loaded)
    written = session.write(None, SUFFIXES[0], 6, ())
    assert len(written) == 6
    assert session.write(None, SUFFIXES[0], 6, {written[2]}) == written[: written.index(written[2])]


def test_a_clip_without_a_single_audio_token_is_refused(loaded):
    with pytest.raises(ClipError, match="too short for this model"):
        start(loaded).hear([sound(0.012)])


def test_no_clips_no_answers(loaded):
    session = start(loaded)
    assert session.ask(session.hear([]), [], YES, NO) == []
    assert session.ask(session.hear(CLIPS[:1]), [()], YES, NO) == [[]]
