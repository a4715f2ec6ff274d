"""How a page says it: templates, phrases, languages, icons, and what all outputs of one build share."""
