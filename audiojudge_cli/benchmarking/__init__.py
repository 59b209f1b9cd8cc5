"""How well a judge tells right from wrong: local copies of benchmarks read, their figures told."""
