"""One-to-ones, what was promised in them, and how often they are promised."""
