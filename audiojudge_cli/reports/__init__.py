"""Reports: what gates, comparisons and records look like on a terminal, in Markdown and in JUnit XML."""
