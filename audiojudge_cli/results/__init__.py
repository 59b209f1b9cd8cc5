"""Results: verdicts, records and the files of a run folder."""
