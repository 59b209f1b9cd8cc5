"""Judges: each answers the items of a clip with p_yes."""
