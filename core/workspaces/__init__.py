"""Workspaces, their spaces, channels and settings."""
