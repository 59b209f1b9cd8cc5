"""Rubrics: a caption becomes atomic yes/no items."""
