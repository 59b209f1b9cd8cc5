"""Captions and questions in Chinese."""
from audiojudge_cli.rubrics import english
reader = english.reader
question = english.question
