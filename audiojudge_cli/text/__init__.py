"""Text that leaves the program safely: atomic files, CSV cells, terminal lines."""
