"""What people read of tasks."""
