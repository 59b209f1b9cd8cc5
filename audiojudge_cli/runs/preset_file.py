"""Find and read presets; every mistake names the file, the key and what would be right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

from pydantic import BaseModel, ValidationError

from audiojudge_cli.bundle import bundled
from audiojudge_cli.calibration.file import CalibrationFile, calibration_of, read_calibration
from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.rule_file import GateOptions, gate_options, read_options
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.strict_yaml import read_yaml
from audiojudge_cli.text.terminal import shown

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

_MAX_BYTES = 64 << 10


def preset_names() -> tuple[str, ...]:
    """Return the names of the bundled presets, sorted."""
    return tuple(sorted(path.stem for path in bundled("presets").glob("*.yaml")))


def load_preset(name: str) -> Preset:
    """Return a bundled preset by name, or the one in the YAML file `name`.

    Keys that a file leaves out have the values of the preset `default`.

    Raises:
        InputError: If there is no such preset, it cannot be read, or a key or value does not fit.
    """
    if name.endswith((".yaml", ".yml")) or "/" in name or "\\" in name:
        return read_preset(Path(name))
    if name not in (known := preset_names()):
        raise InputError(
            f"no preset named {name!r}{nearest(name, known)}; known presets: {', '.join(known)}; "
            "or give the path of a YAML file"
        )
    return read_preset(bundled("presets") / f"{name}.yaml")


def read_preset(path: Path) -> Preset:
    """Return the preset in a YAML file.

    Raises:
        InputError: As `load_preset`.
    """
    data = _read(path)
    if data.get("gate") is not None:
        data["gate"] = _gate(data["gate"], path)
    if data.get("calibration") is not None:
        data["calibration"] = _calibration(data["calibration"], path)
    if isinstance(data.get("prompts"), str) and data["prompts"]:
        data["prompts"] = str(path.parent / data["prompts"])
    try:
        return Preset.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{shown(path)}: {_explain(error.errors(include_url=False)[0])}") from error


def _gate(data: object, path: Path) -> GateOptions:
    """Return the gate of a preset: rules in place, or the path of a rule file, relative to the preset."""
    return read_options(path.parent / data) if isinstance(data, str) else gate_options(data, f"{shown(path)}: gate")


def _calibration(data: object, path: Path) -> CalibrationFile:
    """Return the calibration of a preset: the path of its file, relative to the preset, or what such a file holds."""
    return (
        read_calibration(path.parent / data)
        if isinstance(data, str)
        else calibration_of(data, f"{shown(path)}: calibration")
    )


def _read(path: Path) -> dict[str, Any]:
    data = read_yaml(path, "preset", most_bytes=_MAX_BYTES)
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(f"{shown(path)}: a preset is a mapping of options, see docs/presets.md")
    return data


def _explain(error: ErrorDetails) -> str:
    # A union adds the names of its branches to the location, which say nothing to a person.
    parts = [str(part) for part in error["loc"] if not str(part).startswith(("constrained-", "literal["))]
    where = ".".join(parts) or "preset"
    if error["type"] == "extra_forbidden":
        known = _keys_at(parts[:-1])
        return f"unknown key {where!r}{nearest(parts[-1], known)}; known keys: {', '.join(known)}"
    message = error["msg"].removeprefix("Value error, ")
    return f"{where}: {message[0].lower()}{message[1:]}"


def _keys_at(parts: list[str]) -> list[str]:
    model: type[BaseModel] = Preset
    for part in parts:
        # Places in a list and the names of a union's branches are parts of a location, and no fields.
        if field := model.model_fields.get(part):
            model = next(_models(field.annotation), model)
    return list(model.model_fields)


def _models(annotation: object) -> Iterator[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for inner in get_args(annotation):
        yield from _models(inner)
