"""audiojudge: judge generated audio against its captions, item by item."""

__version__ = "0.1.0"
