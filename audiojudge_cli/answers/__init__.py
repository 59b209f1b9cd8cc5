"""Text answers of audio language models, scored against references (AudioBench, arXiv 2406.16020)."""
