"""Charts: their words, their data and their pictures."""
