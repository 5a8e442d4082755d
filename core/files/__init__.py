"""Files that people hand in and get back."""
