"""Speed and memory, each against a bare reference in the same run."""
