"""Goals: periods, goals, cascade, revisions, the conversation about a goal, pace.

Not here: what is counted (metrics), why a goal was missed (diagnosis).
"""
