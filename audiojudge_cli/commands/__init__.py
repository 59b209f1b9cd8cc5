"""Commands: options in, one call, exit code out."""
