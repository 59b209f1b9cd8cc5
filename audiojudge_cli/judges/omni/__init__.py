"""The omni judge: audio language models that hear a clip once and answer all its rubric items."""
