"""Our code with a real database, file store or local server."""
