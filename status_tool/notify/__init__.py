"""Other channels: which update goes where, in which words, and whether it was said."""
