"""Incidents and everything computed from them: values only, without disk, clock or settings."""
