"""All that people read, one module an area."""
