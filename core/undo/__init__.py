"""Things as they were: their fields as data, what differs between two states, and the way back."""
