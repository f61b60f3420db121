"""Simulated companies by people who did not know the method of the diagnosis: rows as in our import files.

Each generator has `generate(seed, cause, strength)`, which answers people, products, sales, training, goals,
and `touched`: by e-mail, the share of the expected revenue of the last quarter that the cause costs. The last
quarter ends on 2026-09-30 and is the one that is judged.
"""

from bench.companies import Simulated
from bench.outside import careful, plain, rough
from bench.outside.reading import read

GENERATORS = {"careful": careful.generate, "plain": plain.generate, "rough": rough.generate}


def outside_company(generator: str, seed: int, cause: str, strength: float) -> Simulated:
    return read(GENERATORS[generator](seed, cause, strength), cause)
