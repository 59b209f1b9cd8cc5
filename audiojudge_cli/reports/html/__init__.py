"""The report of a run as one self-contained HTML page: template, style and script lie beside the modules as data."""
