"""YAML files that people write: read without executing anything, with one clear line for whatever is wrong."""

from __future__ import annotations

from collections.abc import Hashable
from pathlib import Path
from typing import Any

import yaml

from audiojudge_cli.errors import InputError
from audiojudge_cli.text.inputs import open_input
from audiojudge_cli.text.terminal import safe_line, shown


class StrictLoader(yaml.SafeLoader):
    """SafeLoader without aliases (they can unfold to any size) and without doubled keys (the last would win)."""

    def compose_node(self, parent: yaml.Node | None, index: int) -> yaml.Node | None:
        """Return the next node, unless it is an alias."""
        if self.check_event(yaml.AliasEvent):
            mark = self.peek_event().start_mark  # type: ignore[no-untyped-call]
            raise yaml.constructor.ConstructorError(None, None, "aliases (*name) are not used here", mark)
        return super().compose_node(parent, index)

    def construct_mapping(self, node: yaml.MappingNode, deep: bool = False) -> dict[Hashable, Any]:
        """Return a mapping, unless one of its keys is there twice."""
        seen = set()
        for key, _ in node.value:
            name = key.value if isinstance(key, yaml.ScalarNode) else None
            if name in seen and name is not None:
                raise yaml.constructor.ConstructorError(None, None, f"the key {name!r} is there twice", key.start_mark)
            seen.add(name)
        return super().construct_mapping(node, deep=deep)


class WordLoader(StrictLoader):
    """A StrictLoader to which yes, no, on and off are words."""


WordLoader.yaml_implicit_resolvers = {
    first: [(tag, pattern) for tag, pattern in resolvers if tag != "tag:yaml.org,2002:bool"]
    for first, resolvers in yaml.SafeLoader.yaml_implicit_resolvers.items()
}


def read_yaml(path: Path, what: str, *, most_bytes: int, loader: type[StrictLoader] = StrictLoader) -> object:
    """Return the content of a YAML file in UTF-8; None when it is empty.

    Args:
        path: The file.
        what: What it should be, for messages: `preset`, `rule file`.
        most_bytes: Larger files are not even read.
        loader: How plain words are understood.

    Raises:
        InputError: If it cannot be read, is larger, or is not YAML; names the file, and the line where there is one.
    """
    name = shown(path)
    try:
        with open_input(path) as file:
            raw = file.read(most_bytes + 1)
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else error
        raise InputError(f"cannot read the {what} {name}: {reason}") from error
    if len(raw) > most_bytes:
        raise InputError(f"{name}: a {what} has at most {most_bytes:,} bytes; is this the right file?")
    try:
        return yaml.load(raw.decode("utf-8-sig"), Loader=loader)  # noqa: S506 - a SafeLoader that allows even less
    except yaml.MarkedYAMLError as error:
        line = f":{error.problem_mark.line + 1}" if error.problem_mark else ""
        # What the constructor refuses is YAML, only not what such a file may hold.
        kind = "" if isinstance(error, yaml.constructor.ConstructorError) else "not YAML: "
        raise InputError(f"{name}{line}: {kind}{safe_line(str(error.problem))}") from error
    except UnicodeDecodeError as error:
        number = raw[: error.start].count(b"\n") + 1
        raise InputError(f"{name}:{number}: not YAML: it is not text in UTF-8") from error
    except RecursionError as error:
        raise InputError(f"{name}: not YAML: it is nested too deeply") from error
    except (yaml.YAMLError, ValueError) as error:
        reason = safe_line(" ".join(str(error).replace(' in "<unicode string>",', " at").split()))
        raise InputError(f"{name}: not YAML: {reason}") from error
