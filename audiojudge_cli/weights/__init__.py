"""Weights: cards, their sources, the verified cache."""
