"""Benchmarks: `.venv/bin/python -m bench NAME` prints JSON with ratios taken within one run.

Each makes a database of its own beside the data folder's, fills it, serves it as bin/run would, and
measures in turns (A, B, A, B, ...), so that a noisy machine is noisy for both sides.
"""
