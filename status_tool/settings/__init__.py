"""What the owner of the site configured, and whether a site can be built from it."""
