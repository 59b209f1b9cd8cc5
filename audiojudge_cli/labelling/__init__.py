"""A local page on which people label the clips of a finished run, one by one."""
