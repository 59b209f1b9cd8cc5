from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from audiojudge_cli.results.build import Makers, Measured, judged_record
from audiojudge_cli.results.quality import FIGURES, QualityFault, QualityProfile
from audiojudge_cli.results.record import NOBODY, Record
from audiojudge_cli.results.rule import Calibrated, Rule
from audiojudge_cli.results.summary import Tally
from audiojudge_cli.results.terminal import Screen, summary_lines
from audiojudge_cli.results.worst import Worst
from audiojudge_cli.rubrics.item import Rubric
from audiojudge_cli.text.terminal import width


@pytest.fixture
def lines(makers):
    def make(records, columns=100, colour=False, pending=0):
        tally, worst = Tally(makers.judge, makers.rule), Worst()
        for record in records:
            tally.add(record)
            worst.add(record)
        return summary_lines(tally.summary(pending=pending), worst.clips(), Screen(columns, colour))

    return make


def test_nothing_judged_shows_dashes_and_no_zero(lines, make_record):
    head = lines([make_record([], error="not-found")])
    assert head[1].split() == ["score", "-"]
    assert head[2].startswith("match     - (0 of 0 clips")
    assert "not-found      1  clip.wav" in head


def test_what_failed_comes_before_the_worst_of_the_others(lines, make_record):
    shown = lines([make_record([0.1]), make_record([], error="empty")])
    assert shown.index("failures") < shown.index("worst clips (decision value)")


def test_every_line_fits_80_columns_also_with_a_fitted_rule(make_record, makers):
    tally = Tally(makers.judge, Calibrated(0.479, 0.851, 0.794, 0.726))
    tally.add(make_record([0.1]))
    shown = summary_lines(tally.summary(), (), Screen(80))
    assert shown[2] == "match     0 % (0 of 1 clips; decision value >= 0.5)"
    assert max(map(width, shown)) <= 80
    assert any(
        "0.5*mean + 0.5*min >= 0.5" in line
        for line in summary_lines(Tally(makers.judge, Rule()).summary(), (), Screen(80))
    )


def test_failures_name_files_and_count_the_rest(lines, make_record):
    records = [make_record([], error="empty", clip_id=f"{number}") for number in range(5)]
    shown = lines(records)
    at = shown.index("empty      5  0.wav, 1.wav, 2.wav, and 2 more")
    assert shown[at + 1] == "      no such file"


def test_columns_are_aligned(lines, make_record):
    records = [make_record([0.9], clip_id="a", subset="mix"), make_record([0.1], clip_id="b", subset="speech")]
    table = [line for line in lines(records) if line.split()[:1] in (["subset"], ["mix"], ["speech"])]
    assert len(table) == 3
    assert len({width(line) for line in table}) == 1


@pytest.mark.parametrize("columns", [60, 100])
def test_lines_fit_the_terminal(lines, make_record, columns):
    records = [make_record([0.1, 0.2], clip_id="狗" * 90), make_record([0.3], clip_id="b" * 110)]
    assert all(width(line) <= columns for line in lines(records, columns=columns)[4:])


def test_an_id_of_its_own_is_shown_with_the_file(lines, make_record):
    assert "0.100  clip.wav" in lines([make_record([0.1])])


def test_colour_is_a_choice(lines, make_record):
    assert "\x1b" not in "".join(lines([make_record([0.1])]))
    assert "\x1b[31m" in "".join(lines([make_record([0.1])], colour=True))


def test_pending_clips_are_told(lines, make_record):
    assert lines([make_record()], pending=3)[0] == "clips     4 (1 ok, 3 pending)"


def measured(**figures: float | None) -> QualityProfile:
    known: dict[str, Any] = dict.fromkeys(FIGURES) | figures
    return QualityProfile(**known)


def nobodys(make_clip, waveform, clip_id: str, profile: QualityProfile) -> Record:
    makers = Makers(NOBODY, NOBODY, Rule())
    clip = make_clip(clip_id, "")
    return judged_record(clip, waveform, Rubric((), "", ""), (), makers, measured=Measured(profile))


def test_a_judged_run_tells_faults_in_one_line_and_nothing_where_nothing_was_measured(lines, make_record):
    assert not any(line.startswith("quality") for line in lines([make_record()]))
    fault = QualityFault("loop", "It repeats.")
    records = [replace(make_record(clip_id=f"{n}"), quality=replace(measured(), faults=(fault,) * n)) for n in range(3)]
    assert "quality   faults: 2 of 3 clips (loop 2)" in lines(records)
    with_mos = [replace(records[0], quality=measured(mos=value)) for value in (3.0, 4.0)]
    assert "quality   faults: none in 2 clips; mean opinion (MOS) 3.50" in lines(with_mos)


@pytest.mark.parametrize("columns", [60, 100])
def test_a_run_that_only_measures(make_clip, waveform, columns):
    faults = (QualityFault("clipped", "Flat tops " * 30), QualityFault("loop", "It repeats."))
    profiles = [measured(lufs=-20.0 - n, snr_db=30.0 - n, clipped_pct=0.0) for n in range(4)]
    profiles[2] = replace(profiles[2], faults=faults)
    profiles[1] = replace(profiles[1], faults=faults[1:])
    tally, worst = Tally(NOBODY, Rule()), Worst()
    for n, profile in enumerate(profiles):
        record = nobodys(make_clip, waveform, f"{n}" * 90, profile)
        tally.add(record)
        worst.add(record)
    shown = summary_lines(tally.summary(), worst.clips(), Screen(columns))
    assert shown[:2] == ["clips     4 (4 ok)", "faults    2 of 4 clips (loop 2, clipped 1)"]
    assert not any(word in "\n".join(shown) for word in ("score", "coverage", "match", "subset"))
    rows = {line.split("  ")[0]: line for line in shown if line.startswith(("loudness", "clipped", "signal"))}
    assert rows["loudness"].split() == ["loudness", "4", "-21.5", "-23.0", "-20.0", "LUFS"]
    # The noisiest is named, none of those that are all alike.
    assert rows["signal to noise"].split()[-1].startswith("333" if columns == 100 else "dB")
    assert rows["clipped"].split()[-1] == "%"
    assert all(width(line) <= columns for line in shown)
    at = next(n for n, line in enumerate(shown) if line == "clips with most faults")
    assert shown[at + 1].startswith("222")
    assert shown[at + 3].split() == ["loop", "It", "repeats."]
