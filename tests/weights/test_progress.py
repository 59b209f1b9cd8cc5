import sys

import pytest

from audiojudge_cli.weights.progress import Progress


def test_one_plain_line_off_a_terminal(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("toy", 2_000_000) as progress:
        progress.advance(1_000_000)
        progress.advance(1_000_000)
    out, err = capsys.readouterr()
    assert (out, err) == ("", "fetching weights: toy (2.0 MB)\n")


def test_a_bar_on_a_terminal_that_never_overshoots(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(sys.stderr, "isatty", lambda: True)
    with Progress("toy", 1000) as progress:
        progress.advance(900)
        progress.advance(900)
    out, err = capsys.readouterr()
    assert out == ""
    assert "weights toy" in err
    assert "1.00k/1.00k" in err


def test_nothing_is_said_where_nothing_is_fetched(capsys: pytest.CaptureFixture[str]) -> None:
    with Progress("toy", 1000, silent=True) as progress:
        progress.advance(1000)
    assert capsys.readouterr() == ("", "")
