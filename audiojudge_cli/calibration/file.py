"""A calibration as a file: the decision fitted to a team's labels, for whom it was fitted, and what it gains."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from audiojudge_cli.errors import InputError
from audiojudge_cli.results.curves import ItemCurve, ItemCurves
from audiojudge_cli.results.record import JudgeRef
from audiojudge_cli.results.rule import Calibrated
from audiojudge_cli.text.strict_yaml import read_yaml
from audiojudge_cli.text.terminal import shown

SCHEMA = "audiojudge.calibration/1"
# What `calibrate` writes takes one kibibyte.
_MOST_BYTES = 64 << 10
# A fitted number beyond is a slip: log odds of 1000 are certainty many times over.
Number = Annotated[float, Field(ge=-1000, le=1000)]
Weight = Annotated[float, Field(ge=0, le=1000)]


class _Strict(BaseModel):
    model_config = ConfigDict(strict=True, extra="forbid", frozen=True)


class Maker(_Strict):
    """The judge, or an expander, of the run that was labelled."""

    name: str
    fingerprint: str


class LabelCount(_Strict):
    """How many labelled clips the decision was fitted to."""

    clips: Annotated[int, Field(ge=1)]
    yes: Annotated[int, Field(ge=0)]


class Numbers(_Strict):
    """The numbers of the decision, as in `audiojudge_cli.results.rule.Calibrated`."""

    bias: Number
    mean_odds: Weight
    min_log: Weight
    count_log: Weight
    floor: Annotated[float, Field(gt=0, lt=0.5)]


class Curve(_Strict):
    """A curve of one dimension, as in `audiojudge_cli.results.curves.ItemCurve`, and what it gains, for people."""

    bias: Number
    slope: Annotated[float, Field(gt=0, le=1000)]
    items: Annotated[int, Field(ge=1)]
    yes: Annotated[int, Field(ge=0)]
    gain: dict[str, list[float]]


class CalibrationFile(_Strict):
    """What a calibration file holds (docs/calibrate.md).

    Attributes:
        schema_: The kind and version of the file.
        judge: Whose answers were labelled.
        expanders: Who wrote the rubrics.
        labels: How many.
        fitted: What of the decision was fitted, for people.
        decision: Its numbers.
        curves: By dimension: what the p_yes of its items counts as; empty: what the judge answers.
        figures: What it gains, cross-validated, for people.
    """

    schema_: Annotated[Literal["audiojudge.calibration/1"], Field(alias="schema")]
    judge: Maker
    expanders: list[Maker]
    labels: LabelCount
    fitted: str
    decision: Numbers
    curves: dict[str, Curve] = {}
    figures: dict[str, dict[str, float | list[float] | None]]

    def rule(self, threshold: float) -> Calibrated:
        """Return the decision rule with this threshold."""
        curves = ItemCurves.of({name: ItemCurve(one.bias, one.slope) for name, one in self.curves.items()})
        return Calibrated(**self.decision.model_dump(), threshold=threshold, fitted=self.fitted, curves=curves)

    def refuse_other_judge(self, judge: JudgeRef) -> None:
        """Refuse a judge whose answers were not labelled.

        Raises:
            InputError: If it is another.
        """
        if judge.fingerprint != self.judge.fingerprint:
            raise InputError(
                f"the preset's calibration was fitted to answers of the judge {self.judge.name} "
                f"({self.judge.fingerprint}), and this is {judge.name} ({judge.fingerprint}): score the labelled clips "
                "with this judge and run `audiojudge calibrate` again, or take `calibration` out of the preset"
            )


def read_calibration(path: Path) -> CalibrationFile:
    """Return the calibration in a YAML file.

    Raises:
        InputError: If it cannot be read or is none; names the file and the key.
    """
    return calibration_of(read_yaml(path, "calibration", most_bytes=_MOST_BYTES), shown(path))


def calibration_of(data: object, where: str) -> CalibrationFile:
    """Return the calibration that YAML or JSON data hold.

    Args:
        data: Anything.
        where: Names it in messages.

    Raises:
        InputError: If it is none.
    """
    try:
        return CalibrationFile.model_validate(data)
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        key = ".".join(str(part) for part in first["loc"])
        remedy = "write it with `audiojudge calibrate`, see docs/calibrate.md"
        raise InputError(f"{where}: no calibration: {key + ': ' if key else ''}{first['msg']}; {remedy}") from error


def calibration_text(data: CalibrationFile) -> str:
    """Return the text of a calibration file."""
    plain: dict[str, Any] = data.model_dump(by_alias=True)
    head = "# Written by `audiojudge calibrate`; a preset names it: `calibration: FILE` (docs/calibrate.md).\n"
    return head + yaml.safe_dump(plain, sort_keys=False, allow_unicode=True, width=120)
