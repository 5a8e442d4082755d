"""The words of books."""
