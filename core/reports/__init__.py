"""Reports: what was sold and done in a span of days, in figures."""
