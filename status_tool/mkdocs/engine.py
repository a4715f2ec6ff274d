"""Which engine runs, and how messages call it."""

from __future__ import annotations

NAME = "MkDocs"
"""What messages call it, ProperDocs too."""
