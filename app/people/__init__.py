"""People: the company, persons, roles, the team tree, who managed whom and when; sign-in and sessions.

Not here: what a person sells, their goals, their inbox.
"""
