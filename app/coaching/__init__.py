"""Coaching: plans, sessions, notes, commitments, whether it helped, HR cases.

Not here: why a goal was missed (diagnosis), courses (training). Nothing in this room proposes or performs the
end of anybody's employment.
"""
