"""Incident files in git, past_transitions into a status site that stands when everything else is down."""

__version__ = "0.1.0"
