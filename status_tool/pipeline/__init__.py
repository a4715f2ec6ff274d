"""The build of a site, and the server that rebuilds it after every change."""
