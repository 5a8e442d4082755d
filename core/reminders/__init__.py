"""Reminding people of what is due: an area declares of what and in which words, one timer does it for all."""
