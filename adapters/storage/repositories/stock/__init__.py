"""Products and their ledger."""
