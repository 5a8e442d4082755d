"""What people read about stock."""
