"""Clips: finding audio and captions, pairing them, decoding to float32 waveforms."""
