"""What is asked about cases, reviews and who is strong where; scoped by viewer where it takes one."""

from app.diagnosis.queries.cases import case_for, contest_for, current, finding_of, visible, with_names
from app.diagnosis.queries.gate import Gate, is_capability_open, open_reviews_of, shut
from app.diagnosis.queries.peers import Peer, Strengths, strong_peers

__all__ = [
    "Gate",
    "Peer",
    "Strengths",
    "case_for",
    "contest_for",
    "current",
    "finding_of",
    "is_capability_open",
    "open_reviews_of",
    "shut",
    "strong_peers",
    "visible",
    "with_names",
]
