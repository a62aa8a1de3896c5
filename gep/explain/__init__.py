"""A stored account computed again, and its numbers explained down to the cell."""
