"""Reads Chinese captions and questions into claims, and writes claims as Chinese questions."""
