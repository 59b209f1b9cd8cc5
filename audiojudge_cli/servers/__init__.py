"""Servers that other people run: where they are, one client for all of them, and when to ask again."""
