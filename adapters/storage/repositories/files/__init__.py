"""What is known of stored files."""
