"""The embedded judge: small real models behind typed claims, on any CPU."""
