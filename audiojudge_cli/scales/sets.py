"""Sets of criteria by name (`--scale mos`): the files in `presets/scales/`, or one of the user's own."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import yaml

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import InputError
from audiojudge_cli.scales.instruction import Criterion, read_instruction
from audiojudge_cli.text.nearest import nearest
from audiojudge_cli.text.terminal import shown

_LARGEST = 100_000
"""Bytes of a file of criteria; the largest of ours has two thousand."""


def scale_names() -> tuple[str, ...]:
    """Return the names of the bundled sets, sorted."""
    return tuple(sorted(path.stem for path in (bundled("presets") / "scales").glob("*.yaml")))


def load_set(name: str) -> tuple[Criterion, ...]:
    """Return the criteria of a bundled set, or of a YAML file with a mapping `dimensions` of name to instruction.

    Raises:
        InputError: If there is no such set, or the file cannot be read as one; names file and key.
    """
    known = scale_names()
    path = bundled("presets") / "scales" / f"{name}.yaml" if name in known else Path(name)
    if not path.is_file():
        raise InputError(
            f"no scale named {shown(name)}{nearest(name, known)}; known: {', '.join(known)}; or give the path of a "
            "YAML file"
        )
    return _criteria(path)


def chosen_criteria(instructions: Sequence[str], scales: Sequence[str], paraphrases: int = 1) -> tuple[Criterion, ...]:
    """Return what is to be rated, in all wordings.

    Args:
        instructions: As people write them.
        scales: Names of sets, or paths of YAML files.
        paraphrases: Wordings of each instruction.

    Raises:
        InputError: If nothing is to be rated, a dimension is named twice, or an instruction cannot be read.
    """
    found = [*(read_instruction(text) for text in instructions), *(one for name in scales for one in load_set(name))]
    if not found:
        raise InputError(
            "nothing to rate; give --instruction 'Rate the background noise from 1 (very noisy) to 5 (silent)', or "
            f"--scale with one of {', '.join(scale_names())}"
        )
    names = [one.name for one in found]
    if twice := next((name for name in names if names.count(name) > 1), None):
        raise InputError(
            f"two instructions are named {twice!r}; put a name before one, as in 'other_{twice}: Rate ...'"
        )
    return tuple(wording for one in found for wording in one.reworded(paraphrases))


def _criteria(path: Path) -> tuple[Criterion, ...]:
    try:
        if path.stat().st_size > _LARGEST:
            raise InputError(f"{shown(path)} has more than {_LARGEST:,} bytes; a file of criteria is small")
        data: Any = yaml.safe_load(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, yaml.YAMLError, RecursionError) as error:
        raise InputError(f"{shown(path)} cannot be read as YAML: {' '.join(str(error).split())}") from error
    dimensions = data.get("dimensions") if isinstance(data, dict) else None
    if not isinstance(dimensions, dict) or not dimensions:
        raise InputError(f"{shown(path)}: 'dimensions' must map the name of each dimension to its instruction")
    found = []
    for name, text in dimensions.items():
        if not isinstance(name, str) or not name.isidentifier() or not isinstance(text, str):
            raise InputError(f"{shown(path)}: dimensions.{shown(name)} must be a name (letters, digits, _) with a text")
        try:
            found.append(read_instruction(text, name))
        except InputError as error:
            raise InputError(f"{shown(path)}: dimensions.{name}: {error}") from error
    return tuple(found)
