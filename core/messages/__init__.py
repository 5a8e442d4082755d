"""Messages of the channels that live in our own web console."""
