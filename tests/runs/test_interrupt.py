from __future__ import annotations

import os
import signal
import threading

import pytest

from audiojudge_cli.runs import interrupt
from audiojudge_cli.runs.interrupt import Stop, stopping_gently
from audiojudge_cli.waits import StoppedError, waiting


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
    assert signal.getsignal(number) is (signal.SIG_IGN if number == signal.SIGHUP else before)


@pytest.fixture(autouse=True)
def _hang_up_as_before():
    before = signal.getsignal(signal.SIGHUP)
    yield
    signal.signal(signal.SIGHUP, before)


def test_hanging_up_once_more_behind_the_block_is_nothing():
    """The second SIGHUP of a closing terminal may come when the run has ended and the process not yet."""
    stop = Stop()
    with stopping_gently(stop, lambda _: None):
        os.kill(os.getpid(), signal.SIGHUP)
    os.kill(os.getpid(), signal.SIGHUP)
    assert stop


def test_hanging_up_is_a_wish_however_often():
    """A closing terminal sends SIGHUP twice: from the shell and from the system."""
    stop, told = Stop(), list[str]()
    with stopping_gently(stop, told.append):
        os.kill(os.getpid(), signal.SIGHUP)
        os.kill(os.getpid(), signal.SIGHUP)
        assert stop
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert len(told) == 1


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_impatient_fingers_do_not_cut_off_what_ends_the_run(number, monkeypatch):
    """A run that is interrupted writes down that it was: the next signal waits for that, a later one does not."""
    stop, written = Stop(), []
    with stopping_gently(stop, lambda _: None):
        os.kill(os.getpid(), signal.SIGINT)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
        for _ in range(3):
            os.kill(os.getpid(), number)
        written.append("interrupted")
        monkeypatch.setattr(interrupt, "_ENDING_S", 0.0)
        with pytest.raises(KeyboardInterrupt):
            os.kill(os.getpid(), signal.SIGINT)
    assert written == ["interrupted"]


def test_nohup_stays_nohup():
    before = signal.signal(signal.SIGHUP, signal.SIG_IGN)
    try:
        with stopping_gently(Stop(), lambda _: None):
            assert signal.getsignal(signal.SIGHUP) is signal.SIG_IGN
    finally:
        signal.signal(signal.SIGHUP, before)


def test_a_terminal_that_is_gone_does_not_matter():
    def gone(_: str) -> None:
        raise OSError(5, "Input/output error")

    stop = Stop()
    with stopping_gently(stop, gone):
        os.kill(os.getpid(), signal.SIGHUP)
    assert stop


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_a_wait_for_others_ends_with_the_first(number):
    stop = Stop()
    with stopping_gently(stop, lambda _: None):
        with pytest.raises(KeyboardInterrupt), waiting():
            os.kill(os.getpid(), number)
        with pytest.raises(StoppedError), waiting():
            pytest.fail("the end was asked for before")
    assert stop
    with waiting():  # the next run waits again
        pass


def test_outside_the_main_thread_nothing_is_caught():
    before, during = signal.getsignal(signal.SIGINT), []

    def other():
        with stopping_gently(Stop(), lambda _: None):
            during.append(signal.getsignal(signal.SIGINT))

    thread = threading.Thread(target=other)
    thread.start()
    thread.join()
    assert during == [before]
