"""Notifications: a person's inbox, fed by the events of the rooms below."""
