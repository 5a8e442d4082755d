"""The customers of one workspace, and what was sold to them."""
