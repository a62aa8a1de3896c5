"""What a call says of rasters that give the values of leaves, and the layers of a run."""
