"""The workspace itself and its channels."""
