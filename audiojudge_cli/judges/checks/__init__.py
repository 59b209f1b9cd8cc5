"""Checks: the text of a rubric item, read into a typed question about the audio.

Items are read from their own text (dimension, question, basis), so that rubrics written by other people
or by a language model are answered too.
"""
