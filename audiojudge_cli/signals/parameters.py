"""The fitted numbers of this room: `models/signals.json`, written by `benchmarks/fit_signals.py`.

Each small model is a name and its weights, by the names of the facts they weigh; the file says beside them how they
were fitted and with which figures (docs/signals.md).
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from audiojudge_cli.bundle import bundled
from audiojudge_cli.errors import WeightsError

SCHEMA = "audiojudge.signals/1"


@dataclass(frozen=True)
class Parameters:
    """The weights of all models of signals.

    Attributes:
        models: Name of a model → name of a fact → weight.
        source: The file they come from.
        digest: SHA-256 of that file.
    """

    models: Mapping[str, Mapping[str, float]]
    source: Path
    digest: str

    def weights(self, model: str, facts: Sequence[str]) -> Mapping[str, float]:
        """Return the weights of a model for exactly these facts.

        Raises:
            WeightsError: If the file does not know the model or weighs other facts: file and code have drifted apart.
        """
        found = self.models.get(model, {})
        if set(found) != set(facts):
            raise WeightsError(
                f"{self.source}: model {model!r} weighs {sorted(found)}, expected {sorted(facts)}. "
                "Reinstall audiojudge-cli."
            )
        return found


def default_path() -> Path:
    """Return where the parameters of this installation lie."""
    return bundled("models") / "signals.json"


@cache
def parameters() -> Parameters:
    """Return the parameters of this installation, read once per process.

    Raises:
        WeightsError: If the file is missing or not what it should be.
    """
    return load_parameters(default_path())


def load_parameters(path: Path) -> Parameters:
    """Read a file of parameters.

    Raises:
        WeightsError: If the file is missing or not what it should be.
    """
    try:
        raw = path.read_bytes()
        data = json.loads(raw)
        schema = data["schema"]
        models = {
            name: {fact: float(weight) for fact, weight in entry["weights"].items()}
            for name, entry in data["models"].items()
        }
    except (OSError, ValueError, KeyError, TypeError, AttributeError) as error:
        raise WeightsError(f"{path} holds no parameters of signals: {error!r}. Reinstall audiojudge-cli.") from error
    if schema != SCHEMA:
        raise WeightsError(f"{path} has schema {schema!r}, expected {SCHEMA!r}. Reinstall audiojudge-cli.")
    return Parameters(models, path, hashlib.sha256(raw).hexdigest())
