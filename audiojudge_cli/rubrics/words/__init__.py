"""Vocabulary of captions, one YAML file per dimension (read by `rubrics.vocabulary`)."""
