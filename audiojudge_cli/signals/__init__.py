"""Signal facts: pure functions over samples, no weights, no verdicts."""
