"""What people read about customers."""
