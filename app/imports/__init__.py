"""Imports: files to rows. Mapping, value matching, dry run, rejects, progress, undo.

Knows no kind of row itself: rooms above register theirs (people, products, sales, goals, ...).
"""
