"""Ways of water over a terrain, and the sediment and nutrients that they deliver."""
