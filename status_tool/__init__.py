"""Incident files in git, turned into a status site that stands when everything else is down."""

__version__ = "0.1.0"
