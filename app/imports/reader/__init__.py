"""The child process that takes a strange file apart: `reader survey|rows FILE LIMITS`.

Run by `reading.py`, with limits on memory and time, so that a file made to do harm ends this process only. A
package by itself: the standard library and calamine, nothing else of ours. Answers in lines of JSON:
`{"problem": ...}` ends it at any time; `survey` gives one object about the whole file; `rows` gives batches
`[[line, ...], [[cell, ...], ...]]`, then `{"end": true}`. A cell is a text; a float where a workbook holds a
number with decimals.
"""
