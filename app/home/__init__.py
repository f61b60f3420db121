"""Home: one page a role, put together from the rooms below."""
