"""What happens by itself: posts leave, reminders come, records are written and cleaned up."""
