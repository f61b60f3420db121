"""Leaderboards: standings, boards, the TV. Reads much; nobody imports it."""
