"""Find and read presets; every mistake names the file, the key and what would be right."""

from __future__ import annotations

from collections.abc import Hashable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import yaml
from pydantic import BaseModel, ValidationError

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import InputError
from audiojudge_cli.gates.rule_file import GateOptions, gate_options, read_options
from audiojudge_cli.runs.preset import Preset
from audiojudge_cli.text.nearest import nearest
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
    data = _read_yaml(path)
    if data.get("gate") is not None:
        data["gate"] = _gate(data["gate"], path)
    if isinstance(data.get("prompts"), str) and data["prompts"]:
        data["prompts"] = str(path.parent / data["prompts"])
    try:
        return Preset.model_validate(data)
    except ValidationError as error:
        raise InputError(f"{shown(path)}: {_explain(error.errors(include_url=False)[0])}") from error


def _gate(data: object, path: Path) -> GateOptions:
    """Return the gate of a preset: rules in place, or the path of a rule file, relative to the preset."""
    return read_options(path.parent / data) if isinstance(data, str) else gate_options(data, f"{shown(path)}: gate")


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        with path.open("rb") as file:
            raw = file.read(_MAX_BYTES + 1)
    except OSError as error:
        raise InputError(f"cannot read the preset {shown(path)}: {error.strerror}") from error
    if len(raw) > _MAX_BYTES:
        raise InputError(f"{shown(path)}: a preset has at most {_MAX_BYTES:,} bytes; is this the right file?")
    try:
        data = yaml.load(raw, Loader=_PlainLoader)  # noqa: S506 - a SafeLoader that allows even less
    except (yaml.YAMLError, UnicodeDecodeError, RecursionError) as error:
        raise InputError(_not_yaml(path, error)) from error
    if data is None:
        return {}
    if not isinstance(data, dict):
        raise InputError(f"{shown(path)}: a preset is a mapping of options, see docs/presets.md")
    return data


class _PlainLoader(yaml.SafeLoader):
    """SafeLoader without aliases (they can unfold to any size) and without doubled keys (the last would win)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "aliases (*name) are not used in presets", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        seen = set()
        for key, _ in node.value:
            name = getattr(key, "value", None)
            if isinstance(name, str) and name in seen:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} is there twice", key.start_mark)
            seen.add(name if isinstance(name, str) else None)
        return super().construct_mapping(node, deep=deep)


def _not_yaml(path: Path, error: Exception) -> str:
    if isinstance(error, yaml.MarkedYAMLError) and error.problem_mark:
        # What the constructor refuses is YAML, only not what a preset may hold.
        what = "" if isinstance(error, yaml.constructor.ConstructorError) else "not YAML: "
        return f"{shown(path)}:{error.problem_mark.line + 1}: {what}{error.problem}"
    if isinstance(error, RecursionError):
        return f"{shown(path)}: not YAML: it is nested too deeply"
    reason = " ".join(str(error).replace(' in "<byte string>",', " at").split())
    return f"{shown(path)}: not YAML: {reason}"


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
