"""Prints results on a terminal of 80 columns, one file a command group."""
