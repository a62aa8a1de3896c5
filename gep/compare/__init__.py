"""Why two accounts differ: years, standards, causes."""
