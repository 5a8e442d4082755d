"""What people read of people."""
