"""A team's own labels on clips of a finished run, and the decision fitted to them."""
