"""One command, one module: what was asked, what we did, what we say."""
