"""Demo: a made-up company, lively enough to show every page."""
