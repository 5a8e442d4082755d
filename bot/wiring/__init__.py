"""The composition root: where adapters and application are tied together, started and stopped."""
