"""The gate inside a run: refused early where it is wrong, evaluated at the end, its outcome kept in `gate.json`."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

from audiojudge_cli.clips.clip import Clip
from audiojudge_cli.comparing.pairs_file import PAIRS
from audiojudge_cli.comparing.selecting import SELECTED
from audiojudge_cli.comparing.standing import refuse_unknown_system
from audiojudge_cli.errors import AudiojudgeError, InputError
from audiojudge_cli.gates.evaluate import evaluate
from audiojudge_cli.gates.outcome import GateResult, trouble
from audiojudge_cli.gates.pairs import refuse_itself, refuse_other_judge
from audiojudge_cli.gates.rule_sanity import unjudged
from audiojudge_cli.gates.rules import RuleSet
from audiojudge_cli.gates.run_completeness import check_completeness
from audiojudge_cli.gates.sample import refuse_unknown_columns
from audiojudge_cli.gates.table import RESERVED, RunTable, read_table
from audiojudge_cli.results.enough_judged import Kind
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import DecisionRule
from audiojudge_cli.results.write import write_json
from audiojudge_cli.runs.folder import DISTANCE, GATE, unwritable
from audiojudge_cli.runs.options import ScoreOptions
from audiojudge_cli.text.terminal import shown

_FULL_ONLY = frozenset({"mos", "mos_sig", "mos_bak", "speech", "wer", "cer"})


class Gating:
    """The gate of one run, its rules and baseline known to be good before anything is judged.

    Args:
        options: Of the run.
        clips: Of the run; looked at only when a rule names a column.

    Raises:
        InputError: If a rule cannot be read or names a column that the manifest has not, if a regression has no
            baseline, or if the baseline cannot be read or is the run itself.
        NotJudgedError: If the baseline has not finished, or nothing in it has a score.
    """

    def __init__(self, options: ScoreOptions, clips: Iterable[Clip]) -> None:
        self._folder, self._baseline = options.out, options.baseline
        self._earlier: RunTable | None = None
        self._rules = options.preset.gate.rule_set() if options.preset.gate else None
        if self._rules is None and self._baseline is not None:
            raise InputError(
                "--baseline is for gate rules; give --gate FILE or --require 'regression.score.mean <= 0.02'"
            )
        if self._rules is None:
            return
        if self._rules.needs_baseline and self._baseline is None:
            raise InputError("a rule is about regression, so the gate needs --baseline OLD_RUN")
        _refuse_unmeasured(self._rules, options)
        _refuse_columns(self._rules, clips)
        self._earlier = _read_baseline(self._baseline, self._folder)

    def refuse_other_judge(self, judge: JudgeRef, rule: DecisionRule) -> None:
        """Refuse a baseline by another judge or with another decision rule.

        Raises:
            InputError: If so.
        """
        if self._rules is not None and self._earlier is not None:
            refuse_other_judge(self._earlier, [judge], [(rule.text, rule.threshold)])
            self._earlier = None  # what it weighs is not needed while the judge works

    def ruled(self, clips: int) -> frozenset[Kind]:
        """Return the limits of a run of so many clips whose place a rule takes; none without a gate."""
        return frozenset() if self._rules is None else self._rules.ruled(clips)

    def clear(self) -> None:
        """Remove what an earlier run decided (gate, distance, pairs, choice): it is not about the records to come.

        Raises:
            NotJudgedError: If it cannot be removed.
        """
        for name in (GATE, DISTANCE, PAIRS, SELECTED):
            path = self._folder / name
            try:
                path.unlink(missing_ok=True)
            except OSError as error:
                raise unwritable(path, error) from error

    def evaluate(self) -> GateResult | AudiojudgeError | None:
        """Return the outcome of the finished run, or what kept the gate from one; None without a gate.

        Raises:
            NotJudgedError: If `gate.json` cannot be written.
        """
        if self._rules is None:
            return None
        outcome: GateResult | AudiojudgeError
        try:
            outcome = evaluate(self._folder, self._rules, self._baseline)
            data = outcome.to_dict()
        except AudiojudgeError as error:
            outcome, data = error, trouble(error, shown(self._folder), self._rules.hash)
        try:
            write_json(self._folder / GATE, data)
        except OSError as error:
            raise unwritable(self._folder / GATE, error) from error
        return outcome


def _refuse_unmeasured(rules: RuleSet, options: ScoreOptions) -> None:
    """Refuse rules about what this run will not know.

    Raises:
        InputError: If there is one; says which, and what would know it.
    """
    depth = options.preset.quality
    for rule in rules.rules:
        expression, figure = rule.expression, rule.expression.figure
        if figure.system is not None:
            if options.contest is None:
                raise InputError(f"{expression.text}: win rates are those of `audiojudge compare` and `rank`")
            refuse_unknown_system(figure.system, options.contest.systems)
        if not options.is_judged and (why := unjudged(expression)):
            raise InputError(f"{expression.text}: {why}")
        if figure.is_of_quality and depth == "off":
            raise InputError(f"{expression.text}: the quality is not measured; leave out --quality off")
        if figure.quality is not None and figure.quality.name in _FULL_ONLY and depth != "full":
            option = "--quality full" if options.is_judged else "--depth full"
            raise InputError(f"{expression.text}: {figure.quality.name} needs small models; add {option}")


def _refuse_columns(rules: RuleSet, clips: Iterable[Clip]) -> None:
    named = {key for rule in rules.rules for key in rule.expression.selection.columns} - {*RESERVED}
    if named:
        columns = dict.fromkeys(RESERVED) | dict.fromkeys(name for clip in clips for name in clip.metadata)
        refuse_unknown_columns(sorted(named), columns)


def _read_baseline(baseline: Path | None, run: Path) -> RunTable | None:
    if baseline is None:
        return None
    refuse_itself(baseline, run)
    table = read_table(baseline, columns=())
    check_completeness(table)
    return table
