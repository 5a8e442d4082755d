"""What concerns no single workspace, or comes before one is known."""
