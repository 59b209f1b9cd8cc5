"""Statistics over scores: intervals and ranking figures, pure functions."""
