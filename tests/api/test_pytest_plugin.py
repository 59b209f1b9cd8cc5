"""The fixture `audiojudge` in the tests of another project, which finds it by the entry point of the package."""

from __future__ import annotations

import os
import re
import tomllib
from pathlib import Path

import pytest

import audiojudge_cli as aj
from audiojudge_cli.api.asserting import Audiojudge, missed

pytest_plugins = ["pytester"]

ROOT = Path(__file__).parents[2]
HEAVY = (
    "numpy",
    "pandas",
    "pydantic",
    "spacy",
    "onnxruntime",
    "soundfile",
    "yaml",
    "typer",
    "audiojudge_cli.api.scoring",
)


@pytest.fixture
def project(pytester, monkeypatch):
    """A project with this package installed, and a third party's judge."""
    entries = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]["entry-points"][
        "pytest11"
    ]
    info = pytester.path / "site" / "other-1.0.dist-info"
    info.mkdir(parents=True)
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: other\nVersion: 1.0\n")
    lines = "\n".join(f"{name} = {target}" for name, target in entries.items())
    (info / "entry_points.txt").write_text(f"[pytest11]\n{lines}\n")
    paths = [str(info.parent), str(ROOT / "tests" / "plugin"), str(ROOT)]
    monkeypatch.setenv("PYTHONPATH", os.pathsep.join(paths))
    return pytester


def test_it_asserts_and_tells_what_was_missed(project):
    (project.path / "tones.yaml").write_text("judge: tone\nexpander: tones\n")
    project.makeconftest(
        """
        import numpy as np, pytest, soundfile

        @pytest.fixture(scope="session")
        def audiojudge_options():
            return {"preset": "tones.yaml", "quality": "off"}

        @pytest.fixture(scope="session")
        def tone():
            return 0.9 * np.sin(2 * np.pi * 440 * np.arange(2000) / 8000)

        @pytest.fixture
        def file(tone):
            soundfile.write("a.wav", tone, 8000)
            return "a.wav"
        """
    )
    project.makepyfile(
        """
        import pytest
        import audiojudge_cli as aj

        def test_right(audiojudge, file):
            assert audiojudge.assert_matches(file, "440 Hz, loud").decision.match

        def test_array(audiojudge, tone):
            audiojudge.assert_matches((tone, 8000), "440 Hz, loud")

        def test_wrong(audiojudge, file):
            audiojudge.assert_matches(file, "2000 Hz, 440 Hz, odd, loud")

        def test_unknown(audiojudge, file):
            audiojudge.assert_matches(file, "odd")

        def test_missing(audiojudge):
            with pytest.raises(aj.ClipError):
                audiojudge.assert_matches("nowhere.wav", "loud")

        def test_failing(audiojudge):
            audiojudge.assert_matches("nowhere.wav", "loud")

        def test_loaded_once(audiojudge, file):
            assert audiojudge.judge is audiojudge.judge
        """
    )
    done = project.runpytest_subprocess("-q", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=4, failed=3)
    told = done.stdout.str()
    assert re.search(r'AssertionError: a\.wav does not match \(score 0\.\d+\): "2000 Hz, 440 Hz, odd, loud"', told)
    assert re.search(r"no 0\.\d+ Is it 2000 Hz\? the strongest tone has 440 Hz", told)
    assert "unverifiable - Is it odd? the tone judge knows only tones" in told
    assert "Is it 440 Hz?" not in told
    assert "a.wav cannot be decided (no item could be verified)" in told
    assert "ClipError: no such file: nowhere.wav" in told
    assert not {"asserting.py", "scoring.py"} & set(re.findall(r"\w+\.py", told))


def test_whoever_does_not_use_it_pays_nothing_and_may_have_such_a_fixture(project):
    project.makepyfile(
        f"""
        import sys, pytest

        assert "audiojudge_cli.api.pytest_plugin" in sys.modules
        assert not set({HEAVY!r}) & set(sys.modules)

        @pytest.fixture
        def audiojudge():
            return "mine"

        def test_mine(audiojudge):
            assert audiojudge == "mine"
        """
    )
    done = project.runpytest_subprocess("-q", "-W", "error", "--strict-config", "-p", "no:cacheprovider")
    done.assert_outcomes(passed=1)


def test_a_judge_at_hand_is_taken(tones):
    tones.write("a.wav")
    judge = aj.load_judge("tone")
    found = Audiojudge({"judge": judge, "preset": tones.preset})
    assert found.judge is judge
    assert found.assert_matches("a.wav", "loud").judge.name == "tone"


def test_the_message_is_harmless_and_tells_the_least_sure_where_all_are_yes(tones):
    tones.write("a\x1b[31m.wav")
    record = aj.score("a\x1b[31m.wav", "loud\n, 600 Hz", preset=tones.preset)
    told = missed(record)
    assert "\x1b" not in told
    assert len(told.splitlines()) == 1 + sum(item.answer == "yes" for item in record.items) + len(record.warnings)
    assert [item.answer for item in record.items] == ["yes", "yes"]
    with pytest.raises(aj.ClipError):
        Audiojudge({"preset": tones.preset}).assert_matches("a.wav", "loud")
