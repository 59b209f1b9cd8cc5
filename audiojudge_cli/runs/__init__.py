"""Runs: one execution of a judge over clips, one output folder."""
