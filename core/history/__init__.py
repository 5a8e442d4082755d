"""What happened to a thing, kept for good: who changed which field of it, when, from what to what."""
