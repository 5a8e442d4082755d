"""Charts: how their values read, what they are as data and as tables, and their pictures."""
