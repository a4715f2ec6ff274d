"""How the site gets to each kind of target: a module with a function `deploy` for each."""
