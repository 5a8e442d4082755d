"""The web console: a chat of our own in the browser, served by this process."""
