"""Turns incident files in git into a status site that works while everything else is down."""

__version__ = "0.1.0"
