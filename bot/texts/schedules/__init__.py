"""What people read of schedules, whichever area's they are."""
