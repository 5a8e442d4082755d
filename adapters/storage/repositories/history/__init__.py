"""What happened to things."""
