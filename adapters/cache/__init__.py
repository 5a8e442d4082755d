"""Answers kept in the memory of a process."""
