"""Notes of one-to-ones: drafts, shared, signed."""
