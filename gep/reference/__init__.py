"""The closed lists: divisions and their borders, ecosystem types, pollutants, services and their names, plausible bands."""
