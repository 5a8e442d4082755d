"""The words of `/report`."""
