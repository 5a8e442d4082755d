"""What people read of the service itself."""
