"""Which files the site has, and their bytes."""
