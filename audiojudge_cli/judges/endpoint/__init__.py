"""The endpoint judge: audio language models behind an OpenAI-compatible server."""
