"""All that people read: what all areas share, and a folder an area."""
