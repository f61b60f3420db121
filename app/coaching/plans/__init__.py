"""Coaching plans: read, agreed, changed and carried out by the two."""
