"""Tests of the command line's translation and rendering."""
