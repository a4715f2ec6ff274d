"""The presentation of pages: templates, phrases, languages, icons, and the values that all outputs of a build share."""
