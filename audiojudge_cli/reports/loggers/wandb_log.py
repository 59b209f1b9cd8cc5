"""A run for Weights & Biases; its own environment variables say where to (WANDB_PROJECT, WANDB_MODE ...)."""

from __future__ import annotations

import os
from typing import Any

from audiojudge_cli.reports.loggers.logged_values import COLUMNS, Told

PROJECT = "audiojudge"


def log(told: Told) -> str:
    """Log a run and return where it is.

    Raises:
        Exception: Whatever the package raises: no key, no network, a full disk.
    """
    import wandb

    run: Any = wandb.init(
        project=os.environ.get("WANDB_PROJECT") or PROJECT,
        name=os.environ.get("WANDB_NAME") or told.name,
        job_type="audiojudge",
        config=dict(told.config),
        # Beside the run, so that nothing outside of --out is written unless the variable says so.
        dir=os.environ.get("WANDB_DIR") or str(told.folder),
        # Neither the output of this process nor its arguments, which may hold addresses with passwords, its code or
        # the load of the machine are anybody's business.
        settings=wandb.Settings(
            silent=True,
            console="off",
            disable_git=True,
            save_code=False,
            x_disable_meta=True,
            x_disable_stats=True,
        ),
    )
    try:
        run.log({**told.metrics, "clips": wandb.Table(columns=list(COLUMNS), data=[list(row) for row in told.rows])})
        report = wandb.Artifact(f"report-{run.id}", type="report")
        report.add_file(str(told.page), "report.html")
        run.log_artifact(report)
        where = f"{run.settings.sync_dir} (wandb sync)" if run.offline else str(run.url)
    except BaseException:
        run.finish(exit_code=1)
        raise
    run.finish(exit_code=0)
    return where
