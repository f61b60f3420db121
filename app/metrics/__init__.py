"""Metrics: what is counted, and the totals kept up to date with every sale and activity.

Not here: targets (goals) and ranks (leaderboards).
"""
