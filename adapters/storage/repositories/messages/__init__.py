"""The messages of the console's channels."""
