"""How plans come from missed goals: what was found, which steps and aims follow, and what is written."""
