"""What land cover became between two years."""
