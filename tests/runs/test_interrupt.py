from __future__ import annotations

import os
import signal
import threading

import pytest

from audiojudge_cli.runs.interrupt import Stop, stopping_gently


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_the_first_signal_is_a_wish_and_the_second_interrupts(number):
    stop = Stop()
    told: list[str] = []
    before = signal.getsignal(number)
    with stopping_gently(stop, told.append):
        assert not stop
        os.kill(os.getpid(), number)
        assert stop
        assert len(told) == 1
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), number)
    assert signal.getsignal(number) is before


def test_outside_the_main_thread_nothing_is_caught():
    before, during = signal.getsignal(signal.SIGINT), []

    def other():
        with stopping_gently(Stop(), lambda _: None):
            during.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert during == [before]
