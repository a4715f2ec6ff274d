"""All that knows MkDocs, ProperDocs and the Material themes."""
