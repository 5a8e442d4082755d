"""Files on a real database and file store."""
