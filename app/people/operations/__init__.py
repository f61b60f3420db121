"""What can be done with people and teams; the rooms above call these names."""
