"""Why a goal was missed: the company's own records are searched for causes, and the person comes last.

Owns the evidence, the split of a change into its parts, the causes found and what each explains of a
shortfall, what departments answer and what they do about it. Does not own the close of a period (goals),
courses and who completed them (training), plans and sessions (coaching). It describes what the records
show; it recommends nothing about anybody's employment.
"""
