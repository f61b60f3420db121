"""What a hash costs outside of the tests, in which hashes are cheap (tests/conftest.py)."""

import runpy
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]


def test_a_hash_costs_what_rfc_9106_asks_of_little_memory():
    passwords = runpy.run_path(str(ROOT / "app/people/passwords.py"))
    kept = passwords["hash_password"]("correcto caballo batería")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords["verify"]("correcto caballo batería", kept)
    assert not passwords["verify"]("another", kept)
