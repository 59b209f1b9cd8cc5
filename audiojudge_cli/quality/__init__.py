"""The quality profile of a clip: what is measured of the file itself, with or without a caption."""
