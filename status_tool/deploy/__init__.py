"""Hosts: where the site is deployed to, and whether the public sees it there."""
