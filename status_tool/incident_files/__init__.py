"""Incident files: parsing, writing, and the folder that holds them."""
