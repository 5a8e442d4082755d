"""What was sold, in the database."""
