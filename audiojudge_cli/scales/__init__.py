"""Rating scales: what a clip is rated on, and from which value to which."""
