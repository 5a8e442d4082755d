"""Everything that touches the outside; each adapter implements a port of the core."""
