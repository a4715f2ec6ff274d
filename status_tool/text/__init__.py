"""Formats of text: YAML with the place of each value, Markdown, time zone names, language codes."""
