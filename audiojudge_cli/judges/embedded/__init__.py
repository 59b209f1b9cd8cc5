"""The embedded judge: small real models behind typed checks, on any CPU."""
