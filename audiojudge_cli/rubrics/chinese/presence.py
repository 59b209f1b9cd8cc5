"""What a Chinese clause says is there: voices, instruments, genres, scenes, sounds."""

from __future__ import annotations

