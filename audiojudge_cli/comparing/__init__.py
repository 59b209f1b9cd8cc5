"""Which of two clips is better: pairs of a manifest or of folders, decided on the records of a run."""
