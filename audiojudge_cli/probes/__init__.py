"""Probes: the small models of the embedded judge, each wrapped as one function that knows nothing of rubrics."""
