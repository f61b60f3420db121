"""Training: courses, who must take them, how far each person is, certificates, training records.

Not here: why somebody fell behind (diagnosis), steps of a coaching plan (coaching), techniques (playbook).
"""
