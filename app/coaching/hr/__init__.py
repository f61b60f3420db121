"""HR cases: what only people open, fill and decide."""
