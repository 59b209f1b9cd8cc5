"""A run for MLflow; its own environment variables say where to (MLFLOW_TRACKING_URI, MLFLOW_EXPERIMENT_NAME ...)."""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from itertools import islice
from typing import TypeVar

from audiojudge_cli.reports.loggers.logged_values import COLUMNS, Told

_Value = TypeVar("_Value")
EXPERIMENT = "audiojudge"
# What one request takes (MLflow's REST API: log-batch), and characters of a parameter.
_PARAMETERS, _FIGURES, _LONGEST = 100, 1000, 500
# Seven tries with doubled pauses are MLflow's own: four minutes to be told that nobody answers.
_PATIENCE = {"MLFLOW_HTTP_REQUEST_MAX_RETRIES": "2", "MLFLOW_HTTP_REQUEST_TIMEOUT": "30"}
_QUIET = {"MLFLOW_SUPPRESS_PRINTING_URL_TO_STDOUT": "true", "MLFLOW_ENABLE_ARTIFACTS_PROGRESS_BAR": "false"}


def log(told: Told) -> str:
    """Log a run and return where it is.

    Raises:
        Exception: Whatever the package raises: no server, no rights, a full disk.
    """
    with _unless_set({**_PATIENCE, **_QUIET}):
        import mlflow
        import pandas as pd

        if not os.environ.get("MLFLOW_EXPERIMENT_NAME") and not os.environ.get("MLFLOW_EXPERIMENT_ID"):
            mlflow.set_experiment(EXPERIMENT)
        with mlflow.start_run(run_name=told.name) as run:
            for options in _lots({name: str(value)[:_LONGEST] for name, value in told.config.items()}, _PARAMETERS):
                mlflow.log_params(options)
            for figures in _lots(told.metrics, _FIGURES):
                mlflow.log_metrics(figures)
            mlflow.log_table(pd.DataFrame(told.rows, columns=list(COLUMNS)), "clips.json")
            mlflow.log_artifact(str(told.page))
            return f"run {run.info.run_id} of {mlflow.get_tracking_uri()}"


def _lots(told: Mapping[str, _Value], most: int) -> Iterator[dict[str, _Value]]:
    pairs = iter(told.items())
    while lot := dict(islice(pairs, most)):
        yield lot


@contextmanager
def _unless_set(variables: Mapping[str, str]) -> Iterator[None]:
    """Set environment variables for a while, but for those that somebody has set."""
    fresh = {name: value for name, value in variables.items() if name not in os.environ}
    os.environ.update(fresh)
    try:
        yield
    finally:
        for name in fresh:
            os.environ.pop(name, None)
