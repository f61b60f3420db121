"""What this room reads: boards, who wins, choices of the filters, the screens."""
