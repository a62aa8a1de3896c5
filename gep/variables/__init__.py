"""The glossary of what is observed in a county, one file a category."""
