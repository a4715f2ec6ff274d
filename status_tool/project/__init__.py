"""The site at hand, and its git."""
